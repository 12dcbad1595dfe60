"""The parts of the page, as tabs: only the open one is computed."""

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
    """Draw the tabs, and what is in the open one."""
    tabs = st.tabs(list(VIEWS), key=evaluate_keys.EVALUATE_VIEW, on_change="rerun")
    for tab, render in zip(tabs, VIEWS.values(), strict=True):
        if tab.open:
            with tab:
                render(run, report, tested)
