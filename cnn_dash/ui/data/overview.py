"""The first look at a data set: how many images of each class, and which pixel values."""

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnn_dash.datasets.exploration import positions
from cnn_dash.datasets.exploration.class_counts import class_counts, unbalanced
from cnn_dash.datasets.internal_format import Imported
from cnn_dash.plots import class_counts as counts_plot
from cnn_dash.plots import image_sizes, pixel_histogram
from cnn_dash.ui.components.messages import plain
from cnn_dash.ui.data.class_images import class_images_of
from cnn_dash.ui.session import settings_url, widget_keys
from cnn_dash.ui.session.navigation import go


def render_overview(data: Imported, sizes: NDArray[np.int64] | None) -> None:
    """Draw images by class and split, and the histogram of pixel values."""
    counts = class_counts(data)
    told = unbalanced(counts[0], data.class_names)
    if told:
        st.info(plain(told), icon=":material/balance:")
        if st.button("Train with balanced classes", key=widget_keys.DATA_BALANCE, icon=":material/balance:"):
            query = {settings_url.DATASET: st.session_state[widget_keys.DATA_DATASET], settings_url.BALANCE: "true"}
            go("train", **query)
    st.subheader("Images by class")
    largest_first = st.toggle("Largest first", key=widget_keys.DATA_LARGEST_FIRST)
    info = counts_plot.class_counts_info(counts, data.class_names, positions.SPLITS, largest_first=largest_first)
    st.plotly_chart(
        counts_plot.class_counts_plot(info),
        key=widget_keys.DATA_COUNTS,
        alt=counts_plot.describe(info),
        config={"displayModeBar": False},
    )
    said = f"{counts_plot.describe(info)} Each run sets some of the images to train with aside for validation."
    st.caption(plain(said))
    if sizes is not None:
        _render_sizes(sizes)
    st.subheader("Pixel values")
    found = class_images_of(data)
    if found is None:
        return
    values = pixel_histogram.pixel_histogram_info(found.histogram)
    st.plotly_chart(
        pixel_histogram.pixel_histogram_plot(values),
        key=widget_keys.DATA_HISTOGRAM,
        alt=pixel_histogram.describe(values),
        config={"displayModeBar": False},
    )
    st.caption(pixel_histogram.describe(values))


def _render_sizes(sizes: NDArray[np.int64]) -> None:
    st.subheader("Sizes before resizing")
    info = image_sizes.image_sizes_info(sizes)
    if len(info.counts) > 1:
        st.plotly_chart(
            image_sizes.image_sizes_plot(info),
            key=widget_keys.DATA_SIZES,
            alt=image_sizes.describe(info),
            config={"displayModeBar": False},
        )
    st.caption(image_sizes.describe(info))
