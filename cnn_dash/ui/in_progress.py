"""One run that is under way: its name leads to it, words and a bar say how far it is."""

import streamlit as st

from cnn_dash.runs.records import Run
from cnn_dash.ui import keys
from cnn_dash.ui.how_far import render_how_far
from cnn_dash.ui.navigation import pages
from cnn_dash.ui.problems import plain


def render_in_progress(run: Run, place: str) -> None:
    """Draw a run that trains, waits or rests; `place` is the key of the part of the page that it is in."""
    label = f"Run {run.id} · {plain(run.name)}"
    about = "Its curves, and what can be done with it"
    st.page_link(pages()["train"], label=label, help=about, query_params={keys.RUN: str(run.id)})
    render_how_far(run, place)
