"""The map of images, and those that a person chose on it."""

from functools import partial

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnn_dash.datasets.exploration import positions
from cnn_dash.datasets.exploration.image_map import ImageMap
from cnn_dash.datasets.internal_format import Imported
from cnn_dash.metrics import percent
from cnn_dash.ui.components.drawn_map import KIND_HELP, PCA, TSNE, draw_map
from cnn_dash.ui.components.image_map import render_image_map
from cnn_dash.ui.components.messages import plain
from cnn_dash.ui.components.waiting import result_of
from cnn_dash.ui.data.pages_of_images import place_text, render_image_pages
from cnn_dash.ui.data.samples import render_choose_class
from cnn_dash.ui.session import widget_keys
from cnn_dash.ui.session.resources import open_explorations, open_store

_CHOSEN = "data_map_chosen"


def render_map(data: Imported, _sizes: NDArray[np.int64] | None) -> None:
    """Draw the map and, below, the images chosen on it."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = st.segmented_control(
            "Arranged by",
            [PCA, TSNE],
            default=PCA,
            required=True,
            key=widget_keys.DATA_MAP_KIND,
            help=KIND_HELP,
        )
        label = render_choose_class(data, widget_keys.DATA_MAP_CLASS)
    key = ("map", kind, data.content_hash)
    work = partial(draw_map, data, kind, open_store().settings)
    drawn = result_of(open_explorations(), key, work, "Arranging images", cancellable=kind == TSNE)
    if drawn is None:
        return
    found = drawn.found
    all_labels = positions.labels(data)
    labels = all_labels[found.positions]
    captions = [
        f"{data.class_names[one]} · {place_text(data, int(position))}"
        for one, position in zip(labels, found.positions, strict=True)
    ]
    about = _about(data, found, kind)
    render_image_map(
        found.points,
        labels,
        captions,
        data.class_names,
        drawn.tiles,
        highlight=label,
        alt=about,
        on_select=partial(_choose, key),
        key=widget_keys.DATA_MAP,
    )
    st.caption(f"{about} Drag around points to choose them; double-click to begin again; Ctrl and wheel to zoom.")
    chosen_for, chosen = st.session_state.get(_CHOSEN, (None, []))
    if chosen_for == key and chosen:
        st.subheader(f"{len(chosen):,} chosen image{'s' * (len(chosen) > 1)}")
        st.caption(plain(_classes(data, labels[chosen])))
        render_image_pages(data, found.positions[chosen], widget_keys.DATA_MAP_PAGE)


def _choose(key: object, points: list[int]) -> None:
    st.session_state[_CHOSEN] = (key, points)


def _about(data: Imported, found: ImageMap, kind: str) -> str:
    total, shown = positions.count(data), len(found.positions)
    which = f"all {total:,} images" if shown == total else f"{shown:,} of {total:,} images, chosen at random"
    text = f"Map of {which}, arranged by {kind}"
    if found.explained is None:
        return f"{text}: neighbours look alike."
    return f"{text}: both directions together explain {percent(found.explained)} of the variance of the pixels."


def _classes(data: Imported, labels: np.ndarray) -> str:
    counts = np.bincount(labels, minlength=len(data.class_names))
    order = np.argsort(-counts, kind="stable")[: np.count_nonzero(counts)]
    named = [f"{data.class_names[one]} ({counts[one]:,})" for one in order[:10]]
    return ", ".join(named) + (f" and {len(order) - 10} more classes" if len(order) > 10 else "")
