"""Runs 1 and 2 side by side."""

import streamlit as st

from cnn_dash.ui.runs.comparison import render_compare
from cnn_dash.ui.session.resources import open_store

st.title("Compare")


@st.fragment(run_every=1.0)
def compare() -> None:
    """Looks again by itself, as a page does while a run is being trained."""
    render_compare([open_store().run(run_id) for run_id in (1, 2)])


compare()
