"""One run that is under way, in two lines: its name leads to it, words and a bar say how far it is."""

import streamlit as st

from cnn_dash.runs.activity import words
from cnn_dash.runs.records import Run
from cnn_dash.runs.status import Status
from cnn_dash.ui import keys
from cnn_dash.ui.navigation import pages
from cnn_dash.ui.problems import plain


def render_in_progress(run: Run) -> None:
    """Draw a run that trains, waits or rests."""
    label = f"Run {run.id} · {plain(run.name)}"
    st.page_link(pages()["train"], label=label, query_params={keys.RUN: str(run.id)})
    if run.progress or run.status is Status.RUNNING:
        st.progress(run.progress, text=words(run))
    else:
        st.caption(words(run))
