"""Test images with their predictions: ten at a time, filtered, shuffled, page by page."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from cnn_dash.evaluation.report import Report
from cnn_dash.plots.layout import percent
from cnn_dash.ui.components.thumbnails import Thumbnail, render_thumbnails
from cnn_dash.ui.session import widget_keys

A_PAGE = 10
ALL = -1
IMAGE_PX = 78
_SHUFFLE_SEED = "evaluate_shuffle_seed"


def render_prediction_grid(
    report: Report, names: Sequence[str], images: np.ndarray, cell: tuple[int, int] | None
) -> None:
    """Draw the filters and a page of images.

    Args:
        report: The predictions of a run.
        names: Of the classes.
        images: The test images in the same order, uint8 (N, H, W, C); of another program they may be the first few.
        cell: True and predicted class to show alone, as chosen in the confusion matrix.
    """
    with st.container(horizontal=True, vertical_alignment="bottom"):
        label = st.selectbox(
            "True class",
            [ALL, *range(len(names))],
            key=widget_keys.EVALUATE_CLASS,
            format_func=lambda value: "all" if value == ALL else names[value],
            width=150,
            disabled=cell is not None,
        )
        mistakes = st.toggle("Mistakes only", key=widget_keys.EVALUATE_MISTAKES, disabled=cell is not None)
        if st.button("Shuffle", key=widget_keys.EVALUATE_SHUFFLE, icon=":material/shuffle:"):
            st.session_state[_SHUFFLE_SEED] = st.session_state.get(_SHUFFLE_SEED, 0) + 1
    order = st.session_state.get(_SHUFFLE_SEED)
    if cell is None:
        found = report.select(only_wrong=mistakes, label=None if label == ALL else label, shuffle=order)
    else:
        found = report.select(label=cell[0], predicted=cell[1], shuffle=order)
        st.caption(f"True class {names[cell[0]]}, predicted class {names[cell[1]]}.")
    found = found[found < len(images)]
    grid = st.container(key=widget_keys.EVALUATE_GRID)
    if not len(found):
        with grid:
            st.info(
                "No image matches. Choose another class, or turn “Mistakes only” off."
                if cell is None
                else f"No {names[cell[0]]} was predicted as {names[cell[1]]}. Click the cell again to see all images."
            )
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        # Where there are fewer pages than before, it goes back to the first by itself.
        begin = (st.pagination(-(-len(found) // A_PAGE), key=widget_keys.EVALUATE_PAGE) - 1) * A_PAGE
        st.caption(f"{begin + 1:,} to {min(begin + A_PAGE, len(found)):,} of {len(found):,}")
    with grid:
        shown = (_thumbnail(report, names, images, int(index)) for index in found[begin : begin + A_PAGE])
        render_thumbnails(shown, width_px=IMAGE_PX, stretch=True)


def _thumbnail(report: Report, names: Sequence[str], images: np.ndarray, index: int) -> Thumbnail:
    true, predicted = names[report.labels[index]], names[report.predicted[index]]
    confidence = percent(float(report.confidence[index]))
    return Thumbnail(
        images[index],
        alt=f"Test image {index}: true class {true}, predicted {predicted} with {confidence}",
        lines=(f"{predicted} · {confidence}", f"true: {true}"),
        correct=not report.wrong[index],
    )
