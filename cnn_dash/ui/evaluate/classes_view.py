"""Metrics of each class, and the curves of some."""

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import streamlit as st

from cnn_dash.evaluation.report import Report, TestImages
from cnn_dash.jobs import Job
from cnn_dash.metrics import percent
from cnn_dash.plots import class_curves
from cnn_dash.runs.records import Run
from cnn_dash.text import as_cell
from cnn_dash.ui.components.waiting import result_of
from cnn_dash.ui.session import evaluate_keys
from cnn_dash.ui.session.resources import open_calculations

if TYPE_CHECKING:
    from cnn_dash.evaluation.per_class import ClassCurves, ClassMetrics

FIRST_CURVES = 5
MOST_CURVES = 10
TABLE_ROWS = 12


def render_classes(run: Run, report: Report, tested: TestImages) -> None:
    """Draw the table of classes and, below, their curves."""
    assert run.result is not None  # only runs with a result can be chosen
    of_run = run.id, run.result.folder
    key = "classes", *of_run
    found = result_of(open_calculations(), key, partial(_metrics, report), "Computing the metrics")
    if found is None:
        return
    names = tested.class_names
    with st.grid("auto", min_column_width=130):
        for label, values, about in (
            ("Precision", found.precision, "share of the images predicted as a class that are of it"),
            ("Recall", found.recall, "share of the images of a class that were predicted as it"),
            ("F1", found.f1, "harmonic mean of precision and recall"),
            ("AUC", found.auc, "area under the ROC curve of a class against all others"),
        ):
            st.metric(f"{label} (macro)", _mean(values), help=f"Mean over the classes of the {about}.")
        for k, accuracy in found.top.items():
            about = f"Share of the images whose true class is among the {k} most probable ones."
            st.metric(f"Top-{k} accuracy", percent(accuracy), help=about)
    table = pd.DataFrame(
        {
            "class": list(map(as_cell, names)),
            "images": found.support,
            "precision": found.precision,
            "recall": found.recall,
            "F1": found.f1,
            "AUC": found.auc,
        }
    )
    share = partial(st.column_config.ProgressColumn, format="percent", min_value=0.0, max_value=1.0)
    st.dataframe(
        table,
        hide_index=True,
        height=35 * (min(TABLE_ROWS, len(names)) + 1) + 3,
        column_config={
            "class": st.column_config.TextColumn("Class"),
            "images": st.column_config.NumberColumn("Images", help="Test images of the class (support)."),
            "precision": share("Precision"),
            "recall": share("Recall"),
            "F1": share("F1"),
            "AUC": st.column_config.NumberColumn("AUC", format="%.4f"),
        },
        alt="Metrics of each class",
    )
    st.caption("Click the name of a column to sort by it. Empty: not defined, as nothing was predicted as the class.")
    _render_curves(of_run, report, names, found)


def _render_curves(of_run: tuple[int, str], report: Report, names: tuple[str, ...], found: "ClassMetrics") -> None:
    have = np.flatnonzero((found.support > 0) & (found.support < len(report.labels)))
    if not len(have):
        return
    worst = have[np.argsort(found.auc[have], kind="stable")]
    key = evaluate_keys.EVALUATE_CURVE_CLASSES
    # Another run may have other classes.
    if any(one not in have for one in st.session_state.get(key, [])):
        del st.session_state[key]
    chosen = st.multiselect(
        "Curves of the classes",
        worst.tolist(),
        default=worst[:FIRST_CURVES].tolist(),
        key=key,
        format_func=lambda one: names[one],
        max_selections=MOST_CURVES,
        placeholder="No class",
        help="Those with the least AUC first. Each class against all others.",
    )
    if not chosen:
        return
    curves = result_of(
        open_calculations(),
        ("curves", *of_run, tuple(chosen)),
        partial(_curves, report, chosen),
        "Computing the curves",
    )
    if curves is None:
        return
    roc = class_curves.class_curves_info(
        "roc",
        [
            class_curves.ClassCurve(
                names[one.class_index], one.class_index, one.false_positive_rate, one.true_positive_rate, one.auc
            )
            for one in curves
        ],
    )
    pr = class_curves.class_curves_info(
        "precision-recall",
        [
            class_curves.ClassCurve(
                names[one.class_index], one.class_index, one.recall, one.precision, one.average_precision, one.share
            )
            for one in curves
        ],
    )
    for column, info, title in zip(st.columns(2), (roc, pr), ("ROC", "Precision and recall"), strict=True):
        with column:
            st.markdown(f"**{title}**")
            st.plotly_chart(
                class_curves.class_curves_plot(info),
                key=f"{key}_{info.kind}",
                alt=class_curves.describe(info),
                config={"displayModeBar": False},
            )


def _mean(values: np.ndarray) -> str:
    known = values[np.isfinite(values)]
    return f"{known.mean():.4f}" if len(known) else "–"


def _metrics(report: Report, job: "Job[ClassMetrics]") -> "ClassMetrics":
    job.tell("Each class against all others")
    from cnn_dash.evaluation.per_class import class_metrics  # scikit-learn takes a second

    return class_metrics(report, job.tell_share)


def _curves(report: Report, classes: list[int], job: "Job[list[ClassCurves]]") -> "list[ClassCurves]":
    job.tell("Each class against all others")
    from cnn_dash.evaluation.per_class import class_curves

    return class_curves(report, classes)
