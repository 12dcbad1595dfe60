"""Look into a data set, or bring one of your own."""

import streamlit as st

from cnn_dash.ui.data.about import render_about
from cnn_dash.ui.data.bring import render_bring
from cnn_dash.ui.data.choice import choose, render_choose_dataset
from cnn_dash.ui.data.explore import render_explore
from cnn_dash.ui.data.import_panel import render_import
from cnn_dash.ui.data.import_state import choose_when_done, render_import_state
from cnn_dash.ui.data.own_set import render_own_notices
from cnn_dash.ui.data.own_trash import render_own_trash

st.title("Data")
choose_when_done(choose)
chosen, bring = st.columns([11, 9], gap="large")
with chosen:
    name = render_choose_dataset()
    render_about(name)
    render_own_notices()
    render_own_trash()
with bring:
    brought = render_bring()
render_import_state()
if brought is not None:
    render_import(brought)
render_explore(name)
