"""An import as it goes: progress and cancel, then what was made, or why nothing was."""

from collections.abc import Callable

import streamlit as st

from cnn_dash.runs.estimate import duration
from cnn_dash.ui.components.messages import plain, render_error
from cnn_dash.ui.session import settings_url, widget_keys
from cnn_dash.ui.session.import_jobs import ImportJob
from cnn_dash.ui.session.navigation import go
from cnn_dash.ui.session.resources import import_jobs

LOOK_EVERY_S = 0.5
_WATCHED = "data_import_watched"
_AGAIN = "data_import_again"


def watch(number: int, again: Callable[[], object]) -> None:
    """Show an import on this page from now on.

    Args:
        number: Of the job.
        again: Called when the person wants to change something and try again.
    """
    st.session_state[_WATCHED] = number
    st.session_state[_AGAIN] = again


def render_import_state() -> None:
    """Draw the import that this session has begun, or else one that is under way."""
    jobs = import_jobs()
    job = jobs.get(st.session_state.get(_WATCHED)) or next(iter(jobs.running()), None)
    if job is None:
        return
    st.session_state[_WATCHED] = job.number
    with st.container(border=True, key=widget_keys.DATA_IMPORT_STATE):
        if job.state == "running":
            st.fragment(_render_running, run_every=LOOK_EVERY_S)(job)
        elif job.state == "done":
            _render_done(job)
        else:
            _render_nothing_made(job)


def _render_running(job: ImportJob) -> None:
    if job.state != "running":
        st.rerun()  # of the page: only that ends the looking, and the new data set can be chosen
    st.progress(job.share, f"Importing {plain(job.file)}: {_progress_text(job)}")
    st.button(
        "Cancelling…" if job.cancelled.is_set() else "Cancel",
        key=widget_keys.DATA_IMPORT_CANCEL,
        icon=":material/close:",
        disabled=job.cancelled.is_set(),
        on_click=job.cancelled.set,
    )


def _progress_text(job: ImportJob) -> str:
    if job.progress is None:
        return "looking into the file…"
    if job.progress.done >= job.progress.total:
        return f"writing {job.progress.done:,} images…"
    left = job.progress.seconds_left
    text = f"{job.progress.done:,} of {job.progress.total:,} pictures"
    return text if left is None else f"{text}, about {duration(left)} left"


def _render_done(job: ImportJob) -> None:
    made = job.made
    assert made is not None  # it is done
    total = made.total
    st.success(
        f"{plain(made.title)} is there: {total['train']:,} images to train with and {total['test']:,} to test, in "
        f"{len(made.class_names):,} classes.",
        icon=":material/check_circle:",
    )
    with st.container(horizontal=True):
        if st.button(
            "Train on it", key=widget_keys.DATA_IMPORT_TRAIN, type="primary", icon=":material/model_training:"
        ):
            go("train", **{settings_url.DATASET: made.name})
        st.button("Close", key=widget_keys.DATA_IMPORT_CLOSE, type="tertiary", on_click=_close)


def _render_nothing_made(job: ImportJob) -> None:
    if job.state == "cancelled":
        st.info(f"The import of {plain(job.file)} was cancelled; nothing is left of it.", icon=":material/close:")
    else:
        render_error(job.message)
    st.button("Change and try again", key=widget_keys.DATA_IMPORT_CLOSE, icon=":material/undo:", on_click=_close)


def _close() -> None:
    st.session_state.pop(_WATCHED, None)
    if again := st.session_state.pop(_AGAIN, None):
        again()


def select_when_done(choose: Callable[[str], None]) -> None:
    """Have the data set of an import chosen once it is there."""
    job = import_jobs().get(st.session_state.get(_WATCHED))
    chosen = f"{_WATCHED}_chosen"
    if job is not None and job.made is not None and st.session_state.get(chosen) != job.number:
        st.session_state[chosen] = job.number
        choose(job.made.name)
