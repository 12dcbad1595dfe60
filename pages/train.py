"""Data, settings, and the run as it goes."""

import streamlit as st

from cnn_dash.ui.components.messages import render_notices
from cnn_dash.ui.session import settings_state
from cnn_dash.ui.train.data_and_preset import render_data_and_preset
from cnn_dash.ui.train.edit_queued import edited_run, render_edited
from cnn_dash.ui.train.form import render_form
from cnn_dash.ui.train.preview import render_plan
from cnn_dash.ui.train.run_panel import render_run, watched_run

st.title("Train")
render_notices("things in the address could not be used", settings_state.read_url())
run = watched_run()  # here, so that a run which is not there is said at once
edited = edited_run()
render_edited(edited)

# One pair of columns: what grows on the right moves nothing that a person operates on the left.
settings, plan = st.columns([11, 9], gap="large")
with settings:
    render_data_and_preset()
    config = render_form()
settings_state.write_url(config)
with plan:
    render_plan(config, edited)

st.divider()
if run is not None:
    render_run(run)
else:
    st.caption("Nothing has been trained yet. Press Train, and the curves grow here.")
