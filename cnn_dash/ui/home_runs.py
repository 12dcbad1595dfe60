"""Runs on Home: what is under way, in the words of the sidebar, with all that wait; and the last ones as a table."""

import streamlit as st

from cnn_dash.runs.activity import LISTED
from cnn_dash.ui import beat, keys
from cnn_dash.ui.how_far import render_queue_line
from cnn_dash.ui.in_progress import render_in_progress
from cnn_dash.ui.resources import open_activity, open_store
from cnn_dash.ui.runs_table import render_runs_table

RECENT = 8


def render_home_runs() -> None:
    """List the runs that train, wait or rest, where there are any, and the newest runs."""
    beat.follow(keys.HOME_IN_PROGRESS)
    beat.follow(keys.HOME_RECENT)
    _under_way()
    _recent()


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


@st.fragment(key=keys.HOME_RECENT)
def _recent() -> None:
    st.subheader("Recent runs")
    recent = open_store().runs(limit=RECENT)
    if recent:
        render_runs_table(recent)
    else:
        st.caption("None yet. Press the button above: ten seconds later the first one is here.")
