"""Draws the canvas, with undo, clear, pen and eraser."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import streamlit as st
import streamlit_drawable_canvas as drawable_canvas

from cnn_dash.ui.compat import mount_canvas_in_page
from cnn_dash.ui.predict.pen import GROUND, pen, render_pen
from cnn_dash.ui.session import widget_keys

SIDE_PX = 280

_SHEET = "predict_sheet"

_NO_TOOLBAR = "<style>.dc-toolbar { display: none !important }</style>"
mount_canvas_in_page()


@dataclass
class _Sheet:
    """The canvas that is on show, and what is on it, which outlives the canvas.

    Attributes:
        number: Of how many canvases it is the last.
        begun: The strokes with which it began.
        strokes: The strokes that are on it now.
        images: What it looked like after each number of strokes, uint8 (SIDE_PX, SIDE_PX, 4).
    """

    number: int = 0
    begun: list[Any] = field(default_factory=list)
    strokes: list[Any] = field(default_factory=list)
    images: dict[int, np.ndarray] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The key of its canvas."""
        return f"{_SHEET}_{self.number}"

    def renew(self, strokes: list[Any]) -> None:
        """Put a new canvas with these strokes in place of this one.

        A canvas that is on show cannot be told to drop a stroke and send its image; a new one sends it with the next
        stroke, and until then the image that was sent when there were as many strokes serves.
        """
        self.number += 1
        self.begun = self.strokes = strokes
        self.images = {count: image for count, image in self.images.items() if count <= len(strokes)}


def keep_drawing() -> None:
    """Keep the strokes when the canvas is hidden or shown again: the browser forgets what is on it."""
    if _SHEET in st.session_state:
        sheet = st.session_state[_SHEET]
        sheet.renew(sheet.strokes)


def render_canvas() -> np.ndarray | None:
    """Draw the canvas; return what is on it, uint8 (SIDE_PX, SIDE_PX, 4), or None if there is no stroke."""
    sheet: _Sheet = st.session_state.setdefault(_SHEET, _Sheet())
    if sheet.strokes and sheet.key not in st.session_state and sheet.begun is not sheet.strokes:
        sheet.renew(sheet.strokes)  # the page was left meanwhile
    color, width = pen()
    with st.container(horizontal=True, gap="small"):
        with st.container(key=widget_keys.PREDICT_CANVAS, width="content"):
            st.html(_NO_TOOLBAR)
            drawing = drawable_canvas.st_canvas(
                key=sheet.key,
                width=SIDE_PX,
                height=SIDE_PX,
                stroke_width=width,
                stroke_color=color,
                background_color=GROUND,
                drawing_mode="freedraw",
                return_image_data=True,
                initial_drawing={"objects": sheet.begun},
            )
        sheet.strokes = (drawing.json_data or {}).get("objects", [])
        if drawing.image_data is not None:
            sheet.images[len(sheet.strokes)] = drawing.image_data
        with st.container(width="content", gap="small"):
            _button("Undo", widget_keys.PREDICT_UNDO, ":material/undo:", sheet, sheet.strokes[:-1])
            _button("Clear", widget_keys.PREDICT_CLEAR, ":material/delete:", sheet, [])
    render_pen()
    return sheet.images.get(len(sheet.strokes)) if sheet.strokes else None


def _button(label: str, key: str, icon: str, sheet: _Sheet, left: list[Any]) -> None:
    st.button(
        label, key=key, icon=icon, type="tertiary", disabled=not sheet.strokes, on_click=sheet.renew, args=(left,)
    )
