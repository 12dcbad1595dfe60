"""How far a run is, in words and with a bar, and how long the queue will take: lines that follow by themselves.

The pulse of the page (`ui/beat`) hands what it hears to all of them in the browser, so no part of the page is drawn
again while a run only comes further. That is what twenty browsers would otherwise cost the run that they watch.
"""

from pathlib import Path

import streamlit as st

from cnn_dash.runs.activity import Look, bar, queue_words, words
from cnn_dash.runs.records import Run
from cnn_dash.ui import keys
from cnn_dash.ui.component_parts import ALIVE, BAR

_HERE = Path(__file__).parent

_line = st.components.v2.component(
    "cnn_dash_how_far",
    html=(_HERE / "how_far.html").read_text("utf-8"),
    css=BAR + (_HERE / "how_far.css").read_text("utf-8"),
    js=f"{ALIVE}\n{(_HERE / 'how_far.js').read_text('utf-8')}",
)


def render_how_far(run: Run, place: str) -> None:
    """Say how far a run that trains, waits or rests is.

    Args:
        run: The run.
        place: A key of its own for each part of the page that says it of the same run.
    """
    _line(
        key=keys.of_run(f"{place}_how_far", run.id),
        data={"run": run.id, "words": words(run), "progress": bar(run)},
        height="content",
    )


def render_queue_line(look: Look, place: str) -> None:
    """Say how many runs wait, and until when."""
    _line(key=f"{place}_queue", data={"run": None, "words": queue_words(look), "progress": None}, height="content")
