"""A page of test images: ten of those that were found, to be opened and ticked."""

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnn_dash.evaluation.report import Report
from cnn_dash.plots.layout import percent
from cnn_dash.runs.records import Run
from cnn_dash.ui.components.data_urls import pixels_url
from cnn_dash.ui.components.image_grid import GridImage, render_image_grid
from cnn_dash.ui.components.pager import render_pager
from cnn_dash.ui.evaluate.ticked import tick, ticked
from cnn_dash.ui.evaluate.ticks_bar import render_ticks

A_PAGE = 10
IMAGE_PX = 78
_OPENED = "evaluate_opened"


def render_image_page(
    run: Run,
    report: Report,
    names: Sequence[str],
    images: NDArray[np.uint8],
    found: NDArray[np.integer],
    *,
    page_key: str,
    images_key: str,
    beside: Callable[[], object] | None = None,
    lines: Callable[[int], tuple[str, ...]] | None = None,
    width_px: int = IMAGE_PX,
) -> int | None:
    """Draw a page of images, and what can be done with those that are ticked.

    Args:
        run: The run on show.
        report: Its predictions.
        names: Of the classes.
        images: All test images, uint8 (N, H, W, C).
        found: Positions of those to show, int (n,), at least one, in order.
        page_key: Key of the pagination.
        images_key: Key of the images.
        beside: Draws what else is beside the pagination.
        lines: Gives the text below an image; the prediction and the true class if None.
        width_px: Width of an image, at least.

    Returns:
        The image that was clicked just now, as position in the test set, or None.
    """
    grid = st.container()
    with st.container(horizontal=True, vertical_alignment="center"):
        begin, end = render_pager(len(found), A_PAGE, page_key)
        if beside is not None:
            beside()
    chosen = set(ticked(run.id))
    shown = found[begin:end].tolist()
    with grid:
        render_image_grid(
            [_grid_image(report, names, images, index, index in chosen, lines) for index in shown],
            on_open=_open,
            on_tick=partial(tick, run.id),
            width_px=width_px,
            key=images_key,
        )
    render_ticks(run, report, names, images, found.tolist())
    opened: int | None = st.session_state.pop(_OPENED, None)
    return opened


def _grid_image(
    report: Report,
    names: Sequence[str],
    images: NDArray[np.uint8],
    index: int,
    is_ticked: bool,
    lines: Callable[[int], tuple[str, ...]] | None,
) -> GridImage:
    true, predicted = names[report.labels[index]], names[report.predicted[index]]
    confidence = percent(float(report.confidence[index]))
    return GridImage(
        index,
        pixels_url(images[index]),
        alt=f"Test image {index}: true class {true}, predicted {predicted} with {confidence}",
        lines=(f"{predicted} · {confidence}", f"true: {true}") if lines is None else lines(index),
        correct=not report.wrong[index],
        ticked=is_ticked,
    )


def _open(index: int) -> None:
    st.session_state[_OPENED] = index
