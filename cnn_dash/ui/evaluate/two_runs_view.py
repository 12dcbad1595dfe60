"""Two runs on one test set: where they disagree, whether one is better, and both confusion matrices."""

from dataclasses import dataclass
from functools import partial

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnn_dash.datasets.own.names import split_name
from cnn_dash.errors import CnnDashError
from cnn_dash.evaluation.paired import Disagreement, Paired, compare, disagreements, same_images
from cnn_dash.evaluation.report import Report, TestImages
from cnn_dash.evaluation.versions import common_test_images
from cnn_dash.jobs import Job
from cnn_dash.metrics import percent
from cnn_dash.plots import confusion
from cnn_dash.plots.layout import percent as short_percent
from cnn_dash.runs.records import Run
from cnn_dash.runs.store import TESTED
from cnn_dash.ui.components.messages import render_error
from cnn_dash.ui.components.run_picker import LATEST
from cnn_dash.ui.components.waiting import result_of
from cnn_dash.ui.evaluate.image_dialog import render_image_dialog
from cnn_dash.ui.evaluate.image_page import render_image_page
from cnn_dash.ui.formatting import run_label
from cnn_dash.ui.session import evaluate_keys
from cnn_dash.ui.session.resources import open_calculations, open_store
from cnn_dash.ui.session.resources import report as report_of

LEAST_P = 1e-4


@dataclass(frozen=True, eq=False)
class _Both:
    """Two runs and what they predicted for the images that they have in common.

    Attributes:
        run: The run on show.
        other: The second one.
        first: Predictions of the run on show.
        second: Predictions of the other.
        positions: Of these images in the test set of the run on show.
    """

    run: Run
    other: Run
    first: Report
    second: Report
    positions: NDArray[np.intp]


@st.fragment
def render_two_runs(run: Run, report: Report, tested: TestImages) -> None:
    """Let a person choose a second run, and draw how both differ."""
    assert run.result is not None  # only runs with a result can be chosen
    other = _choose_other(run)
    if other is None:
        return
    assert other.result is not None
    try:
        second = report_of(other.id, other.result.folder)
        common = common_test_images(run, other, open_store().settings)
        both = _Both(run, other, report, second, np.arange(len(report.labels)))
        if common is not None:
            both = _Both(run, other, report.at(common[0]), second.at(common[1]), common[0])
        same = same_images(both.first, both.second)
    except CnnDashError as error:
        render_error(error)
        return
    key = ("paired", run.id, run.result.folder, other.id, other.result.folder)
    found = result_of(open_calculations(), key, partial(_compare, both.first, both.second), "Comparing")
    if found is None:
        return
    _render_test(run, other, found)
    apart = len(report.labels) + len(second.labels) - 2 * len(both.positions)
    if left_out := [
        f"{count:,} {'image' if count == 1 else 'images'} {why}"
        for count, why in (
            (int((~same).sum()), "with a label that was corrected in between"),
            (apart, "in one of the two versions alone"),
        )
        if count
    ]:
        st.caption(f"Left out of these numbers: {', '.join(left_out)}.")
    images, matrices = st.tabs(["Where they disagree", "Both confusion matrices"], on_change="rerun")
    if images.open:
        with images:
            _render_images(both, report, tested)
    if matrices.open:
        with matrices:
            _render_matrices(run, other, report, second, tested)


def _choose_other(run: Run) -> Run | None:
    """Let a person choose a run that was tested on the same data set; None if there is none, or none is chosen."""
    tested = open_store().select(TESTED, limit=LATEST)
    others = {one.id: one for one in tested if one.id != run.id and same_origin(one, run)}
    if not others:
        st.info(
            "No other run was tested on the same images. Train one with other settings on the same data set, then "
            "compare them here."
        )
        return None
    key = evaluate_keys.EVALUATE_OTHER_RUN
    if st.session_state.get(key) not in [None, *others]:
        del st.session_state[key]
    chosen: int | None = st.selectbox(
        "Second run",
        list(others),
        index=None,
        key=key,
        format_func=lambda run_id: run_label(others[run_id]),
        placeholder="Choose a run to compare with",
        help="Runs that were tested on the same data set, or another version of it, newest first.",
        persist_state="session",
    )
    return None if chosen is None else others[chosen]


def same_origin(one: Run, other: Run) -> bool:
    """Return whether two runs were tested on the same data set, perhaps in two of its versions (`flowers@2`)."""
    if one.dataset == other.dataset:
        return same_data(one, other)
    names = [split_name(run.dataset or "") for run in (one, other)]  # None for a fold
    return names[0] is not None and names[1] is not None and names[0][0] == names[1][0]


