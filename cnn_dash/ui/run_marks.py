"""What each of several runs wears on a page, in its curve, in the legend and in tables."""

from collections.abc import Sequence

import streamlit as st

from cnn_dash.figures.run_marks import mark, places

_PLACES = "runs_places"

_SHAPES = {
    "diamond": '<path d="M14 1l5 5-5 5-5-5z"/>',
    "square": '<path d="M10 2h8v8h-8z"/>',
    "triangle-up": '<path d="M14 1l5 9H9z"/>',
}


def run_places(run_ids: Sequence[int]) -> dict[int, int]:
    """The place of each run that is shown, for `figures.run_marks.mark`; a run keeps it while it is shown."""
    found = places(run_ids, st.session_state.get(_PLACES, {}))
    st.session_state[_PLACES] = found
    return found


def swatch_svg(place: int) -> str:
    """A short piece of the curve of the run at this place; it says nothing that is not written beside it."""
    look = mark(place)
    shape = _SHAPES.get(look.symbol or "", "")
    return (
        '<svg width="28" height="12" viewBox="0 0 28 12" aria-hidden="true" style="vertical-align: middle">'
        f'<g fill="{look.color}" stroke="none"><path d="M0 4.8h28v2.4H0z"/>{shape}</g></svg>'
    )
