"""Uploaded pictures, several at once."""

import streamlit as st

from cnn_dash.errors import PictureError
from cnn_dash.inference import open_picture
from cnn_dash.runs.records import Run
from cnn_dash.ui import keys
from cnn_dash.ui.predict_answer import render_answer
from cnn_dash.ui.problems import plain, render_error

TYPES = ("png", "jpg", "jpeg", "webp", "gif", "bmp")
MAX_FILES = 50
CARD_PX = 380


def render_upload(run: Run) -> None:
    """Let a person upload pictures, and answer for each; one that cannot be read does not spoil the others."""
    files = st.file_uploader(
        "Pictures of one character each",
        type=list(TYPES),
        accept_multiple_files=True,
        key=keys.PREDICT_UPLOAD,
        help="A scan, a screenshot or a photo of pen on paper, dark on light or light on dark, up to 20 MB.",
    )
    if not files:
        st.caption("PNG, JPEG, WebP, GIF or BMP, several at once. They stay on this machine.")
        return
    if len(files) > MAX_FILES:
        st.warning(f"Only the first {MAX_FILES} pictures are answered. Received: {len(files)}.")
    with st.grid(2, min_column_width=CARD_PX):
        for index, file in enumerate(files[:MAX_FILES]):
            with st.container(border=True):
                st.markdown(f"**{plain(file.name)}**")
                try:
                    render_answer(run, open_picture(file.getvalue(), file.name), key=f"{keys.PREDICT_ANSWER}_{index}")
                except PictureError as error:
                    render_error(error)
