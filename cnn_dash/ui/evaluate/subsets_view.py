"""Accuracy by what the images are like: by brightness, size, width of strokes, by their columns and tags, by a map."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import streamlit as st

from cnn_dash.evaluation.columns import Column, columns_of
from cnn_dash.evaluation.properties import PROPERTIES, Floats, measure_all
from cnn_dash.evaluation.report import Report, TestImages
from cnn_dash.evaluation.subsets import Subset, subset, subsets_by
from cnn_dash.jobs import Job
from cnn_dash.metrics import percent
from cnn_dash.plots import subsets
from cnn_dash.runs.records import Run
from cnn_dash.settings import Settings
from cnn_dash.ui.components.messages import plain
from cnn_dash.ui.components.waiting import result_of
from cnn_dash.ui.evaluate.image_dialog import render_image_dialog
from cnn_dash.ui.evaluate.image_page import render_image_page
from cnn_dash.ui.evaluate.keep_temperature import as_told
from cnn_dash.ui.evaluate.map_selection import render_test_map
from cnn_dash.ui.session import evaluate_keys
from cnn_dash.ui.session.resources import open_calculations, open_store


@dataclass(frozen=True)
class _Measured:
    properties: dict[str, Floats]
    columns: list[Column]


@dataclass(frozen=True)
class _Grouping:
    """What images are grouped by, and the groups."""

    label: str
    unit: str
    groups: list[Subset]

    @property
    def title(self) -> str:
        return f"{self.label} ({self.unit})" if self.unit else self.label


@st.fragment
def render_subsets(run: Run, report: Report, tested: TestImages) -> None:
    """Draw a plot for each property and column, name the groups that fall behind, and show the images of one."""
    assert run.result is not None  # only runs with a result can be chosen
    if not len(tested.images):
        st.info("There are no images of this run's test, so nothing can be said of what they are like.")
        return
    report = as_told(run, report)
    key = "properties", run.id, run.result.folder, run.data_sha256
    work = partial(_measure, tested, run, open_store().settings)
    measured = result_of(open_calculations(), key, work, "Measuring the images")
    if measured is None:
        return
    wrong = report.wrong[: len(tested.images)]
    groupings = _groupings(measured, wrong)
    accuracy = 1 - float(wrong.mean())
    all_groups = {f"{one.label} {group.name}": group for one in groupings for group in one.groups}
    _render_behind({name: group for name, group in all_groups.items() if group.behind}, accuracy)
    with st.grid(2, min_column_width=300, gap="medium"):
        for place, one in enumerate(groupings):
            _render_plot(place, one, accuracy)
    st.caption(
        "Numbers are divided into five groups of about the same size. All with 95 % intervals (Wilson). The dotted "
        "line is the accuracy of all test images. A group falls behind if its whole interval is below the accuracy of "
        "all others; of so many groups one may do so by chance."
    )
    chosen = render_test_map(run, report, tested)
    if len(chosen):
        group = subset("selection", chosen, wrong)
        all_groups = {"Selection on the map": group, **all_groups}
        low, high = group.interval
        said = "They fall behind" if group.behind else "They do not fall behind"
        st.markdown(
            f"**{len(chosen):,}** selected images: {percent(group.accuracy)} ({percent(low)} to {percent(high)}). "
            f"{said} the {percent(accuracy)} of all test images."
        )
    _render_images(run, report, tested, all_groups)


def _groupings(measured: _Measured, wrong: np.ndarray) -> list[_Grouping]:
    found = [
        _Grouping(one.label, one.unit, subsets_by(measured.properties[one.name], wrong))
        for one in PROPERTIES
        if one.name in measured.properties
    ]
    for column in measured.columns:
        groups = (
            [subset(name, images, wrong) for name, images in column.groups.items()]
            if column.numbers is None
            else subsets_by(column.numbers, wrong)
        )
        found.append(_Grouping(column.name, "", groups))
    return [one for one in found if len(one.groups) > 1]  # what all images share tells nothing


def _render_behind(behind: dict[str, Subset], accuracy: float) -> None:
    if not behind:
        st.success(f"No group falls behind the others. All test images: {percent(accuracy)}.", icon=":material/check:")
        return
    lines = "\n".join(
        f"- **{plain(name)}**: {percent(group.accuracy)} of {len(group.images):,} images "
        f"({percent(group.interval[0])} to {percent(group.interval[1])})"
        for name, group in behind.items()
    )
    st.warning(
        f"These fall behind the {percent(accuracy)} of all test images:\n\n{lines}", icon=":material/trending_down:"
    )


def _render_plot(place: int, one: _Grouping, accuracy: float) -> None:
    info = subsets.subsets_info(
        one.title,
        [
            subsets.GroupAccuracy(group.name, len(group.images), group.accuracy, *group.interval, behind=group.behind)
            for group in one.groups
        ],
        accuracy,
    )
    st.plotly_chart(
        subsets.subsets_plot(info),
        key=f"evaluate_subsets_{place}",
        alt=subsets.describe(info),
        config={"displayModeBar": False},
    )


def _render_images(run: Run, report: Report, tested: TestImages, groups: dict[str, Subset]) -> None:
    choices: Sequence[str] = sorted(groups, key=lambda name: not groups[name].behind)  # those that fall behind first
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


def _measure(tested: TestImages, run: Run, settings: Settings, job: "Job[_Measured]") -> _Measured:
    properties = measure_all(tested.images, job.tell)
    job.tell("Reading what was said of them")
    columns = columns_of(run, settings)
    sizes = {len(tested.images)}  # of another program they may be the first few: those have no columns
    return _Measured(properties, [one for one in columns if one.numbers is None or {len(one.numbers)} == sizes])
