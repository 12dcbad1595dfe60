"""A page of images: ten of those that were found, to be opened and ticked."""

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnn_dash.evaluation.report import Predictions, Split
from cnn_dash.plots.layout import percent
from cnn_dash.runs.records import Run
from cnn_dash.ui.components.data_urls import pixels_url
from cnn_dash.ui.components.image_grid import GridImage, render_image_grid
from cnn_dash.ui.components.pager import render_pager
from cnn_dash.ui.evaluate.splits import SPLITS
from cnn_dash.ui.evaluate.ticked import tick, ticked
from cnn_dash.ui.evaluate.ticks_bar import render_ticks

A_PAGE = 10
IMAGE_PX = 78
_OPENED = "evaluate_opened"


def render_image_page(
    run: Run,
    report: Predictions,
    names: Sequence[str],
    images: NDArray[np.uint8],
    found: NDArray[np.integer],
    *,
    page_key: str,
    images_key: str,
    beside: Callable[[], object] | None = None,
    lines: Callable[[int], tuple[str, ...]] | None = None,
    width_px: int = IMAGE_PX,
    split: Split = "test",
    marked: bool = True,
) -> int | None:
    """Draw a page of images, and what can be done with those that are ticked.

    Args:
        run: The run on show.
        report: What was predicted for the images.
        names: Of the classes.
        images: All images of the split, uint8 (N, H, W, C).
        found: Positions of those to show, int (n,), at least one, in order.
        page_key: Key of the pagination.
        images_key: Key of the images.
        beside: Draws what else is beside the pagination.
        lines: Gives the text below an image; the prediction and the true class if None.
        width_px: Width of an image, at least.
        split: Which images they are.
        marked: Whether right and wrong predictions are marked.

    Returns:
        The image that was clicked just now, as position among those of the split, or None.
    """
    grid = st.container()
    with st.container(horizontal=True, vertical_alignment="center"):
        begin, end = render_pager(len(found), A_PAGE, page_key)
        if beside is not None:
            beside()
    chosen = set(ticked(run.id, split))
    shown = found[begin:end].tolist()
    with grid:
        render_image_grid(
            [_grid_image(report, names, images, index, index in chosen, lines, split, marked) for index in shown],
            on_open=_open,
            on_tick=partial(tick, run.id, split=split),
            width_px=width_px,
            key=images_key,
        )
    render_ticks(run, report, names, images, found.tolist(), split)
    opened: int | None = st.session_state.pop(_OPENED, None)
    return opened


def _grid_image(
    report: Predictions,
    names: Sequence[str],
    images: NDArray[np.uint8],
    index: int,
    is_ticked: bool,
    lines: Callable[[int], tuple[str, ...]] | None,
    split: Split,
    marked: bool,
) -> GridImage:
    true, predicted = names[report.labels[index]], names[report.predicted[index]]
    confidence = percent(float(report.confidence[index]))
    return GridImage(
        index,
        pixels_url(images[index]),
        alt=f"{SPLITS[split].capitalize()} image {index}: true class {true}, predicted {predicted} with {confidence}",
        lines=(f"{predicted} · {confidence}", f"true: {true}") if lines is None else lines(index),
        correct=not report.wrong[index] if marked else None,
        ticked=is_ticked,
    )


def _open(index: int) -> None:
    st.session_state[_OPENED] = index
