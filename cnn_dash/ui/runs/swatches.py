"""The mark of each of several runs on a page: on its curve, in the legend and in tables."""

from collections.abc import Sequence
from urllib.parse import quote

import streamlit as st

from cnn_dash.plots.run_marks import mark, places

_PLACES = "runs_places"

_SHAPES = {
    "diamond": "<path d='M14 0l6 6-6 6-6-6z'/>",
    "square": "<path d='M9 1h10v10H9z'/>",
    "triangle-up": "<path d='M14 0l6 11H8z'/>",
}


def run_places(run_ids: Sequence[int]) -> dict[int, int]:
    """Return the place of each run that is shown, for `run_marks.mark`; a run keeps it while it is shown."""
    found = places(run_ids, st.session_state.get(_PLACES, {}))
    st.session_state[_PLACES] = found
    return found


def swatch_html(place: int) -> str:
    """Draw a short piece of the curve of the run at this place; it says nothing that is not written beside it.

    An image: `st.html` lets no SVG pass that stands in the page itself.
    """
    look = mark(place)
    shape = _SHAPES.get(look.symbol or "", "")
    line = f"<g fill='{look.color}'><path d='M0 4.8h28v2.4H0z'/>{shape}</g>"
    svg = f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 28 12' width='28' height='12'>{line}</svg>"
    style = "width: 28px; height: 12px; flex: none; margin-right: 0.3rem; vertical-align: baseline"
    return f'<img alt="" src="data:image/svg+xml,{quote(svg)}" style="{style}">'
