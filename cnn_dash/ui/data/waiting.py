"""Waits for what is computed in the background, with progress, and without holding up the page."""

from collections.abc import Callable, Hashable
from concurrent.futures import wait
from typing import TypeVar

import streamlit as st

from cnn_dash.datasets.exploration.positions import OnShare
from cnn_dash.errors import CnnDashError
from cnn_dash.runs.estimate import duration
from cnn_dash.ui.components.messages import render_error
from cnn_dash.ui.session import widget_keys
from cnn_dash.ui.session.background import Work
from cnn_dash.ui.session.resources import explorations

T = TypeVar("T")

AT_ONCE_S = 0.4
"""What is there so soon needs no progress."""
LOOK_EVERY_S = 0.7


def when_computed(key: Hashable, compute: Callable[[OnShare], T], what: str) -> T | None:
    """Return what was computed, or draw its progress and return None; the open part is drawn again when it is there.

    Args:
        key: Says what is computed, of what data; the content hash of the data set is in it.
        compute: Called in the background, with a function that it tells how much is done.
        what: What is done, as in `Reading all images`.
    """
    work = explorations().ask(key, compute)
    wait([work.future], timeout=AT_ONCE_S)
    if not work.future.done():
        st.fragment(_progress, run_every=LOOK_EVERY_S)(key, compute, what)
        return None
    error = work.future.exception()
    if error is None:
        return work.future.result()
    _render_failure(key, error)
    return None


def _progress(key: Hashable, compute: Callable[[OnShare], T], what: str) -> None:
    work = explorations().ask(key, compute)
    if work.future.done():
        st.rerun()  # of the page: only that ends the looking
    st.progress(work.share, _text(work, what))


def _text(work: Work[T], what: str) -> str:
    if work.began is None:
        return f"{what}: waits for what was asked for before…"
    left = work.seconds_left()
    return f"{what}… " + (f"{duration(work.seconds())} so far" if left is None else f"about {duration(left)} left")


def _render_failure(key: Hashable, error: BaseException) -> None:
    if not isinstance(error, CnnDashError):
        received = f"{type(error).__name__}: {error}"
        render_error(f"This could not be computed. Received: {received}. Try it once more.")
    else:
        render_error(error)
    st.button(
        "Try again",
        key=widget_keys.DATA_RETRY,
        icon=":material/refresh:",
        on_click=explorations().forget,
        args=(key,),
    )
