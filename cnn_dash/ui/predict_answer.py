"""What a network says of one picture, and what it saw of it."""

import numpy as np
import streamlit as st
from PIL.Image import Image

from cnn_dash.errors import BlankPicture
from cnn_dash.figures import probabilities as bars
from cnn_dash.inference import prepare_stages
from cnn_dash.runs.records import Run
from cnn_dash.ui import keys
from cnn_dash.ui.dataset_preview import enlarged
from cnn_dash.ui.resources import predictor

ENLARGE = 5


def render_answer(run: Run, picture: Image | np.ndarray | None, *, name: str = "drawing") -> None:
    """Draw the answer, the probabilities and the picture that the model saw; a blank picture gets no guess."""
    with st.container(key=f"{keys.PREDICT_ANSWER}_{name}" if name != "drawing" else keys.PREDICT_ANSWER):
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
            st.image(enlarged(prepared.pixels, ENLARGE), width=140, alt="The 28 by 28 pixels that the network saw")
            st.caption("what the network saw")
        with said:
            if info.answer is None:
                st.error(
                    "The network gave no number. Its weights are broken; train it again with a lower learning rate."
                )
                return
            st.metric(
                "Answer", info.class_names[info.answer], info.labels[info.answer], delta_color="off", delta_arrow="off"
            )
        st.plotly_chart(
            bars.probability_figure(info),
            key=f"predict_bars_{name}",
            alt=bars.describe(info),
            config={"displayModeBar": False},
        )
        with st.expander("How the picture was prepared", icon=":material/filter_center_focus:"):
            stages = prepared.stages
            st.image([_shown(stage) for _, stage in stages], caption=[title for title, _ in stages], width=130)


def _shown(stage: np.ndarray) -> np.ndarray:
    factor = max(1, 130 // max(stage.shape[:2]))
    return enlarged(stage.reshape(*stage.shape[:2], 1), factor)
