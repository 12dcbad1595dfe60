"""Accuracy by what the images are like: by brightness, size, width of strokes."""

from functools import partial

import numpy as np
import streamlit as st

from cnn_dash.evaluation.properties import PROPERTIES, Floats, Property, measure_all
from cnn_dash.evaluation.report import Report, TestImages
from cnn_dash.evaluation.subsets import Subset, subsets_by
from cnn_dash.jobs import Job
from cnn_dash.metrics import percent
from cnn_dash.plots import subsets
from cnn_dash.runs.records import Run
from cnn_dash.ui.components.waiting import result_of
from cnn_dash.ui.evaluate.image_dialog import render_image_dialog
from cnn_dash.ui.evaluate.image_page import render_image_page
from cnn_dash.ui.evaluate.keep_temperature import as_told
from cnn_dash.ui.session import evaluate_keys
from cnn_dash.ui.session.resources import open_calculations


@st.fragment
def render_subsets(run: Run, report: Report, tested: TestImages) -> None:
    """Draw a plot for each property, name the groups that fall behind, and show the images of one."""
    assert run.result is not None  # only runs with a result can be chosen
    if not len(tested.images):
        st.info("There are no images of this run's test, so nothing can be said of what they are like.")
        return
    report = as_told(run, report)
    key = "properties", run.id, run.result.folder, run.data_sha256
    measured = result_of(open_calculations(), key, partial(_measure, tested), "Measuring the images")
    if measured is None:
        return
    wrong = report.wrong[: len(tested.images)]
    groups = {name: subsets_by(values, wrong) for name, values in measured.items()}
    known = [one for one in PROPERTIES if len(groups.get(one.name, [])) > 1]  # what all images share tells nothing
    accuracy = 1 - float(wrong.mean())
    all_groups = {f"{one.label} {_bounds(group)}": group for one in known for group in groups[one.name]}
    _render_behind({name: group for name, group in all_groups.items() if group.behind}, accuracy)
    with st.grid(2, min_column_width=300, gap="medium"):
        for one in known:
            _render_plot(one, groups[one.name], accuracy)
    st.caption(
        "Five groups of about the same size each, with 95 % intervals (Wilson). The dotted line is the accuracy of all "
        "test images. A group falls behind if its whole interval is below the accuracy of all others; of so many "
        "groups one may do so by chance."
    )
    _render_images(run, report, tested, all_groups)


def _render_behind(behind: dict[str, Subset], accuracy: float) -> None:
    if not behind:
        st.success(f"No group falls behind the others. All test images: {percent(accuracy)}.", icon=":material/check:")
        return
    lines = "\n".join(
        f"- **{name}**: {percent(group.accuracy)} of {len(group.images):,} images "
        f"({percent(group.interval[0])} to {percent(group.interval[1])})"
        for name, group in behind.items()
    )
    st.warning(
        f"These fall behind the {percent(accuracy)} of all test images:\n\n{lines}", icon=":material/trending_down:"
    )


def _render_plot(one: Property, groups: list[Subset], accuracy: float) -> None:
    info = subsets.subsets_info(
        f"{one.label} ({one.unit})",
        [
            subsets.GroupAccuracy(
                _bounds(group), len(group.images), group.accuracy, *group.interval, behind=group.behind
            )
            for group in groups
        ],
        accuracy,
    )
    st.plotly_chart(
        subsets.subsets_plot(info),
        key=f"evaluate_subsets_{one.name}",
        alt=subsets.describe(info),
        config={"displayModeBar": False},
    )


def _render_images(run: Run, report: Report, tested: TestImages, groups: dict[str, Subset]) -> None:
    choices = sorted(groups, key=lambda name: not groups[name].behind)  # those that fall behind first
    if st.session_state.get(evaluate_keys.EVALUATE_SUBSET) not in [None, *choices]:
        del st.session_state[evaluate_keys.EVALUATE_SUBSET]
    chosen: str | None = st.selectbox(
        "Show the images of",
        choices,
        index=None,
        key=evaluate_keys.EVALUATE_SUBSET,
        format_func=lambda name: f"{name} · {percent(groups[name].accuracy)}",
        placeholder="No group",
        help="Those that fall behind first. Mistakes come first, the hardest images before others.",
    )
    if chosen is None:
        return
    images = groups[chosen].images
    found = images[np.argsort(report.of_label[images], kind="stable")]
    opened = render_image_page(
        run,
        report,
        tested.class_names,
        tested.images,
        found,
        page_key=evaluate_keys.EVALUATE_SUBSET_PAGE,
        images_key=evaluate_keys.EVALUATE_SUBSET_IMAGES,
    )
    if opened is not None:
        render_image_dialog(run, report, tested.class_names, tested.images, opened)


def _bounds(group: Subset) -> str:
    return f"{group.low:.3g}" if group.low == group.high else f"{group.low:.3g}–{group.high:.3g}"


def _measure(tested: TestImages, job: "Job[dict[str, Floats]]") -> dict[str, Floats]:
    return measure_all(tested.images, job.tell)
