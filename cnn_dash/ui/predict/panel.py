"""Takes a drawing or uploads, and draws the prediction beside them."""

from collections.abc import Sequence
from hashlib import sha256

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from cnn_dash.errors import CnnDashError
from cnn_dash.runs.records import Run
from cnn_dash.ui.components.messages import render_error
from cnn_dash.ui.predict.answer import render_answer
from cnn_dash.ui.predict.canvas import keep_drawing, render_canvas
from cnn_dash.ui.predict.cards import render_cards
from cnn_dash.ui.predict.summary import Summary
from cnn_dash.ui.predict.upload import render_uploader, render_uploads
from cnn_dash.ui.session import widget_keys

DRAW, UPLOAD = "Draw", "Upload"


@st.fragment
def render_predict(run: Run) -> None:
    """Draw canvas and uploads as tabs, and the prediction for the one that is open; below, the cards of many uploads.

    Only this part of the page runs again after a stroke.
    """
    given, answer = st.columns([9, 11], gap="large")
    with given:
        draw, upload = st.tabs([DRAW, UPLOAD], key=widget_keys.PREDICT_SOURCE, on_change=keep_drawing)
        with draw:
            drawing = render_canvas()
        with upload:
            files = render_uploader(on_change=_open_uploads)
    summaries: Sequence[tuple[str, Summary]] = []
    with answer, st.container(key=widget_keys.PREDICT_ANSWER):
        try:
            if upload.open:
                summaries = render_uploads(run, files)
            elif drawing is None:
                st.caption(
                    "Nothing drawn yet. Draw one character; the prediction comes when you lift mouse, finger or pen."
                )
            else:
                render_answer(run, drawing, sha256(drawing.tobytes()).hexdigest(), "canvas", seen=True)
        except CnnDashError as error:  # said here and not raised further: canvas and buttons go on working
            render_error(error)
    if summaries:
        _render_cards(run, files, summaries)


def _render_cards(run: Run, files: Sequence[UploadedFile], summaries: Sequence[tuple[str, Summary]]) -> None:
    try:
        render_cards(run, files, summaries)
    except CnnDashError as error:
        render_error(error)


def _open_uploads() -> None:
    keep_drawing()
    st.session_state[widget_keys.PREDICT_SOURCE] = UPLOAD
