"""Data, settings, and the run as it goes."""

import streamlit as st

from cnn_dash.ui import state
from cnn_dash.ui.form import render_form
from cnn_dash.ui.problems import render_notices
from cnn_dash.ui.run_panel import render_run, watched_run
from cnn_dash.ui.train_edit import edited_run, render_edited
from cnn_dash.ui.train_head import render_data_and_preset
from cnn_dash.ui.train_plan import render_plan

st.title("Train")
render_notices("things in the address could not be used", state.follow_link())
edited = edited_run()
render_edited(edited)

# One pair of columns: what grows on the right moves nothing that a person operates on the left.
settings, plan = st.columns([11, 9], gap="large")
with settings:
    render_data_and_preset()
    config = render_form()
state.write_link(config)
with plan:
    render_plan(config, edited)

st.divider()
run = watched_run()
if run is not None:
    render_run(run)
else:
    st.caption("Nothing has been trained yet. Press Train, and the curves grow here.")
