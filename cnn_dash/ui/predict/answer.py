"""What a network says of one picture, and what it saw of it."""

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

PICTURE_PX = 140
SEEN_PX = 96


def render_answer(run: Run, picture: Image | np.ndarray) -> None:
    """Draw the answer, the probabilities and the picture that the model saw; a blank picture gets no guess.

    Args:
        run: Whose network answers.
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
    try:
        prepared = prepare_stages(picture, network.card.image_shape[0], network.card.framing)
    except BlankPicture as error:
        st.caption(str(error))
        return
    info = probabilities.probability_info(network.probabilities(prepared.pixels[None])[0], network.card.class_names)
    if info.answer is None:
        st.error("The network's weights are broken. Train it again with a lower learning rate.")
        return
    # Side by side on a phone as well, so that the answer to a drawing is seen without scrolling.
    with st.container(horizontal=True, vertical_alignment="center", gap="medium", wrap=False):
        answer, confidence = info.class_names[info.answer], info.labels[info.answer]
        st.metric("Answer", answer, confidence, delta_color="off", delta_arrow="off", width="content")
        with st.container(width=SEEN_PX):
            alt = "The small picture that the network saw"
            render_thumbnails([Thumbnail(prepared.pixels, alt, ("what it saw",))], width_px=SEEN_PX)
    st.html(bars_html(info))
    with st.expander("How the picture was prepared", icon=":material/filter_center_focus:"):
        stages = (Thumbnail(stage, f"Stage {title}", (title,)) for title, stage in prepared.stages)
        render_thumbnails(stages, width_px=PICTURE_PX)
