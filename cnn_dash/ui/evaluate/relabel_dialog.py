"""The loop from mistakes to better data: other classes for some images, a new version, and the run once more on it."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from secrets import token_hex

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnn_dash.datasets.own.derive import Changes, derive
from cnn_dash.datasets.own.manifest import Manifest
from cnn_dash.datasets.own.names import full_name
from cnn_dash.evaluation.report import Predictions, Split
from cnn_dash.jobs import Job
from cnn_dash.runs.records import Run
from cnn_dash.ui.components.messages import plain, render_error
from cnn_dash.ui.components.thumbnails import Thumbnail, render_thumbnails
from cnn_dash.ui.components.waiting import LOOK_EVERY_S, render_progress
from cnn_dash.ui.evaluate import planned_changes
from cnn_dash.ui.evaluate.splits import SPLITS
from cnn_dash.ui.evaluate.ticked import clear_ticks
from cnn_dash.ui.session import evaluate_keys, settings_url
from cnn_dash.ui.session.navigation import go
from cnn_dash.ui.session.resources import open_measurements, open_store

CLASS, PREDICTED, OUT, TAG = "Another class", "Predicted class", "Leave out", "Tag"
MOST_SHOWN = 24
IMAGE_PX = 56
_KEY = "evaluate_version_job"
_CLOSE = "evaluate_relabel_close"


# Without the rerun, the part of a dialog that was closed would go on looking.
@st.dialog("Change the data set", icon=":material/edit:", width="medium", on_dismiss="rerun")
def render_relabel_dialog(
    run: Run,
    report: Predictions,
    names: Sequence[str],
    images: NDArray[np.uint8],
    chosen: Sequence[int],
    split: Split = "test",
) -> None:
    """Let a person say what becomes of the selected images, and make a new version of the data set.

    Args:
        run: The run on show, trained on an own data set.
        report: What was predicted for the images.
        names: Of the classes.
        images: All images of the split, uint8 (N, H, W, C).
        chosen: Positions of the selected ones among them.
        split: Which images they are.
    """
    _body(run, report, names, images, chosen, split)


def begin() -> None:
    """Begin anew when the dialog is opened, unless a version is still being made."""
    st.session_state.pop(_CLOSE, None)
    job = _job()
    if job is not None and job.future.done():
        del st.session_state[_KEY]


@st.fragment(key=evaluate_keys.EVALUATE_RELABEL_PART)
def _body(
    run: Run,
    report: Predictions,
    names: Sequence[str],
    images: NDArray[np.uint8],
    chosen: Sequence[int],
    split: Split,
) -> None:
    if st.session_state.pop(_CLOSE, False):
        st.rerun()  # of the whole page, which does not open it again
    job = _job()
    if job is not None and not job.future.done():
        st.fragment(_making, run_every=LOOK_EVERY_S)(job, run)
        return
    if job is not None and job.future.exception() is None:
        _made(job, run)
        return
    if job is not None:
        _say_error(job)
    change = Changes()
    if chosen:
        _show(report, names, images, chosen, split)
        change = _choose(report, names, chosen, split)
    before = planned_changes.planned(run.id)
    if before:
        st.caption(f"Planned before: {planned_changes.in_words(before)}.")
    st.caption(
        f"**{plain(str(run.dataset))}** stays as it is, and so do the runs that were trained on it. The new version "
        "has all its images but for these changes."
    )
    whole = planned_changes.joined(before, change)
    with st.container(horizontal=True):
        st.button(
            "Make a new version",
            key=evaluate_keys.EVALUATE_RELABEL_MAKE,
            type="primary",
            icon=":material/library_add:",
            disabled=not whole,
            on_click=_start,
            args=(run, whole, split),
        )
        if chosen:
            st.button(
                "Add, and select more",
                key=evaluate_keys.EVALUATE_RELABEL_ADD,
                icon=":material/playlist_add:",
                disabled=not change,
                on_click=_add,
                args=(run, whole, split),
            )
        if before:
            st.button(
                "Discard the plan",
                key=evaluate_keys.EVALUATE_RELABEL_DISCARD,
                on_click=planned_changes.plan,
                args=(run.id, Changes()),
            )


def _show(
    report: Predictions, names: Sequence[str], images: NDArray[np.uint8], chosen: Sequence[int], split: Split
) -> None:
    render_thumbnails(
        (
            Thumbnail(
                images[index],
                f"{SPLITS[split].capitalize()} image {index}, of class {names[report.labels[index]]}",
                (names[report.labels[index]],),
            )
            for index in chosen[:MOST_SHOWN]
        ),
        width_px=IMAGE_PX,
    )
    if len(chosen) > MOST_SHOWN:
        st.caption(f"And {len(chosen) - MOST_SHOWN:,} more.")


def _choose(report: Predictions, names: Sequence[str], chosen: Sequence[int], split: Split) -> Changes:
    what = st.segmented_control(
        f"What becomes of {'this image' if len(chosen) == 1 else f'these {len(chosen):,} images'}?",
        [CLASS, PREDICTED, OUT, TAG],
        default=PREDICTED if split == "train" else CLASS,
        required=True,
        key=evaluate_keys.EVALUATE_RELABEL_WHAT,
    )
    if what == OUT:
        return planned_changes.left_out(chosen, split)
    if what == TAG:
        tag = st.text_input("Tag", key=evaluate_keys.EVALUATE_RELABEL_TAG, placeholder="one word, such as blurred")
        return planned_changes.tagged(chosen, tag.strip(), split) if tag.strip() else Changes()
    if what == PREDICTED:
        st.caption("Each image gets the class that was predicted for it. Look at each before: networks err, too.")
        change = planned_changes.relabelled_as(chosen, report.labels.tolist(), report.predicted.tolist(), split)
        return _said_if_none(change)
    guess = int(np.bincount(report.predicted[list(chosen)]).argmax())
    label = st.selectbox(
        "Class",
        range(len(names)),
        index=guess,
        key=evaluate_keys.EVALUATE_RELABEL_CLASS,
        format_func=lambda one: names[one],
        help="To begin with, what the network predicts for most of them.",
    )
    return _said_if_none(planned_changes.relabelled(chosen, report.labels.tolist(), label, split))


def _said_if_none(change: Changes) -> Changes:
    if not change:
        st.caption("They are of this class already.")
    return change


def _making(job: Job[Manifest], run: Run) -> None:
    if job.future.done():
        _say_error(job) if job.future.exception() is not None else _made(job, run)
    else:
        render_progress(job, "Making the new version")


def _made(job: Job[Manifest], run: Run) -> None:
    made = job.future.result()
    name = full_name(made.name, made.version)
    st.success(f"**{plain(name)}** is made: {plain(made.changes[0])}", icon=":material/check:")
    st.caption(
        "Train the same settings on it, then see before and after under “Two runs”: on the images whose label is the "
        "same in both versions, and which changed sides."
    )
    if st.button(
        f"Train again on {plain(name)}",
        key=evaluate_keys.EVALUATE_RELABEL_TRAIN,
        type="primary",
        icon=":material/model_training:",
    ):
        data = run.recipe.data.model_copy(update={"dataset": name})
        go("train", **settings_url.to_query(run.recipe.model_copy(update={"data": data})))


def _say_error(job: Job[Manifest]) -> None:
    render_error(str(job.future.exception()))


def _job() -> Job[Manifest] | None:
    key = st.session_state.get(_KEY)
    return None if key is None else open_measurements().known(key)


def _add(run: Run, changes: Changes, split: Split) -> None:
    planned_changes.plan(run.id, changes)
    clear_ticks(split)
    st.session_state[_CLOSE] = True


def _start(run: Run, changes: Changes, split: Split) -> None:
    data_dir = planned_changes.own_data(run, open_store().settings)
    if data_dir is None:  # deleted meanwhile: `derive` says so
        data_dir = open_store().settings.data_dir
    key = ("version", run.id, token_hex(8))
    open_measurements().start(key, partial(_derive, str(run.dataset), data_dir, changes))
    st.session_state[_KEY] = key
    planned_changes.plan(run.id, Changes())
    clear_ticks(split)
    st.rerun([evaluate_keys.EVALUATE_RELABEL_PART])


def _derive(name: str, data_dir: Path, changes: Changes, job: Job[Manifest]) -> Manifest:
    job.tell("Copying the images")
    return derive(name, data_dir, changes)
