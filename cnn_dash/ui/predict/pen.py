"""Pen or eraser, and how wide it is."""

import streamlit as st

from cnn_dash.ui.session import widget_keys

PEN, ERASER = "Pen", "Eraser"
WIDTH_PX, THINNEST_PX, WIDEST_PX, STEP_PX = 18, 6, 42, 4
INK, GROUND = "#000000", "#FFFFFF"

_SOFT_PX = 4  # an eraser as wide as the pen would leave the soft edges of a stroke
_TOOLS = {"p": PEN, "e": ERASER}
_STEPS = {"-": -STEP_PX, "+": STEP_PX}
KEYS = (*_TOOLS, *_STEPS)
"""Keys of the keyboard that choose: see `press`."""


def pen() -> tuple[str, int]:
    """Return the colour and the width in pixels of what is drawn next; an eraser draws in the colour of the ground."""
    state = st.session_state
    tool = state.get(widget_keys.PREDICT_TOOL) or PEN
    width = state.get(widget_keys.PREDICT_WIDTH, WIDTH_PX)
    return (GROUND, width + _SOFT_PX) if tool == ERASER else (INK, width)


def render_pen() -> None:
    """Draw the choice of pen or eraser, and of its width."""
    st.session_state.setdefault(widget_keys.PREDICT_TOOL, PEN)
    st.session_state.setdefault(widget_keys.PREDICT_WIDTH, WIDTH_PX)
    with st.container(horizontal=True, vertical_alignment="center", gap="medium", wrap=False):
        st.segmented_control(
            "Tool",
            [PEN, ERASER],
            key=widget_keys.PREDICT_TOOL,
            label_visibility="collapsed",
            required=True,
            persist_state="session",
        )
        st.slider(
            "Width",
            THINNEST_PX,
            WIDEST_PX,
            step=STEP_PX,
            key=widget_keys.PREDICT_WIDTH,
            format="%d px",
            help="Keys: P for the pen, E for the eraser, + and − for the width.",
            persist_state="session",
        )


def press(key: str) -> None:
    """Do what a key of the keyboard stands for: `p` pen, `e` eraser, `-` thinner, `+` wider."""
    state = st.session_state
    if key in _TOOLS:
        state[widget_keys.PREDICT_TOOL] = _TOOLS[key]
    elif key in _STEPS:
        width = state.get(widget_keys.PREDICT_WIDTH, WIDTH_PX) + _STEPS[key]
        state[widget_keys.PREDICT_WIDTH] = min(max(width, THINNEST_PX), WIDEST_PX)
