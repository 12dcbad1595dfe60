"""Data, settings, and the run as it goes."""

import streamlit as st

from cnn_dash.errors import CnnDashError
from cnn_dash.ui import state
from cnn_dash.ui.form import render_form
from cnn_dash.ui.problems import render_error, render_notice
from cnn_dash.ui.run_panel import render_run, watched_run
from cnn_dash.ui.train_head import render_data_and_preset
from cnn_dash.ui.train_plan import render_plan

st.title("Train")
for problem in state.follow_link():
    render_notice(problem)

render_data_and_preset()
settings, plan = st.columns([11, 9], gap="large")
with settings:
    config = render_form()
state.write_link(config)
with plan:
    try:
        render_plan(config)
    except CnnDashError as error:  # what was set cannot be built; the widgets that can mend it stay on the page
        render_error(error)

run = watched_run()
if run is not None:
    render_run(run)
else:
    st.caption("Nothing has been trained yet. Press Train, and the curves grow here.")