def same_data(one: Run, other: Run) -> bool:
    """Return whether two runs were tested on the same data set, as far as their records tell."""
    known = None not in (one.data_sha256, other.data_sha256)
    return one.dataset == other.dataset and (not known or one.data_sha256 == other.data_sha256)


def _render_test(run: Run, other: Run, found: Paired) -> None:
    with st.grid("auto", min_column_width=150):
        st.metric("Both right", f"{found.both:,}")
        st.metric(f"Only run {run.id} right", f"{found.only_first:,}")
        st.metric(f"Only run {other.id} right", f"{found.only_second:,}")
        st.metric("Both wrong", f"{found.neither:,}")
        p = f"{found.p_value:.4f}" if found.p_value >= LEAST_P else f"< {LEAST_P:.4f}"
        st.metric(
            "p (McNemar)",
            p,
            help="McNemar's test, exact binomial, two-sided: if both networks were equally good, how likely would a "
            "difference at least this large be on the images that only one of them predicts correctly?",
        )
    low, high = found.interval
    if found.only_first == found.only_second:
        said = "Both are equally accurate on these images."
    else:
        better = other.id if found.difference > 0 else run.id
        size, ends = abs(100 * found.difference), sorted((100 * low, 100 * high))
        if found.difference < 0:
            ends = sorted(-end for end in ends)
        said = (
            f"Run {better} is more accurate by {size:.2f} percentage points (95 % interval {ends[0]:.2f} to "
            f"{ends[1]:.2f}). "
        )
        said += (
            "That may well be chance: another test set could say otherwise."
            if found.may_be_chance
            else "That is more than chance in the choice of test images would explain. It says nothing of chance in "
            "training: another seed may change either network."
        )
    st.markdown(said)


def _render_images(both: _Both, report: Report, tested: TestImages) -> None:
    run, other, first, second = both.run, both.other, both.first, both.second
    kinds: dict[Disagreement, str] = {
        "only first": f"Only run {run.id} right",
        "only second": f"Only run {other.id} right",
        "both wrong": "Both wrong, differently",
        "corrected": "Label corrected",
    }
    found = {one: disagreements(first, second, one) for one in kinds}
    known = len(tested.images)
    found = {one: places[both.positions[places] < known] for one, places in found.items()}
    if not len(found["corrected"]):
        del kinds["corrected"]
        if st.session_state.get(evaluate_keys.EVALUATE_DISAGREEMENT) == "corrected":
            del st.session_state[evaluate_keys.EVALUATE_DISAGREEMENT]
    which: Disagreement = st.segmented_control(
        "Images",
        list(kinds),
        default=next((one for one in kinds if len(found[one])), "only first"),
        required=True,
        key=evaluate_keys.EVALUATE_DISAGREEMENT,
        format_func=lambda one: f"{kinds[one]} ({len(found[one]):,})",
        label_visibility="collapsed",
        wrap=True,
    )
    images: np.ndarray = found[which]
    if not len(images):
        st.info("There is no such image. Choose another kind.")
        return
    names = tested.class_names

    place_of = dict(zip(both.positions[images].tolist(), images.tolist(), strict=True))

    def lines(index: int) -> tuple[str, ...]:
        place = place_of[index]
        answers = (
            f"run {one.id}: {names[said.predicted[place]]} · {short_percent(float(said.confidence[place]))}"
            for one, said in ((run, first), (other, second))
        )
        labels = dict.fromkeys(names[said.labels[place]] for said in (first, second))
        return (*answers, f"true: {' → '.join(labels)}")

    with st.container(key=evaluate_keys.EVALUATE_PAIR_GRID):
        opened = render_image_page(
            run,
            report,
            names,
            tested.images,
            both.positions[images],
            page_key=evaluate_keys.EVALUATE_PAIR_PAGE,
            images_key=evaluate_keys.EVALUATE_PAIR_IMAGES,
            lines=lines,
            width_px=120,
        )
    if opened is not None:
        render_image_dialog(run, report, names, tested.images, opened)


def _render_matrices(run: Run, other: Run, first: Report, second: Report, tested: TestImages) -> None:
    infos = [confusion.confusion_info(one.labels, one.predicted, tested.class_names) for one in (first, second)]
    for column, one, info, beside in zip(st.columns(2), (run, other), infos, reversed(infos), strict=True):
        with column:
            st.markdown(f"**Run {one.id}** · {percent(1 - info.mistakes / info.count)}")
            st.plotly_chart(
                confusion.confusion_plot(info, beside=beside),
                key=f"evaluate_pair_matrix_{one.id}",
                alt=confusion.describe(info),
                config={"displayModeBar": False},
            )


def _compare(first: Report, second: Report, job: Job[Paired]) -> Paired:
    job.tell("McNemar's test")
    return compare(first, second)
