"""What is under way, on every page, and a word when a run has ended."""

import streamlit as st

from cnn_dash.ui import beat, keys
from cnn_dash.ui.how_far import render_queue_line
from cnn_dash.ui.in_progress import render_in_progress
from cnn_dash.ui.resources import open_activity
from cnn_dash.ui.run_ends import tell_of_ends


def render_sidebar(*, progress: bool) -> None:
    """Show the runs that train, wait or rest; draws itself again when one begins or ends.

    Args:
        progress: Whether other parts of the page are to be drawn again when a run has only come further.
    """
    with st.sidebar:
        beat.render_beat(progress=progress)
        beat.follow(keys.SIDEBAR)
        _under_way()


@st.fragment(key=keys.SIDEBAR)
def _under_way() -> None:
    look = open_activity().look()
    tell_of_ends(look)
    if not look.active:
        st.caption("Nothing is training.")
    for run in (*look.running, *look.waiting[:1]):
        render_in_progress(run, keys.SIDEBAR)
    if look.waiting:
        render_queue_line(look, keys.SIDEBAR)
    for run in look.paused:
        render_in_progress(run, keys.SIDEBAR)
