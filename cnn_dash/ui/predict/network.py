"""The networks that answer, each loaded once for all sessions."""

from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from typing import TYPE_CHECKING

import streamlit as st

from cnn_dash.errors import StoreError
from cnn_dash.runs.records import Run
from cnn_dash.ui.session.resources import predictor

if TYPE_CHECKING:
    from cnn_dash.inference.predictor import Predictor


def start_loading(runs: Iterable[Run]) -> None:
    """Have the networks of runs loaded in the background, while the person still looks at the page."""
    for run in runs:
        _loading(run)


def loaded_network(run: Run) -> "Predictor":
    """Return the network of a run; say that it is being loaded until it is.

    Raises:
        StoreError: If it cannot be opened.
    """
    loading = _loading(run)
    if not loading.done():
        with st.spinner("Loading the network; the first time it takes some seconds…"):
            loading.exception()
    if loading.exception() is not None:
        assert run.network_folder is not None
        predictor.clear(run.id, run.network_folder)  # the next picture tries again
    return loading.result()


def loaded_networks(runs: Sequence[Run]) -> tuple[dict[int, "Predictor"], dict[int, StoreError]]:
    """Return the networks of runs by their numbers, in order, and why some cannot be opened."""
    networks: dict[int, Predictor] = {}
    broken: dict[int, StoreError] = {}
    start_loading(runs)
    for run in runs:
        try:
            networks[run.id] = loaded_network(run)
        except StoreError as error:
            broken[run.id] = error
    return networks, broken


def _loading(run: Run) -> "Future[Predictor]":
    assert run.network_folder is not None  # only runs with a network can be chosen
    return predictor(run.id, run.network_folder)
