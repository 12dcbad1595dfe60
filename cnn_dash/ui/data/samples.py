"""Images of one class, or of all, page by page."""

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnn_dash.datasets.exploration import positions
from cnn_dash.datasets.internal_format import Imported
from cnn_dash.datasets.splits import permutation
from cnn_dash.ui.data.pages_of_images import render_image_pages
from cnn_dash.ui.session import widget_keys

ALL = -1
BOTH = "both"
_SHUFFLE_SEED = "data_shuffle_seed"


def render_samples(data: Imported, _sizes: NDArray[np.int64] | None) -> None:
    """Draw the filters and a page of images."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        label = render_choose_class(data, widget_keys.DATA_CLASS)
        split = st.segmented_control(
            "Split", [BOTH, *positions.SPLITS], default=BOTH, required=True, key=widget_keys.DATA_SPLIT
        )
        if st.button("Shuffle", key=widget_keys.DATA_SHUFFLE, icon=":material/shuffle:"):
            st.session_state[_SHUFFLE_SEED] = st.session_state.get(_SHUFFLE_SEED, 0) + 1
    found = np.arange(positions.count(data))
    train = len(data.train_labels)
    if split != BOTH:
        found = found[:train] if split == positions.SPLITS[0] else found[train:]
    if label is not None:
        found = found[positions.labels(data)[found] == label]
    if seed := st.session_state.get(_SHUFFLE_SEED):
        found = found[permutation(len(found), seed)]
    with st.container(key=widget_keys.DATA_IMAGES):
        if not len(found):
            st.info("No image matches. Choose another class, or both splits.")
            return
        render_image_pages(data, found, widget_keys.DATA_PAGE)


def render_choose_class(data: Imported, key: str) -> int | None:
    """Let a person choose a class; None stands for all."""
    names = data.class_names
    if st.session_state.get(key, ALL) not in range(ALL, len(names)):
        st.session_state[key] = ALL
    label: int = st.selectbox(
        "Class",
        [ALL, *range(len(names))],
        key=key,
        format_func=lambda value: "all" if value == ALL else names[value],
        width=200,
    )
    return None if label == ALL else label
