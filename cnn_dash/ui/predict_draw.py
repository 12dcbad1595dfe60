"""The drawing canvas, with undo and clear."""

from typing import Any

import numpy as np
import streamlit as st
from streamlit_drawable_canvas import st_canvas

from cnn_dash.ui import keys

SIDE_PX = 280
PEN_PX = 18

# The canvas that is on show: its number, the strokes it began with, and its picture after each number of strokes.
_SHEET = "predict_sheet"


def render_canvas() -> np.ndarray | None:
    """Draw the canvas; returns what is on it, uint8 (SIDE_PX, SIDE_PX, 4), or None if there is no stroke."""
    number, begun, pictures = st.session_state.setdefault(_SHEET, (0, [], {}))
    with st.container(key=keys.PREDICT_CANVAS):
        drawing = st_canvas(
            key=f"{_SHEET}_{number}",
            width=SIDE_PX,
            height=SIDE_PX,
            stroke_width=PEN_PX,
            stroke_color="#000000",
            background_color="#FFFFFF",
            drawing_mode="freedraw",
            return_image_data=True,
            initial_drawing={"objects": begun},
        )
    strokes: list[Any] = (drawing.json_data or {}).get("objects", [])
    if drawing.image_data is not None:
        pictures[len(strokes)] = drawing.image_data
    # The canvas has buttons of its own, but shows them only to a mouse.
    with st.container(horizontal=True):
        _button("Undo", keys.PREDICT_UNDO, ":material/undo:", strokes, strokes[:-1], pictures)
        _button("Clear", keys.PREDICT_CLEAR, ":material/delete:", strokes, [], pictures)
    st.caption("One character, with mouse, finger or pen; the answer comes when you lift it.")
    return pictures.get(len(strokes)) if strokes else None


def _button(
    label: str, key: str, icon: str, strokes: list[Any], left: list[Any], pictures: dict[int, np.ndarray]
) -> None:
    """A button that puts a new canvas with the strokes that are left in place of this one.

    A canvas that is on show cannot be told to drop a stroke and send its picture; a new one sends it with the next
    stroke, and until then the picture that was sent when there were as many strokes serves.
    """

    def replace() -> None:
        kept = {count: picture for count, picture in pictures.items() if count <= len(left)}
        st.session_state[_SHEET] = (st.session_state[_SHEET][0] + 1, left, kept)

    st.button(label, key=key, icon=icon, disabled=not strokes, on_click=replace)
