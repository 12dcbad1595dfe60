"""Takes a drawing, uploads or a photo, and draws the predictions beside them."""

from collections.abc import Sequence
from hashlib import sha256

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from cnn_dash.errors import CnnDashError
from cnn_dash.inference import open_picture
from cnn_dash.runs.records import Run
from cnn_dash.ui.components.messages import render_error
from cnn_dash.ui.components.page_input import render_page_input
from cnn_dash.ui.predict.answer import render_answer
from cnn_dash.ui.predict.camera import render_camera
from cnn_dash.ui.predict.canvas import keep_drawing, render_canvas
from cnn_dash.ui.predict.cards import render_cards
from cnn_dash.ui.predict.correction import render_corrections
from cnn_dash.ui.predict.digests import digest_of
from cnn_dash.ui.predict.opinions import Opinions
from cnn_dash.ui.predict.pen import KEYS, press
from cnn_dash.ui.predict.upload import render_uploader, render_uploads
from cnn_dash.ui.session import widget_keys

DRAW, UPLOAD, CAMERA = "Draw", "Upload", "Camera"


@st.fragment
def render_predict(runs: Sequence[Run]) -> None:
    """Draw canvas, uploads and camera as tabs, and the prediction for the open one; below, the cards of many uploads.

    Only this part of the page runs again after a stroke.

    Args:
        runs: Whose networks answer; the first is the chosen one, of which details are shown.
    """
    given, answer = st.columns([9, 11], gap="large")
    with given:
        tabs = [DRAW, UPLOAD, CAMERA]
        draw, upload, camera = st.tabs(tabs, key=widget_keys.PREDICT_SOURCE, on_change=keep_drawing)
        with draw:
            drawing = render_canvas()
        with upload:
            files = render_uploader(on_change=_open_uploads)
        with camera:
            photo = render_camera(bool(camera.open))
    opinions: Sequence[Opinions] = []
    with answer, st.container(key=widget_keys.PREDICT_ANSWER):
        try:
            if upload.open:
                opinions = render_uploads(runs, files)
            elif camera.open:
                _render_photo(runs, photo)
            elif drawing is None:
                st.caption(
                    "Nothing drawn yet. Draw a character; the prediction comes when you lift mouse, finger or pen."
                )
            else:
                render_answer(runs, drawing, sha256(drawing.tobytes()).hexdigest(), "canvas", drawn=True)
        except CnnDashError as error:  # said here and not raised further: canvas and buttons go on working
            render_error(error)
    if opinions:
        _render_cards(runs, files, opinions)
    render_corrections()
    render_page_input(
        widget_keys.PREDICT_UPLOAD,
        invitation="Drop pictures, or a folder of them, to have them read",
        keys=KEYS if draw.open else (),
        on_key=press,
        key=widget_keys.PREDICT_PAGE,
    )


def _render_photo(runs: Sequence[Run], photo: UploadedFile | None) -> None:
    if photo is None:
        st.caption("No photo yet. Hold what is written before the camera, and take one.")
    else:
        render_answer(runs, open_picture(photo.getvalue(), photo.name), digest_of(photo), "camera")


def _render_cards(runs: Sequence[Run], files: Sequence[UploadedFile], opinions: Sequence[Opinions]) -> None:
    try:
        render_cards(runs, files, opinions)
    except CnnDashError as error:
        render_error(error)


def _open_uploads() -> None:
    keep_drawing()
    st.session_state[widget_keys.PREDICT_SOURCE] = UPLOAD
