"""The mean image of each class beside its deviation."""

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnn_dash.datasets.exploration import positions
from cnn_dash.datasets.exploration.class_images import ClassImages
from cnn_dash.datasets.internal_format import Imported
from cnn_dash.ui.components.thumbnails import Thumbnail, render_thumbnails
from cnn_dash.ui.data.class_images import class_images_of
from cnn_dash.ui.data.pages_of_images import page_of
from cnn_dash.ui.session import widget_keys

A_PAGE = 24
PAIR_PX = 150


def render_means(data: Imported, _sizes: NDArray[np.int64] | None) -> None:
    """Draw a pair of images for each class, page by page."""
    st.caption(
        "Left, the mean of all images of a class; right, by how much its images deviate from it, pixel by pixel "
        "(standard deviation, brightened). A sharp mean is a class whose images look alike."
    )
    found = class_images_of(data)
    if found is None:
        return
    counts = np.bincount(positions.labels(data), minlength=len(data.class_names))
    begin, end = page_of(len(data.class_names), A_PAGE, widget_keys.DATA_MEANS_PAGE)
    brightest = max(1, int(found.deviation.max(initial=0)))
    with st.container(key=widget_keys.DATA_MEANS):
        render_thumbnails(
            (
                Thumbnail(
                    _pair(found, label, brightest),
                    alt=f"Mean image and deviation of class {data.class_names[label]}",
                    lines=(data.class_names[label], f"{counts[label]:,} images"),
                )
                for label in range(begin, end)
            ),
            width_px=PAIR_PX,
            stretch=True,
        )


def _pair(found: ClassImages, label: int, brightest: int) -> NDArray[np.uint8]:
    deviation = (found.deviation[label].astype(np.uint16) * 255 // brightest).astype(np.uint8)
    return side_by_side(found.mean[label], deviation)


def side_by_side(first: NDArray[np.uint8], second: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Put two images of the same shape beside each other, with a grey line between."""
    line = np.full((first.shape[0], max(1, first.shape[1] // 28), first.shape[2]), 128, np.uint8)
    return np.concatenate([first, line, second], axis=1)
