"""An import as it goes: progress and cancel, then what was made, or why nothing was."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from cnn_dash.datasets.own import library
from cnn_dash.datasets.own.background import cancel_import, forget, import_status, jobs
from cnn_dash.datasets.own.job import ImportStatus, folder_of, read_asked
from cnn_dash.errors import CnnDashError
from cnn_dash.runs.estimate import duration
from cnn_dash.ui.components.messages import plain, render_error
from cnn_dash.ui.session import settings_url, widget_keys
from cnn_dash.ui.session.navigation import go
from cnn_dash.ui.session.resources import open_store

LOOK_EVERY_S = 0.5
_WATCHED = "data_import_watched"
_CHOSEN = "data_import_chosen"


@dataclass(frozen=True)
class _Watched:
    job: str
    file: str
    again: Callable[[], None] | None  # nothing if another session has begun it


def watch(job: str, file: str, again: Callable[[], None]) -> None:
    """Show an import on this page from now on.

    Args:
        job: Its id.
        file: What is imported, as the person calls it.
        again: Called when nothing came of it and the person closes it.
    """
    st.session_state[_WATCHED] = _Watched(job, file, again)


def choose_when_done(choose: Callable[[str], None]) -> None:
    """Have the data set of an import chosen once it is there."""
    watched: _Watched | None = st.session_state.get(_WATCHED)
    status = None if watched is None else _status(watched)
    if watched is not None and status is not None and status.result and st.session_state.get(_CHOSEN) != watched.job:
        st.session_state[_CHOSEN] = watched.job
        choose(status.result)


def render_import_state() -> None:
    """Draw the import that this session has begun, or else one that is under way."""
    watched: _Watched | None = st.session_state.get(_WATCHED) or _under_way(open_store().settings.data_dir)
    status = None if watched is None else _status(watched)
    if watched is None or status is None:
        return
    if status.state == "done" and not library.is_there(status.result, open_store().settings.data_dir):
        _close(watched, again=False)  # it was deleted since
        return
    st.session_state[_WATCHED] = watched
    with st.container(border=True, key=widget_keys.DATA_IMPORT_STATE):
        if not status.ended:
            st.fragment(_render_running, run_every=LOOK_EVERY_S)(watched)
        elif status.state == "done":
            _render_done(watched, status)
        else:
            _render_nothing_made(watched, status)


def _under_way(data_dir: Path) -> _Watched | None:
    """Return an import that somebody has begun, perhaps in a tab that was closed."""
    for job in jobs(data_dir):
        try:
            if import_status(job, data_dir).state == "running":
                return _Watched(job, read_asked(folder_of(job, data_dir)).file, None)
        except (CnnDashError, OSError, ValueError):  # it has just ended and was forgotten
            continue
    return None


def _status(watched: _Watched) -> ImportStatus | None:
    try:
        return import_status(watched.job, open_store().settings.data_dir)
    except CnnDashError:  # another tab has closed it
        return None


def _render_running(watched: _Watched) -> None:
    status = _status(watched)
    if status is None or status.ended:
        st.rerun()  # of the page: only that ends the looking, and the new data set can be chosen
    share = min(1.0, status.done / status.total) if status.total else 0.0
    st.progress(share, f"Importing {plain(watched.file)}: {_progress_text(status)}")
    st.button("Cancel", key=widget_keys.DATA_IMPORT_CANCEL, icon=":material/close:", on_click=_cancel, args=(watched,))


def _progress_text(status: ImportStatus) -> str:
    if not status.total:
        return "starting…"
    if status.done >= status.total:
        return f"writing {status.done:,} images…"
    text = f"{status.done:,} of {status.total:,} pictures"
    return text if status.seconds_left is None else f"{text}, about {duration(status.seconds_left)} left"


def _render_done(watched: _Watched, status: ImportStatus) -> None:
    try:
        made = library.manifest(status.result, open_store().settings.data_dir)
    except CnnDashError as error:
        render_error(error)
    else:
        total, skipped = made.total, made.skipped_count
        left_out = f" {skipped:,} file{'s were' if skipped > 1 else ' was'} skipped." if skipped else ""
        st.success(
            f"{plain(made.title)} is there: {total['train']:,} images to train with and {total['test']:,} to test, in "
            f"{len(made.class_names):,} classes.{left_out}",
            icon=":material/check_circle:",
        )
    with st.container(horizontal=True):
        if st.button(
            "Train on it", key=widget_keys.DATA_IMPORT_TRAIN, type="primary", icon=":material/model_training:"
        ):
            go("train", **{settings_url.DATASET: status.result})
        st.button("Close", key=widget_keys.DATA_IMPORT_CLOSE, type="tertiary", on_click=_close, args=(watched, False))


def _render_nothing_made(watched: _Watched, status: ImportStatus) -> None:
    if status.state == "cancelled":
        st.info(f"The import of {plain(watched.file)} was cancelled; nothing is left of it.", icon=":material/close:")
    else:
        render_error(status.message)
    label = "Close" if watched.again is None else "Change and try again"
    st.button(label, key=widget_keys.DATA_IMPORT_CLOSE, icon=":material/undo:", on_click=_close, args=(watched, True))


def _cancel(watched: _Watched) -> None:
    try:
        cancel_import(watched.job, open_store().settings.data_dir)
    except CnnDashError:  # another tab has closed it
        return


def _close(watched: _Watched, again: bool) -> None:
    st.session_state.pop(_WATCHED, None)
    forget(watched.job, open_store().settings.data_dir)
    if again and watched.again is not None:
        watched.again()
