"""Images of a data set, some at a time, each with what it is."""

from collections.abc import Sequence

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnn_dash.datasets.exploration import positions
from cnn_dash.datasets.internal_format import Imported
from cnn_dash.ui.components.pager import render_pager
from cnn_dash.ui.components.thumbnails import Thumbnail, render_thumbnails

A_PAGE = 40
IMAGE_PX = 64


def page_of(total: int, a_page: int, key: str) -> tuple[int, int]:
    """Draw the pager of a list, if it has several pages; return begin and end of the page that is open."""
    if total <= a_page:
        return 0, total
    with st.container(horizontal=True, vertical_alignment="center"):
        return render_pager(total, a_page, key)


def render_image_pages(
    data: Imported, found: NDArray[np.integer], key: str, notes: Sequence[str] | None = None
) -> None:
    """Draw a page of images with class, split and index.

    Args:
        data: The data set.
        found: Positions of the images, int (n,), in the order in which they are drawn.
        key: Of the pager.
        notes: A further line for each of them.
    """
    begin, end = page_of(len(found), A_PAGE, key)
    shown = found[begin:end]
    label = positions.labels(data)
    images = positions.images_at(data, shown)
    render_thumbnails(
        (
            Thumbnail(
                image,
                alt=f"{place_text(data, int(one))}, class {data.class_names[label[one]]}",
                lines=(
                    data.class_names[label[one]],
                    place_text(data, int(one)),
                    *([notes[begin + number]] if notes else []),
                ),
            )
            for number, (one, image) in enumerate(zip(shown, images, strict=True))
        ),
        width_px=max(IMAGE_PX, min(96, data.train_images.shape[2])),
        stretch=True,
    )


def place_text(data: Imported, position: int) -> str:
    """Return split and index of an image: `train 12`."""
    split, index = positions.place(data, position)
    return f"{split} {index}"
