"""All runs: found, sorted, named, compared, cloned, deleted; and the queue."""

import streamlit as st

from cnn_dash.runs.status import Status
from cnn_dash.ui.components import live_updates
from cnn_dash.ui.components.downloads import render_exports
from cnn_dash.ui.components.messages import render_notice
from cnn_dash.ui.runs import view_state
from cnn_dash.ui.runs.bulk_actions import render_notice as render_last_action
from cnn_dash.ui.runs.comparison import render_compare
from cnn_dash.ui.runs.disk_and_trash import render_bin, render_disk
from cnn_dash.ui.runs.runs_list import render_list
from cnn_dash.ui.runs.selection_panel import render_selected
from cnn_dash.ui.session import widget_keys
from cnn_dash.ui.session.navigation import pages
from cnn_dash.ui.session.resources import open_store


@st.fragment(key=widget_keys.RUNS_COMPARE)
def compare() -> None:
    """Show the selected runs as they are now."""
    now = {run.id: run for run in open_store().runs()}
    render_compare([now[run_id] for run_id in view_state.selected() if run_id in now])


st.title("Runs")
runs = open_store().runs()
by_id = {run.id: run for run in runs}
for problem in view_state.read_url(by_id):
    render_notice(problem)
render_last_action()

if runs:
    render_list(runs)
    selected = [by_id[run_id] for run_id in view_state.selected()]
    if selected:
        render_selected(selected, {tag for run in runs for tag in run.tags})
        if any(run.status is Status.RUNNING for run in selected):
            live_updates.follow(widget_keys.RUNS_COMPARE, progress=True)
        compare()
    render_exports(None)
    render_disk(runs)
else:
    st.info("There are no runs yet. Train a network first; the default takes about ten seconds.")
    st.page_link(pages()["train"], label="Go to Train", icon=":material/model_training:")
render_bin()
