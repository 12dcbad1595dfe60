"""The drawing canvas."""

import streamlit as st
from streamlit_drawable_canvas import st_canvas

from cnn_dash.runs.records import Run
from cnn_dash.ui import keys
from cnn_dash.ui.predict_answer import render_answer

SIDE_PX = 280
PEN_PX = 18


@st.fragment
def render_draw(run: Run) -> None:
    """Draw the canvas and, beside it, the answer; only this part of the page runs again after a stroke."""
    canvas, answer = st.columns([2, 3], gap="large")
    with canvas:
        st.caption("Draw one character")  # short: the canvas shows its own bar (undo, redo, clear) to the right of it
        drawing = st_canvas(
            key=keys.PREDICT_CANVAS,
            width=SIDE_PX,
            height=SIDE_PX,
            stroke_width=PEN_PX,
            stroke_color="#000000",
            background_color="#FFFFFF",
            drawing_mode="freedraw",
            return_image_data=True,
        )
        st.caption(
            "With mouse, finger or pen; the answer comes when you lift it. The bar at the upper right takes strokes "
            "back :material/undo: and clears :material/delete:."
        )
    with answer:
        drawn = bool((drawing.json_data or {}).get("objects"))
        render_answer(run, drawing.image_data if drawn else None, key=keys.PREDICT_ANSWER)
