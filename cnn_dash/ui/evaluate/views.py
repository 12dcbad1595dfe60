"""The views of the page: only the open one is computed."""

from collections.abc import Callable

import streamlit as st

from cnn_dash.evaluation.report import Report, TestImages
from cnn_dash.runs.records import Run
from cnn_dash.ui.evaluate.classes_view import render_classes
from cnn_dash.ui.evaluate.confidence_view import render_confidence
from cnn_dash.ui.evaluate.labels_view import render_labels
from cnn_dash.ui.evaluate.mistakes_view import render_mistakes
from cnn_dash.ui.evaluate.robustness_view import render_robustness
from cnn_dash.ui.evaluate.subsets_view import render_subsets
from cnn_dash.ui.evaluate.two_runs_view import render_two_runs
from cnn_dash.ui.session import evaluate_keys

VIEWS: dict[str, Callable[[Run, Report, TestImages], None]] = {
    "Mistakes": render_mistakes,
    "Classes": render_classes,
    "Confidence": render_confidence,
    "Subsets": render_subsets,
    "Labels": render_labels,
    "Two runs": render_two_runs,
    "Robustness": render_robustness,
}


def render_views(run: Run, report: Report, tested: TestImages) -> None:
    """Draw the choice of a view, and the one that is open.

    Not `st.tabs`: those are switched off, and set back to what the server knew last, while the page is drawn anew, as
    it is when something in the background is ready; a click or key in that moment was lost.
    """
    opened = st.segmented_control(
        "View",
        list(VIEWS),
        key=evaluate_keys.EVALUATE_VIEW,
        default=next(iter(VIEWS)),
        required=True,
        label_visibility="collapsed",
        wrap=True,
    )
    # A place for each: what still looks for a result of the view before cannot draw into this one.
    places = [st.container() for _ in VIEWS]
    for place, (name, render) in zip(places, VIEWS.items(), strict=True):
        if name == opened:
            with place:
                render(run, report, tested)
