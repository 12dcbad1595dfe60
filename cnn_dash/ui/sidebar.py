"""What is under way, on every page, and a word when a run has ended."""

import streamlit as st

from cnn_dash.runs.activity import queue_words
from cnn_dash.ui import beat, keys
from cnn_dash.ui.in_progress import render_in_progress
from cnn_dash.ui.resources import open_activity
from cnn_dash.ui.run_ends import tell_of_ends


def render_sidebar() -> None:
    """Show the runs that train, wait or rest; draws itself again when there is news."""
    with st.sidebar:
        beat.render_beat()
        beat.follow(keys.SIDEBAR)
        _under_way()


@st.fragment(key=keys.SIDEBAR)
def _under_way() -> None:
    look = open_activity().look()
    tell_of_ends(look)
    if not look.active:
        st.caption("Nothing is training.")
    for run in (*look.running, *look.waiting[:1]):
        render_in_progress(run)
    if look.waiting:
        st.caption(queue_words(look))
    for run in look.paused:
        render_in_progress(run)
