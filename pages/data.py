"""Look into a data set, or bring one of your own."""

import streamlit as st

from cnn_dash.ui.data.about import render_about
from cnn_dash.ui.data.choice import render_choose_dataset
from cnn_dash.ui.data.explore import render_explore

st.title("Data")
name = render_choose_dataset()
render_about(name)
render_explore(name)
