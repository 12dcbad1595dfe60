"""The choice of how pixels go into a network, where nothing in it says so."""

import streamlit as st

from cnn_dash.inference.model_input import Scaling

LABELS: dict[Scaling, str] = {"0-1": "0 to 1", "-1-1": "−1 to 1", "0-255": "0 to 255"}


def render_scaling_choice(key: str) -> Scaling | None:
    """Let a person say what black and white are for a network; None until they do."""
    return st.segmented_control(
        "Range of the input pixels",
        list(LABELS),
        key=key,
        format_func=LABELS.__getitem__,
        help="How the images were scaled before training: x / 255 gives 0 to 1, x / 127.5 − 1 gives −1 to 1.",
    )
