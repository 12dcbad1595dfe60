"""Images that are there twice, side by side."""

from functools import partial

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnn_dash.datasets.exploration import duplicates, positions
from cnn_dash.datasets.exploration.duplicates import Duplicates, Pair
from cnn_dash.datasets.internal_format import Imported
from cnn_dash.jobs import Job
from cnn_dash.ui.components.thumbnails import Thumbnail, render_thumbnails
from cnn_dash.ui.components.waiting import result_of
from cnn_dash.ui.data.means import side_by_side
from cnn_dash.ui.data.pages_of_images import page_of, place_text
from cnn_dash.ui.session import widget_keys
from cnn_dash.ui.session.resources import open_explorations

A_PAGE = 24
PAIR_PX = 150
ACROSS, NEAR, WITHIN = "across", "near", "within"
_ABOUT = {
    ACROSS: "The same image, pixel by pixel, to train with and in the test: the network has seen the answer.",
    NEAR: "Nearly the same image in both splits. Images of few strokes, such as the digit 1, are alike without "
    "being copies; photographs hardly are.",
    WITHIN: "The same image, pixel by pixel, twice in one split: it counts twice.",
}


def render_duplicates(data: Imported, _sizes: NDArray[np.int64] | None) -> None:
    """Draw pairs of one kind, page by page; those with different classes first."""
    key = "duplicates", data.content_hash
    found = result_of(open_explorations(), key, partial(_duplicates, data), "Comparing images")
    if found is None:
        return
    kinds = {
        ACROSS: (f"In both splits · {found.across_count:,}", found.across),
        NEAR: (f"Nearly, in both splits · {found.near_count:,}", found.near),
        WITHIN: (f"Twice in a split · {found.within_count:,}", found.within),
    }
    kind = st.segmented_control(
        "Duplicates",
        list(kinds),
        default=_first(found),
        required=True,
        format_func=lambda one: kinds[one][0],
        key=widget_keys.DATA_DUPLICATES,
        label_visibility="collapsed",
    )
    pairs = kinds[kind][1]
    st.caption(_ABOUT[kind])
    if not pairs:
        st.success("There are none.", icon=":material/check_circle:")
    else:
        _render_pairs(data, pairs)
        if len(pairs) == duplicates.MOST_PAIRS:
            st.caption(f"Only {duplicates.MOST_PAIRS:,} pairs are listed.")
    st.caption(
        f"Near duplicates: perceptual hash of 64 bits (pHash; C. Zauner, 2010), at most {duplicates.MOST_BITS} bits "
        f"different, and pixels that correlate by {duplicates.LEAST_CORRELATION} or more."
    )


def _duplicates(data: Imported, job: Job[Duplicates]) -> Duplicates:
    return duplicates.duplicates(data, job.tell_share)


def _first(found: Duplicates) -> str:
    return next((kind for kind in (ACROSS, NEAR, WITHIN) if getattr(found, kind)), ACROSS)


def _render_pairs(data: Imported, pairs: tuple[Pair, ...]) -> None:
    begin, end = page_of(len(pairs), A_PAGE, widget_keys.DATA_DUPLICATES_PAGE)
    shown = pairs[begin:end]
    images = positions.images_at(data, np.array([one for pair in shown for one in (pair.first, pair.second)]))
    render_thumbnails(
        (
            Thumbnail(
                side_by_side(images[2 * number], images[2 * number + 1]),
                alt=f"{place_text(data, pair.first)} beside {place_text(data, pair.second)}",
                lines=_lines(data, pair),
                correct=None if pair.same_label else False,
            )
            for number, pair in enumerate(shown)
        ),
        width_px=PAIR_PX,
        stretch=True,
    )


def _lines(data: Imported, pair: Pair) -> tuple[str, ...]:
    label = positions.labels(data)
    first, second = (data.class_names[label[one]] for one in (pair.first, pair.second))
    places = f"{place_text(data, pair.first)} | {place_text(data, pair.second)}"
    classes = first if pair.same_label else f"{first} | {second}"
    if pair.correlation < 1:
        return classes, places, f"correlation {pair.correlation:.3f}"
    return classes, places
