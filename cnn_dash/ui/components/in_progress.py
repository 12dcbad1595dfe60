"""One run that is under way: its name leads to it, words and a bar say how far it is."""

import streamlit as st

from cnn_dash.runs.records import Run
from cnn_dash.ui.components.messages import plain
from cnn_dash.ui.components.progress_line import render_progress_line
from cnn_dash.ui.session import widget_keys
from cnn_dash.ui.session.navigation import pages


def render_in_progress(run: Run, place: str) -> None:
    """Draw a run that trains, waits or rests; `place` is the key of the part of the page that it is in."""
    label = f"Run {run.id} · {plain(run.name)}"
    about = "Its curves, and what can be done with it"
    st.page_link(pages()["train"], label=label, help=about, query_params={widget_keys.RUN: str(run.id)})
    render_progress_line(run, place)
