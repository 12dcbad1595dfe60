"""All runs, in a plain table."""

import streamlit as st

from cnn_dash.ui.navigation import pages
from cnn_dash.ui.resources import open_store
from cnn_dash.ui.runs_table import render_runs_table

st.title("Runs")
runs = open_store().runs()
if runs:
    st.caption("Tick a row to open the run.")
    render_runs_table(runs)
else:
    st.info("There are no runs yet. Train a network first; the default takes about ten seconds.")
    st.page_link(pages()["train"], label="Go to Train", icon=":material/model_training:")
