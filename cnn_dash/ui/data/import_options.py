"""How pictures become images of a data set: the choice, and what it does to some of them."""

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from PIL import Image

from cnn_dash.datasets.own.inspection import SIZES, Inspection, Sample, preview
from cnn_dash.datasets.own.manifest import ImportOptions
from cnn_dash.ui.components.thumbnails import Thumbnail, render_thumbnails
from cnn_dash.ui.session import widget_keys

GREY, RGB = "grey", "rgb"
FIT, FILL = "fit", "fill"
_COLOURS = {GREY: "grey", RGB: "colour"}
_SHOWN_PX = 120
_GROUND = 128


def render_options(found: Inspection) -> ImportOptions:
    """Ask for size, colour and fit, and for the share of a test set where none was brought."""
    size, colour = found.suggested.size, found.suggested.colour
    with st.container(horizontal=True):
        chosen_size = st.segmented_control(
            "Size in pixels",
            SIZES,
            default=size,
            required=True,
            key=widget_keys.DATA_SIZE,
            persist_state="session",
            help="Height and width of all images. Larger ones show more, and take longer to train: twice the size, "
            "four times as long.",
        )
        chosen_colour = st.segmented_control(
            "Colour",
            list(_COLOURS),
            default=colour,
            required=True,
            format_func=lambda one: _COLOURS[one],
            key=widget_keys.DATA_COLOUR,
            persist_state="session",
        )
        chosen_fit = st.segmented_control(
            "Proportions",
            [FIT, FILL],
            default=FIT,
            required=True,
            key=widget_keys.DATA_FIT,
            persist_state="session",
            help="fit keeps the whole picture, with a border in the colour of its edge; fill keeps its middle.",
        )
    share = ImportOptions().test_fraction
    if not found.has_test:
        share = (
            st.slider(
                "Held out for the test",
                5,
                50,
                round(100 * share),
                5,
                format="%d %%",
                key=widget_keys.DATA_TEST_SHARE,
                persist_state="session",
                help="Of each class. The network never sees these images while it learns.",
            )
            / 100
        )
    return ImportOptions(int(chosen_size or size), str(chosen_colour), str(chosen_fit), share)


def render_before_and_after(samples: tuple[Sample, ...], options: ImportOptions) -> None:
    """Draw pictures beside what they would become."""
    if not samples:
        st.caption("No picture could be shown.")
        return
    st.caption("Some pictures, before and after:")
    render_thumbnails(
        (
            Thumbnail(
                before_and_after(one, options),
                alt=f"{one.file}, before and after resizing",
                lines=(one.label, f"{one.width} × {one.height} → {options.size} × {options.size}"),
            )
            for one in samples
        ),
        width_px=180,
        stretch=True,
    )


def before_and_after(sample: Sample, options: ImportOptions) -> NDArray[np.uint8]:
    """Return a picture beside the image that it becomes: uint8 (120, 246, 3)."""
    image = preview(sample, options)
    after = np.broadcast_to(image, (*image.shape[:2], 3))
    before = Image.fromarray(sample.pixels)
    enlarged = _SHOWN_PX / max(before.size)
    resampling = Image.Resampling.NEAREST if enlarged > 1 else Image.Resampling.BILINEAR
    before = before.resize([max(1, round(side * enlarged)) for side in before.size], resampling)
    made = np.full((_SHOWN_PX, 2 * _SHOWN_PX + 6, 3), _GROUND, np.uint8)
    left, top = (_SHOWN_PX - before.width) // 2, (_SHOWN_PX - before.height) // 2
    made[top : top + before.height, left : left + before.width] = np.asarray(before)
    enlarged_after = Image.fromarray(np.ascontiguousarray(after)).resize(
        (_SHOWN_PX, _SHOWN_PX), Image.Resampling.NEAREST
    )
    made[:, -_SHOWN_PX:] = np.asarray(enlarged_after)
    return made
