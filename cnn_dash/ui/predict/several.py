"""The prediction for a picture with several characters: what is written, and each character as the network got it."""

import streamlit as st
from PIL.Image import Image

from cnn_dash.inference.answers import Answer, Reading
from cnn_dash.plots.layout import percent
from cnn_dash.runs.records import Run
from cnn_dash.ui.components.thumbnails import Thumbnail, render_thumbnails
from cnn_dash.ui.predict.correction import render_correction

_INPUT_PX = 96
_CORRECTED = 12  # characters: each has a question of its own, which the browser has to lay out after every stroke


def render_several(run: Run, reading: Reading, picture: Image, class_names: tuple[str, ...]) -> None:
    """Draw what is written as text, and each character with its class, its probability and what corrects it.

    Args:
        run: Whose network answered.
        reading: What was read, at least two characters.
        picture: What was drawn or uploaded, upright.
        class_names: The classes of the network.
    """
    st.metric("Prediction", reading.text(class_names), width="content")
    if any(answer.doubt for answer in reading.answers):
        st.markdown(":material/help: **Not sure** about the characters with a question mark.")
    images = [_thumbnail(number, answer, class_names) for number, answer in enumerate(reading.answers, 1)]
    if len(images) > _CORRECTED:
        render_thumbnails(images, width_px=_INPUT_PX)
        st.caption("To correct a character, click its box on the picture.")
        return
    with st.container(horizontal=True, gap="small"):
        for number, (image, answer) in enumerate(zip(images, reading.answers, strict=True), 1):
            with st.container(width=_INPUT_PX, gap="xxsmall", horizontal_alignment="center"):
                render_thumbnails([image], width_px=_INPUT_PX)
                render_correction(run, answer, picture, class_names, cut_out=True, character=number)


def _thumbnail(number: int, answer: Answer, class_names: tuple[str, ...]) -> Thumbnail:
    lines = class_names[answer.label], percent(answer.confidence) + (" ?" if answer.doubt else "")
    return Thumbnail(answer.prepared.pixels, f"Model input {number}", lines)
