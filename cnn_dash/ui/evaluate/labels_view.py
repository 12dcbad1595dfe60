"""Images whose label is probably wrong, of the test and of the training, the most doubtful first."""

from functools import partial

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnn_dash.errors import StoreError
from cnn_dash.evaluation.label_check import LabelCheck, kept_check
from cnn_dash.evaluation.processes import run_task
from cnn_dash.evaluation.report import Report, Split, TestImages
from cnn_dash.jobs import Job
from cnn_dash.metrics import percent
from cnn_dash.runs.fold_runs import fold_runs
from cnn_dash.runs.records import Run
from cnn_dash.runs.status import Status
from cnn_dash.settings import Settings
from cnn_dash.ui.components import live_updates
from cnn_dash.ui.components.messages import render_error
from cnn_dash.ui.components.waiting import result_of
from cnn_dash.ui.evaluate.doubtful_labels import render_doubtful_labels
from cnn_dash.ui.evaluate.fold_runs_panel import render_fold_runs, render_start
from cnn_dash.ui.session import evaluate_keys
from cnn_dash.ui.session.resources import open_measurements, open_store, whole_dataset

TEST, TRAINING = "Test images", "Training images"


def render_labels(run: Run, report: Report, tested: TestImages) -> None:
    """Let a person choose which images, and draw those whose label is probably wrong."""
    live_updates.follow(evaluate_keys.EVALUATE_LABELS_PART)
    _part(run, report, tested)


@st.fragment(key=evaluate_keys.EVALUATE_LABELS_PART)
def _part(run: Run, report: Report, tested: TestImages) -> None:
    which = st.segmented_control(
        "Labels of",
        [TEST, TRAINING],
        default=TEST,
        required=True,
        key=evaluate_keys.EVALUATE_LABELS_OF,
        label_visibility="collapsed",
        persist_state="session",
    )
    if which == TRAINING:
        _render_training(run, report, tested)
    else:
        _render_test(run, report, tested)


def _render_test(run: Run, report: Report, tested: TestImages) -> None:
    if not len(tested.images):
        st.info("There are no images of this run's test, so none can be shown.")
        return
    found = _kept(run, "test") or _checked(run, "test")
    if found is None:
        return
    found = _first(found, len(tested.images))
    st.caption(
        "Confident learning: the network, which has not learned from these images, is surer of another class than it "
        "is of that class on average. It may err where it is weak, so look at each."
    )
    _render_found(run, found, tested.class_names, tested.images, "test", report)


def _render_training(run: Run, report: Report, tested: TestImages) -> None:
    if run.config is None:
        st.info(
            "Another program trained this run, and its training images are not here. To check their labels, bring the "
            "images on the Data page and train a network here."
        )
        return
    found = _kept(run, "train")
    networks = fold_runs(open_store(), run.id)
    told = found is not None and found.networks == tuple(one.id for one in networks)
    if networks and not told and all(one.status is Status.FINISHED for one in networks):
        found = _checked(run, "train")
        if found is None:
            return
        told = True
    if found is None and not networks:
        render_start(run)
        return
    if networks:
        render_fold_runs(run, networks, checked=told)
    if found is None:
        return
    images, labels = _training_images(run)
    if not np.array_equal(labels, found.labels):
        st.warning(
            "The labels of the training images are no longer those that were checked. Check them once more.",
            icon=":material/warning:",
        )
        if not networks:
            render_start(run, again=True)
        return
    st.caption(
        f"Confident learning on what {len(found.networks)} networks say, each of the part of {len(labels):,} images "
        f"that it has not learned from: {percent(found.accuracy)} are taken for the class of their label."
    )
    _render_found(run, found, tested.class_names, images, "train", report)
    if not networks:
        render_start(run, again=True)


def _render_found(
    run: Run, found: LabelCheck, names: tuple[str, ...], images: NDArray[np.uint8], split: Split, report: Report
) -> None:
    if len(found.ranked):
        render_doubtful_labels(run, found, names, images, split, report)
    else:
        st.success(f"No label of the {len(found.labels):,} images is doubtful.", icon=":material/check:")


def _training_images(run: Run) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    assert run.dataset is not None  # a run of ours has one
    whole = whole_dataset(run.dataset)
    return whole.train_images, whole.train_labels


def _kept(run: Run, split: Split) -> LabelCheck | None:
    try:
        return LabelCheck.read(kept_check(open_store().settings, run, split))
    except StoreError as error:
        render_error(error)
        return None


def _checked(run: Run, split: Split) -> LabelCheck | None:
    assert run.result is not None  # only runs with a result can be chosen
    of_folds = tuple(one.id for one in fold_runs(open_store(), run.id)) if split == "train" else ()
    key = ("labels", run.id, run.result.folder, split, of_folds)
    work = partial(_check, open_store().settings, run, split)
    return result_of(open_measurements(), key, work, "Looking for wrong labels")


def _check(settings: Settings, run: Run, split: Split, job: Job[LabelCheck]) -> LabelCheck:
    run_task(job, settings, run.id, "labels-train" if split == "train" else "labels-test")
    found = LabelCheck.read(kept_check(settings, run, split))
    if found is None:
        raise StoreError(f"What was found for run {run.id} is gone. Try it once more.")
    return found


def _first(found: LabelCheck, images: int) -> LabelCheck:
    """Return it with those doubtful images alone that can be shown; another program may have left fewer."""
    if images >= len(found.labels):
        return found
    return LabelCheck(
        found.labels,
        found.likely,
        found.confidence,
        found.of_label,
        found.ranked[found.ranked < images],
        found.networks,
    )
