"""Takes uploaded pictures, several at once."""

from collections.abc import Callable, Sequence

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from cnn_dash.errors import PictureError
from cnn_dash.inference import open_picture
from cnn_dash.runs.records import Run
from cnn_dash.ui.components.messages import plain, render_error
from cnn_dash.ui.predict.answer import render_answer
from cnn_dash.ui.session import widget_keys

TYPES = ("png", "jpg", "jpeg", "webp", "gif", "bmp")
MAX_FILES = 50
ANSWER_PX = 380


def render_uploader(on_change: Callable[[], None]) -> Sequence[UploadedFile]:
    """Let a person upload pictures; return those that are there, and call `on_change` when others come."""
    files = st.file_uploader(
        "Pictures of one character each",
        type=list(TYPES),
        accept_multiple_files=True,
        key=widget_keys.PREDICT_UPLOAD,
        on_change=on_change,
        help="A scan, a screenshot or a photo of pen on paper, dark on light or light on dark, up to 20 MB.",
    )
    st.caption("PNG, JPEG, WebP, GIF or BMP, several at once. They stay on this machine.")
    return files


def render_uploads(run: Run, files: Sequence[UploadedFile]) -> None:
    """Draw a prediction for each picture; one that cannot be read does not spoil the others."""
    if not files:
        st.caption("Nothing uploaded yet. The predictions come here, one for each picture.")
        return
    if len(files) > MAX_FILES:
        st.warning(f"Predictions are for the first {MAX_FILES} pictures only. Received: {len(files)}.")
    with st.grid(2, min_column_width=ANSWER_PX):
        for index, file in enumerate(files[:MAX_FILES]):
            with st.container(border=True, key=f"{widget_keys.PREDICT_ANSWER}_{index}"):
                st.markdown(f"**{plain(file.name)}**")
                try:
                    render_answer(run, open_picture(file.getvalue(), file.name), file.name, f"upload_{index}")
                except PictureError as error:
                    render_error(error)
