"""What a network says of one picture, and what it saw of it."""

import numpy as np
import streamlit as st
from PIL.Image import Image

from cnn_dash.errors import BlankPicture
from cnn_dash.figures import probabilities as bars
from cnn_dash.inference import prepare_stages
from cnn_dash.runs.records import Run
from cnn_dash.ui.pictures import Picture, render_pictures
from cnn_dash.ui.resources import predictor

PICTURE_PX = 140


def render_answer(run: Run, picture: Image | np.ndarray | None, *, key: str) -> None:
    """Draw the answer, the probabilities and the picture that the model saw; a blank picture gets no guess.

    Args:
        run: Whose network answers.
        picture: What was drawn or uploaded, or None.
        key: Key of the container; that of the chart in it is derived.

    Raises:
        PictureError: If the picture cannot be used.
        StoreError: If the network cannot be opened.
    """
    with st.container(key=key):
        if picture is None:
            st.caption("Nothing drawn yet. The answer comes as soon as you lift the pen.")
            return
        with st.spinner("Loading the network, the first time takes some seconds…", show_time=False):
            network = predictor(run.id)
        try:
            prepared = prepare_stages(picture, network.card.image_shape[0], network.card.framing)
        except BlankPicture as error:
            st.caption(str(error))
            return
        probabilities = network.probabilities(prepared.pixels[None])[0]
        info = bars.probability_info(probabilities, network.card.class_names)
        seen, said = st.columns([1, 2], gap="medium")
        with seen:
            alt = "The small picture that the network saw"
            render_pictures([Picture(prepared.pixels, alt, ("what the network saw",))], width_px=PICTURE_PX)
        with said:
            if info.answer is None:
                st.error("The network's weights are broken. Train it again with a lower learning rate.")
                return
            st.metric(
                "Answer", info.class_names[info.answer], info.labels[info.answer], delta_color="off", delta_arrow="off"
            )
        st.plotly_chart(
            bars.probability_figure(info),
            key=f"{key}_bars",
            alt=bars.describe(info),
            config={"displayModeBar": False},
        )
        with st.expander("How the picture was prepared", icon=":material/filter_center_focus:"):
            stages = (Picture(stage, f"Stage {title}", (title,)) for title, stage in prepared.stages)
            render_pictures(stages, width_px=PICTURE_PX)
