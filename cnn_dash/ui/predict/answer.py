"""The prediction for one picture, beside the image that the model got."""

import numpy as np
import streamlit as st
from PIL.Image import Image

from cnn_dash.errors import BlankPicture
from cnn_dash.inference import prepare_stages
from cnn_dash.plots import probabilities
from cnn_dash.runs.records import Run
from cnn_dash.ui.components.probability_bars import bars_html
from cnn_dash.ui.components.thumbnails import Thumbnail, render_thumbnails
from cnn_dash.ui.session.resources import predictor

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
        prepared = prepare_stages(picture, model_input.image_shape, model_input.framing)
    except BlankPicture as error:
        st.caption(str(error))
        return
    info = probabilities.probability_info(network.probabilities(prepared.pixels[None])[0], model_input.class_names)
    if info.answer is None:
        st.error("The network's weights are broken. Train it again with a lower learning rate.")
        return
    # Side by side on a phone as well, so that the prediction for a drawing is seen without scrolling.
    with st.container(horizontal=True, vertical_alignment="center", gap="medium", wrap=False):
        answer, confidence = info.class_names[info.answer], info.labels[info.answer]
        st.metric("Prediction", answer, confidence, delta_color="off", delta_arrow="off", width="content")
        with st.container(width=MODEL_INPUT_PX):
            alt = "Model input: the image that the network got"
            render_thumbnails([Thumbnail(prepared.pixels, alt, ("Model input",))], width_px=MODEL_INPUT_PX)
    st.html(bars_html(info))
    with st.expander("How the picture was prepared", icon=":material/filter_center_focus:"):
        stages = (Thumbnail(stage, f"Stage {title}", (title,)) for title, stage in prepared.stages)
        render_thumbnails(stages, width_px=STAGE_PX)
