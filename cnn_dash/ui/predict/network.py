"""The network that answers, loaded once for all sessions."""

from typing import TYPE_CHECKING

import streamlit as st

from cnn_dash.runs.records import Run
from cnn_dash.ui.session.resources import predictor

if TYPE_CHECKING:
    from cnn_dash.inference.predictor import Predictor


def loaded_network(run: Run) -> "Predictor":
    """Return the network of a run; say that it is being loaded until it is.

    Raises:
        StoreError: If it cannot be opened.
    """
    assert run.network_folder is not None  # only runs with a network can be chosen
    loading = predictor(run.id, run.network_folder)
    if not loading.done():
        with st.spinner("Loading the network; the first time it takes some seconds…"):
            loading.exception()
    if loading.exception() is not None:
        predictor.clear(run.id, run.network_folder)  # the next picture tries again
    return loading.result()
