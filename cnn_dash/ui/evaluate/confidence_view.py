"""Whether confidences can be believed, and what is gained by leaving the least confident predictions out."""

from dataclasses import dataclass
from functools import partial

import streamlit as st

from cnn_dash.evaluation.calibration import Coverage, Reliability, coverage, reliability
from cnn_dash.evaluation.report import Report, TestImages
from cnn_dash.inference.familiarity import scaled
from cnn_dash.inference.kept_temperature import read_familiarity
from cnn_dash.jobs import Job
from cnn_dash.metrics import percent
from cnn_dash.plots import coverage as coverage_plots
from cnn_dash.plots import reliability as reliability_plots
from cnn_dash.runs.records import Run
from cnn_dash.ui.components.waiting import result_of
from cnn_dash.ui.evaluate.keep_temperature import choose_temperature
from cnn_dash.ui.session.resources import open_calculations, result_folder

TARGETS = (0.99, 0.999)


@dataclass(frozen=True)
class _Found:
    before: Reliability
    after: Reliability | None
    temperature: float | None
    kept: Coverage


def render_confidence(run: Run, report: Report, _tested: TestImages) -> None:
    """Draw the reliability diagram, before and after temperature scaling, and accuracy by share kept."""
    assert run.result is not None  # only runs with a result can be chosen
    folder = result_folder(run.id, run.network_folder) if run.network_folder is not None else None
    known = None if folder is None else read_familiarity(folder)
    temperature = None if known is None else choose_temperature(run, known.temperature)
    key = "confidence", run.id, run.result.folder, temperature
    found = result_of(open_calculations(), key, partial(_compute, report, temperature), "Computing")
    if found is None:
        return
    with st.grid("auto", min_column_width=170):
        _metric("Calibration error", found.before, found.after)
        st.metric(
            "Temperature",
            "–" if found.temperature is None else f"{found.temperature:.2f}",
            help="Divides the logits. Fitted on the validation images of the run, never on the test images. Above 1 "
            "the network is too sure of itself, below 1 too modest. Predict uses it, or the one that is kept.",
        )
        st.metric(
            "Overconfidence",
            f"{100 * found.before.overconfidence:+.1f} %",
            help="Mean confidence minus accuracy: positive if the network is surer than it is right. As trained, "
            "without temperature scaling.",
        )
        for target in TARGETS:
            share = found.kept.share_at(target)
            st.metric(
                f"Kept at {100 * target:g} %",
                percent(share) if 0 < share < 1 else ("all" if share else "none"),
                help=f"The largest share of the predictions, the most confident ones, with an accuracy of at least "
                f"{100 * target:g} %.",
            )
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader("Reliability")
        info = reliability_plots.reliability_info(*_lines(found))
        st.plotly_chart(
            reliability_plots.reliability_plot(info),
            key="evaluate_reliability",
            alt=reliability_plots.describe(info),
            config={"displayModeBar": False},
        )
        st.caption(
            "Each point: the images of one of 15 bins of confidence; the larger, the more images. On the dotted line "
            "the network is right as often as it says."
        )
        if found.after is None:
            st.caption("There is no temperature: it is fitted for runs that CNN Dash trains itself.")
    with right:
        st.subheader("If it may abstain")
        kept = coverage_plots.coverage_info(found.kept.share, found.kept.accuracy, found.kept.threshold)
        st.plotly_chart(
            coverage_plots.coverage_plot(kept),
            key="evaluate_coverage",
            alt=coverage_plots.describe(kept),
            config={"displayModeBar": False},
        )
        st.caption("Accuracy of the most confident predictions alone, by the share of them that is kept.")


def _metric(label: str, before: Reliability, after: Reliability | None) -> None:
    about = (
        "Expected calibration error on the test images: the mean distance of confidence and accuracy over 15 bins, "
        "weighted by images. "
    )
    if after is None:
        st.metric(label, percent(before.calibration_error), help=about)
        return
    st.metric(
        label,
        percent(before.calibration_error),
        delta=f"{percent(after.calibration_error)} with temperature",
        delta_color="off",
        delta_arrow="off",
        help=f"{about}The loss goes from {before.loss:.4f} to {after.loss:.4f} with temperature scaling.",
    )


def _lines(found: _Found) -> list[reliability_plots.ReliabilityLine]:
    named = [("as trained", found.before), ("temperature-scaled", found.after)]
    return [
        reliability_plots.reliability_line(name, one.confidence, one.accuracy, one.counts, one.calibration_error)
        for name, one in named
        if one is not None
    ]


def _compute(report: Report, temperature: float | None, job: Job[_Found]) -> _Found:
    job.tell("By confidence")
    before, kept = reliability(report.labels, report.probabilities), coverage(report.labels, report.probabilities)
    if temperature is None:  # of another program, or trained before it was fitted
        return _Found(before, None, None, kept)
    job.tell("With temperature scaling")
    after = reliability(report.labels, scaled(report.probabilities, temperature))
    return _Found(before, after, temperature, kept)
