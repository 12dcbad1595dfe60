"""Runs on Home: what is under way, in the words of the sidebar, with all that wait; and the last ones as a table."""

import streamlit as st

from cnn_dash.runs.activity import LISTED
from cnn_dash.ui.components import live_updates
from cnn_dash.ui.components.in_progress import render_in_progress
from cnn_dash.ui.components.progress_line import render_queue_line
from cnn_dash.ui.home.runs_table import render_runs_table
from cnn_dash.ui.session import widget_keys
from cnn_dash.ui.session.resources import open_activity, open_store

RECENT = 8


def render_home_runs() -> None:
    """List the runs that train, wait or are paused, where there are any, and the newest runs."""
    live_updates.follow(widget_keys.HOME_IN_PROGRESS)
    live_updates.follow(widget_keys.HOME_RECENT)
    _under_way()
    _recent()


@st.fragment(key=widget_keys.HOME_IN_PROGRESS)
def _under_way() -> None:
    snapshot = open_activity().snapshot()
    runs = (*snapshot.running, *snapshot.waiting, *snapshot.paused)
    if not runs:
        return
    st.subheader("In progress")
    for run in runs[:LISTED]:
        with st.container(border=True):
            render_in_progress(run, widget_keys.HOME_IN_PROGRESS)
    if snapshot.waiting:
        render_queue_line(snapshot, widget_keys.HOME_IN_PROGRESS)
    if len(runs) > LISTED:
        st.caption(f"{len(runs) - LISTED} more than are shown here.")


@st.fragment(key=widget_keys.HOME_RECENT)
def _recent() -> None:
    st.subheader("Recent runs")
    recent = open_store().runs(limit=RECENT)
    if recent:
        render_runs_table(recent)
    else:
        st.caption("None yet. Press the button above: ten seconds later the first one is here.")
