"""What the buttons of the Runs page do, and what there is to say of it until the next one is pressed."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial, wraps
from typing import Any, ParamSpec

import streamlit as st

from cnn_dash.errors import CnnDashError
from cnn_dash.runs import actions, annotations, disk, query, trash
from cnn_dash.runs.actions import Place
from cnn_dash.runs.records import Run
from cnn_dash.ui.components.messages import plain, render_error
from cnn_dash.ui.formatting import runs_of, size
from cnn_dash.ui.runs import view_state
from cnn_dash.ui.session import widget_keys
from cnn_dash.ui.session.resources import disk_use, open_activity, open_store

_NOTICE = "runs_notice"
P = ParamSpec("P")


@dataclass(frozen=True)
class Notice:
    """What was done, and the deleted runs that can be brought back; or what kept it from being done."""

    text: str
    deleted: tuple[int, ...] = ()
    failed: bool = False


def render_notice() -> None:
    """Say what the last action did, with a way back where there is one."""
    notice: Notice | None = st.session_state.get(_NOTICE)
    if notice is None:
        return
    if notice.failed:
        render_error(notice.text)
        return
    with st.container(horizontal=True, border=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(f":material/check: {plain(notice.text)}", width="content")
        if notice.deleted:
            st.button(
                "Undo", key=widget_keys.RUNS_UNDO, icon=":material/undo:", on_click=partial(restore, notice.deleted)
            )


def _action(act: Callable[P, Notice | None]) -> Callable[P, None]:
    @wraps(act)
    def acting(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            st.session_state[_NOTICE] = act(*args, **kwargs)
        except CnnDashError as error:
            st.session_state[_NOTICE] = Notice(str(error), failed=True)
        open_activity().forget()  # what is drawn next shows what was done

    return acting


@_action
def delete(run_ids: Sequence[int]) -> Notice:
    """Put runs into the trash."""
    trash.delete(open_store(), run_ids)
    view_state.select(run_id for run_id in view_state.selected() if run_id not in run_ids)
    return Notice(f"{runs_of(run_ids)} {_are(run_ids)} in the trash.", deleted=tuple(run_ids))


@_action
def restore(run_ids: Sequence[int]) -> Notice:
    """Bring runs back from the trash."""
    store = open_store()
    there = [run_id for run_id in query.deleted_ids(store) if run_id in run_ids]
    trash.restore(store, there)
    if not there:
        return Notice("Nothing was restored: the trash has been emptied since, or somebody was faster.", failed=True)
    return Notice(f"{runs_of(sorted(there))} {_are(there)} back.")


@_action
def empty_trash(run_ids: Collection[int]) -> Notice:
    """Delete these runs for good, as far as they are still in the trash."""
    gone = trash.empty_trash(open_store(), run_ids)
    disk_use.clear()
    return Notice(f"{runs_of(gone)} {_are(gone)} gone for good." if gone else "The trash was empty already.")


@_action
def free_checkpoints(run_ids: Collection[int]) -> Notice:
    """Delete the checkpoints of runs that have ended."""
    freed = disk.free_checkpoints(open_store(), run_ids)
    disk_use.clear()
    return Notice(f"{size(freed)} freed.")


@_action
def move(run_id: int, place: Place) -> None:
    """Give a waiting run another place in the queue."""
    actions.reorder(open_store(), run_id, place)


@_action
def cancel(run_id: int) -> Notice:
    """Stop a run that waits."""
    run = actions.stop(open_store(), run_id)
    tested_first = " It will be stopped as soon as what it has learned is tested." if run.active else ""
    return Notice(f"Run {run_id} is {run.status}.{tested_first}")


@_action
def annotate(run_id: int, attribute: str, key: str) -> None:
    """Give a run the name, notes, tags or mark that the widget of this key holds, and the widget what came of it."""
    run = annotations.annotate(open_store(), run_id, **{attribute: st.session_state[key]})
    st.session_state[key] = annotation_values(run)[attribute]


def annotation_values(run: Run) -> dict[str, Any]:
    """Return what a person has added to a run, as the widgets hold it."""
    return {"title": run.title or "", "tags": list(run.tags), "notes": run.notes, "favourite": run.favourite}


def _are(run_ids: Collection[int]) -> str:
    return "is" if len(run_ids) == 1 else "are"
