"""A map of the test images, on which a person selects some, to see how accurate the network is there."""

from functools import partial

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnn_dash.datasets.internal_format import Imported
from cnn_dash.evaluation.report import Report, TestImages
from cnn_dash.runs.records import Run
from cnn_dash.ui.components.drawn_map import KIND_HELP, PCA, TSNE, draw_map
from cnn_dash.ui.components.image_map import render_image_map
from cnn_dash.ui.components.waiting import result_of
from cnn_dash.ui.session import evaluate_keys
from cnn_dash.ui.session.resources import open_explorations, open_store

RIGHT, WRONG = "predicted correctly", "mistake"
_SELECTED = "evaluate_map_selected"


def render_test_map(run: Run, report: Report, tested: TestImages) -> NDArray[np.int64]:
    """Draw the map, if it is asked for; return the positions of the selected images in the test set, int64 (M,)."""
    assert run.result is not None  # only runs with a result can be chosen
    none = np.empty(0, np.int64)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if not st.toggle(
            "Select on a map",
            key=evaluate_keys.EVALUATE_MAP_ON,
            help="Alike images are near each other: drag around some, to see how accurate the network is there.",
        ):
            return none
        kind = st.segmented_control(
            "Arranged by", [PCA, TSNE], default=PCA, required=True, key=evaluate_keys.EVALUATE_MAP_KIND, help=KIND_HELP
        )
    count = len(tested.images)
    labels = report.labels[:count]
    alone = Imported(tested.class_names, tested.images[:0], labels[:0], tested.images, labels, "")
    key = ("test map", kind, run.id, run.result.folder, run.data_sha256)
    drawn = result_of(
        open_explorations(),
        key,
        partial(draw_map, alone, kind or PCA, open_store().settings),
        "Arranging images",
        cancellable=kind == TSNE,
    )
    if drawn is None:
        return none
    places = drawn.found.positions.astype(np.int64)
    names = tested.class_names
    render_image_map(
        drawn.found.points,
        report.wrong[places].astype(np.int64),
        [f"{names[labels[one]]}, predicted {names[report.predicted[one]]}" for one in places],
        (RIGHT, WRONG),
        drawn.tiles,
        highlight=None,
        alt=f"Map of {len(places):,} test images, arranged by {kind}; the colour says whether the prediction is right",
        on_select=partial(_select, key),
        key=evaluate_keys.EVALUATE_MAP,
    )
    st.caption("Drag around points to select them; double-click to begin again; Ctrl and wheel to zoom.")
    of, selected = st.session_state.get(_SELECTED, (None, []))
    return places[selected] if of == key else none


def _select(key: object, points: list[int]) -> None:
    st.session_state[_SELECTED] = (key, points)
