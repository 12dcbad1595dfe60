"""What is under way, on Home: the same words as in the sidebar, with all that wait."""

import streamlit as st

from cnn_dash.runs.activity import LISTED
from cnn_dash.ui import beat, keys
from cnn_dash.ui.how_far import render_queue_line
from cnn_dash.ui.in_progress import render_in_progress
from cnn_dash.ui.resources import open_activity


def render_under_way() -> None:
    """List the runs that train, wait or rest; nothing where there are none."""
    beat.follow(keys.HOME_IN_PROGRESS)
    _under_way()


@st.fragment(key=keys.HOME_IN_PROGRESS)
def _under_way() -> None:
    look = open_activity().look()
    runs = (*look.running, *look.waiting, *look.paused)
    if not runs:
        return
    st.subheader("In progress")
    for run in runs[:LISTED]:
        with st.container(border=True):
            render_in_progress(run, keys.HOME_IN_PROGRESS)
    if look.waiting:
        render_queue_line(look, keys.HOME_IN_PROGRESS)
    if len(runs) > LISTED:
        st.caption(f"{len(runs) - LISTED} more than are shown here.")
