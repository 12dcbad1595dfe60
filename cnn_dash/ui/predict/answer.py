"""The prediction for one picture, beside the image that the model got."""

import numpy as np
import streamlit as st
from PIL.Image import Image

from cnn_dash.errors import BlankPicture
from cnn_dash.inference.answers import Answer, Reading, read
from cnn_dash.metrics import percent
from cnn_dash.plots import probabilities
from cnn_dash.runs.records import Run
from cnn_dash.ui.components.probability_bars import bars_html
from cnn_dash.ui.components.thumbnails import Thumbnail, render_thumbnails
from cnn_dash.ui.predict.correction import render_correction
from cnn_dash.ui.session.resources import predictor

_DOUBTS = {
    "strange": "**Not sure:** this is unlike all images that the network was trained on.",
    "undecided": "**Not sure:** several classes fit.",
}
STAGE_PX = 140
MODEL_INPUT_PX = 96


def render_answer(run: Run, picture: Image | np.ndarray) -> None:
    """Draw prediction, probabilities and model input; a picture on which there is nothing gets no prediction.

    Args:
        run: Whose network predicts.
        picture: What was drawn or uploaded.

    Raises:
        PictureError: If the picture cannot be used.
        StoreError: If the network cannot be opened.
    """
    assert run.result is not None  # only runs with a result can be chosen
    loading = predictor(run.id, run.result.folder)
    if not loading.done():
        with st.spinner("Loading the network; the first time it takes some seconds…"):
            loading.exception()
    if loading.exception() is not None:
        predictor.clear(run.id, run.result.folder)  # the next picture tries again
    network = loading.result()
    model_input = network.model_input
    try:
        reading = read(network, picture)
    except BlankPicture as error:
        st.caption(str(error))
        return
    if not all(np.isfinite(answer.probabilities).all() for answer in reading.answers):
        st.error("The network's weights are broken. Train it again with a lower learning rate.")
        return
    first = reading.answers[0]
    if len(reading.answers) > 1:
        _render_several(reading, model_input.class_names)
    else:
        _render_one(first, model_input.class_names)
        render_correction(run, first, picture, model_input.class_names)
    if reading.others:
        st.caption(f"{len(reading.others)} more places look like a character. The most likely one was read.")
    with st.expander("How the picture was prepared", icon=":material/filter_center_focus:"):
        stages = (Thumbnail(stage, f"Stage {title}", (title,)) for title, stage in first.prepared.stages)
        render_thumbnails(stages, width_px=STAGE_PX)


def _render_one(answer: Answer, class_names: tuple[str, ...]) -> None:
    info = probabilities.probability_info(answer.probabilities, class_names)
    # Side by side on a phone as well, so that the prediction for a drawing is seen without scrolling.
    with st.container(horizontal=True, vertical_alignment="center", gap="medium", wrap=False):
        name, confidence = info.class_names[answer.label], info.labels[answer.label]
        st.metric("Prediction", name, confidence, delta_color="off", delta_arrow="off", width="content")
        with st.container(width=MODEL_INPUT_PX):
            alt = "Model input: the image that the network got"
            render_thumbnails([Thumbnail(answer.prepared.pixels, alt, ("Model input",))], width_px=MODEL_INPUT_PX)
    if answer.doubt:
        st.markdown(f":material/help: {_DOUBTS[answer.doubt]}")
    st.html(bars_html(info))


def _render_several(reading: Reading, class_names: tuple[str, ...]) -> None:
    """Draw what is written as text, and each character as the network got it, with its class and probability."""
    st.metric("Prediction", reading.text(class_names), width="content")
    if any(answer.doubt for answer in reading.answers):
        st.markdown(":material/help: Not sure about the characters with a question mark.")
    render_thumbnails(
        (
            Thumbnail(
                answer.prepared.pixels,
                f"Model input {number}",
                (class_names[answer.label], percent(answer.confidence) + (" ?" if answer.doubt else "")),
            )
            for number, answer in enumerate(reading.answers, 1)
        ),
        width_px=MODEL_INPUT_PX,
    )
