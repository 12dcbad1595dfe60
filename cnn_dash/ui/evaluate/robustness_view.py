"""Accuracy on disturbed test images, of several runs at once."""

from functools import partial

import streamlit as st

from cnn_dash.errors import CnnDashError, StoreError
from cnn_dash.evaluation.disturbances import DISTURBANCES
from cnn_dash.evaluation.kept import kept_file
from cnn_dash.evaluation.processes import run_task
from cnn_dash.evaluation.report import Report, TestImages
from cnn_dash.evaluation.robustness import MOST_IMAGES, Robustness
from cnn_dash.jobs import Job
from cnn_dash.plots import robustness
from cnn_dash.plots.run_marks import mark, places
from cnn_dash.runs.folder import ResultFolder
from cnn_dash.runs.records import Run
from cnn_dash.runs.store import TESTED
from cnn_dash.settings import Settings
from cnn_dash.ui.components.messages import render_error
from cnn_dash.ui.components.run_picker import LATEST
from cnn_dash.ui.components.waiting import result_of
from cnn_dash.ui.evaluate.two_runs_view import same_data
from cnn_dash.ui.formatting import run_label, runs_of
from cnn_dash.ui.session import evaluate_keys
from cnn_dash.ui.session.resources import open_measurements, open_store

MOST_OTHERS = 4


def render_robustness(run: Run, _report: Report, tested: TestImages) -> None:
    """Draw the curves of this run and of others; what is not measured yet is measured on request."""
    if not run.has_network:
        st.info(f"The program of run {run.id} has not left its network, so it cannot be tested on other images.")
        return
    if not len(tested.images):
        st.info("There are no images of this run's test, so there is nothing to disturb.")
        return
    runs = [run, *_choose_others(run)]
    known: dict[int, Robustness] = {}
    missing, busy = [], []
    for one in runs:
        job = open_measurements().known(_key(one))
        if job is not None and not job.future.done():
            busy.append(one)
            continue
        try:
            found = _kept(job, one, open_store().settings)
        except CnnDashError as error:
            render_error(error)
            found = None
        if found is None:
            missing.append(one)
        else:
            known[one.id] = found
    if missing:
        _render_button(missing, tested)
    for one in busy:
        result_of(open_measurements(), _key(one), partial(_measure, open_store().settings, one), f"Run {one.id}")
    if known:
        _render_curves([one for one in runs if one.id in known], known)


def _choose_others(run: Run) -> list[Run]:
    found = open_store().select(TESTED, limit=LATEST)
    others = {one.id: one for one in found if one.id != run.id and one.has_network and same_data(one, run)}
    key = evaluate_keys.EVALUATE_ROBUSTNESS_RUNS
    if not others:
        return []
    st.session_state[key] = [one for one in st.session_state.get(key, []) if one in others]
    chosen = st.multiselect(
        "Compare with",
        list(others),
        key=key,
        format_func=lambda run_id: run_label(others[run_id]),
        max_selections=MOST_OTHERS,
        placeholder="No other run",
        help=f"Up to {MOST_OTHERS} further runs that were tested on the same data set.",
        persist_state="session",
    )
    return [others[run_id] for run_id in chosen]


def _render_button(missing: list[Run], tested: TestImages) -> None:
    images = min(MOST_IMAGES, len(tested.images))
    st.caption(
        f"How accurate is the network on images that are shifted, turned, noisy? {images:,} test images are disturbed "
        "in several ways and strengths, in the background; that takes some seconds for a small network, and the result "
        "is kept with the run."
    )
    st.button(
        f"Measure {runs_of([one.id for one in missing]).lower()}",
        key=evaluate_keys.EVALUATE_ROBUSTNESS,
        icon=":material/speed:",
        type="primary",
        on_click=_start,
        args=(missing,),
    )


def _render_curves(runs: list[Run], known: dict[int, Robustness]) -> None:
    marks = places([one.id for one in runs], {})
    if len(runs) > 1:
        st.html(
            "".join(
                f'<span style="margin-right: 1.2rem"><span style="display: inline-block; width: 1.6rem; height: 3px; '
                f'vertical-align: middle; margin-right: 0.4rem; background: {mark(marks[one.id]).color}"></span>'
                f"Run {one.id}</span>"
                for one in runs
            )
        )
    shown = [one for one in DISTURBANCES if any(one.name in known[run.id].accuracies for run in runs)]
    cells = st.grid(2, min_column_width=300, gap="medium")
    for one in shown:
        lines = [
            robustness.RobustnessLine(f"Run {run.id}", marks[run.id], known[run.id].accuracies[one.name])
            for run in runs
            if one.name in known[run.id].accuracies
        ]
        info = robustness.robustness_info(one.label, one.unit, one.levels, one.neutral, lines)
        with cells:
            st.plotly_chart(
                robustness.robustness_plot(info),
                key=f"evaluate_robustness_{one.name}",
                alt=robustness.describe(info),
                config={"displayModeBar": False},
            )
    least = min(known[run.id].images for run in runs)
    st.caption(
        f"Accuracy on {least:,} test images. The dotted line marks the images as they are. Shifts go into a random "
        "direction, turns to either side; all networks get the same images."
    )


def _key(run: Run) -> tuple[str, int, str | None]:
    return "robustness", run.id, run.network_folder


def _start(runs: list[Run]) -> None:
    for run in runs:
        open_measurements().start(_key(run), partial(_measure, open_store().settings, run), again=True)


def _measure(settings: Settings, run: Run, job: Job[Robustness]) -> Robustness:
    run_task(job, settings, run.id, "robustness")
    found = Robustness.read(kept_file(ResultFolder.of(settings, run), "robustness.json"))
    if found is None:
        raise StoreError(f"What was measured of run {run.id} is gone. Try it once more.")
    return found


def _kept(job: Job[Robustness] | None, run: Run, settings: Settings) -> Robustness | None:
    if job is not None:
        return job.future.result()
    return Robustness.read(kept_file(ResultFolder.of(settings, run), "robustness.json"))
