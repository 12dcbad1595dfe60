"""All runs: found, sorted, named, compared, cloned, deleted; and the queue."""

import streamlit as st

from cnn_dash.runs import query
from cnn_dash.runs.status import Status
from cnn_dash.ui.components import live_updates
from cnn_dash.ui.components.downloads import render_exports
from cnn_dash.ui.components.import_model import render_import_button
from cnn_dash.ui.components.messages import render_notice
from cnn_dash.ui.runs import view_state
from cnn_dash.ui.runs.bulk_actions import render_notice as render_last_action
from cnn_dash.ui.runs.comparison import render_compare
from cnn_dash.ui.runs.disk_and_trash import render_disk, render_trash
from cnn_dash.ui.runs.runs_list import render_list
from cnn_dash.ui.runs.selection_panel import render_selected
from cnn_dash.ui.session import widget_keys
from cnn_dash.ui.session.navigation import pages
from cnn_dash.ui.session.resources import open_store


@st.fragment(key=widget_keys.RUNS_COMPARE)
def compare() -> None:
    """Show the selected runs as they are now."""
    render_compare([run for run in open_store().by_ids(view_state.selected()) if run.deleted_at is None])


st.title("Runs")
store = open_store()
for problem in view_state.read_url(store, query.fields_of(store)):
    render_notice(problem)
render_last_action()

total = query.count(store)
if total:
    render_list(total)
    selected = store.by_ids(view_state.selected())
    if selected:
        render_selected(selected, query.tags(store))
        if any(run.status is Status.RUNNING for run in selected):
            live_updates.follow(widget_keys.RUNS_COMPARE, progress=True)
        compare()
    with st.container(horizontal=True):
        render_exports(None)
        render_import_button(widget_keys.RUNS_IMPORT)
    render_disk()
else:
    st.info("There are no runs yet. Train a network first; the default takes about ten seconds.")
    st.page_link(pages()["train"], label="Go to Train", icon=":material/model_training:")
    render_import_button(widget_keys.RUNS_IMPORT)
render_trash()
