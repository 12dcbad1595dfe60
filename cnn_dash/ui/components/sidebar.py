"""What is under way, on every page, and a word when a run has ended."""

import streamlit as st

from cnn_dash.ui.compat import keep_places_for_toasts
from cnn_dash.ui.components import live_updates
from cnn_dash.ui.components.end_toasts import tell_of_ends
from cnn_dash.ui.components.in_progress import LINKS_CSS, render_in_progress
from cnn_dash.ui.components.progress_line import render_queue_line
from cnn_dash.ui.session import widget_keys
from cnn_dash.ui.session.resources import open_activity


def render_sidebar(*, progress: bool) -> None:
    """Show the runs that train, wait or are paused; draws itself again when one begins or ends.

    Args:
        progress: Whether other parts of the page are to be drawn again when a run has only come further.
    """
    with st.sidebar:
        live_updates.start_live_updates(progress=progress)
        live_updates.follow(widget_keys.SIDEBAR)
        st.html(LINKS_CSS)
        _under_way()
    keep_places_for_toasts()


@st.fragment(key=widget_keys.SIDEBAR)
def _under_way() -> None:
    snapshot = open_activity().snapshot()
    tell_of_ends(snapshot)
    if not snapshot.active:
        st.caption("Nothing is training.")
    for run in (*snapshot.running, *snapshot.waiting[:1]):
        render_in_progress(run, widget_keys.SIDEBAR)
    if snapshot.waiting:
        render_queue_line(snapshot, widget_keys.SIDEBAR)
    for run in snapshot.paused:
        render_in_progress(run, widget_keys.SIDEBAR)
