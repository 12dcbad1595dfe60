"""What the store takes on the disk: how much, the trash, and the checkpoints that are of no use any more."""

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import TimeoutError as NotYet
from functools import partial

import streamlit as st

from cnn_dash.errors import StoreError
from cnn_dash.runs import query, trash
from cnn_dash.runs.folder import RunFolder
from cnn_dash.ui.components import trash_list
from cnn_dash.ui.components.messages import plain
from cnn_dash.ui.components.trash_list import Deleted
from cnn_dash.ui.formatting import runs_of, size
from cnn_dash.ui.runs import bulk_actions
from cnn_dash.ui.session import widget_keys
from cnn_dash.ui.session.resources import disk_use, open_store

TIME_IN_TRASH = f"{trash.KEPT_S / 3600:.0f} hours"
PATIENCE_S = 0.3
DAY_S = 24 * 3600.0
AGES = {"now": 0.0, "a day ago": DAY_S, "a week ago": 7 * DAY_S}
SHOWN = 30


def render_disk() -> None:
    """Say what the store takes on the disk, and offer to free some of it."""
    with st.container(horizontal=True, vertical_alignment="center"):
        try:
            use = disk_use().result(timeout=PATIENCE_S)
            taken = f"{size(use.total)} – runs {size(use.runs)}, database {size(use.database)}, log {size(use.log)}"
        except NotYet:  # so many files that the page does not wait; the next look has it
            taken = "being measured"
        except StoreError:
            taken = "not known, as the database does not answer"
        st.caption(f"On the disk: {taken}", width="content")
        if st.button(
            "Free the checkpoints of old runs",
            key=widget_keys.RUNS_FREE,
            icon=":material/cleaning_services:",
            type="tertiary",
            disabled=not query.with_spare_checkpoints(open_store(), limit=1),
            help="Checkpoints are what a run continues from. A run that has ended rarely needs its own again.",
        ):
            _ask_free()


def render_trash() -> None:
    """List the deleted runs, with a way back for each; nothing if there are none."""
    deleted = query.deleted_ids(open_store())

    def rows() -> Iterator[Deleted]:
        for run in open_store().by_ids(deleted[:SHOWN]):
            key = widget_keys.of_run(widget_keys.RUNS_RESTORE, run.id)
            yield Deleted(f"Run {run.id} · {plain(run.name)}", key, partial(bulk_actions.restore, [run.id]))

    trash_list.render_trash(
        len(deleted),
        TIME_IN_TRASH,
        rows,
        partial(_ask_empty, deleted),
        key=widget_keys.RUNS_TRASH,
        empty_key=widget_keys.RUNS_EMPTY_TRASH,
    )


@st.dialog("Free checkpoints?", icon=":material/cleaning_services:")
def _ask_free() -> None:
    age = st.segmented_control(
        "Of runs that ended before", list(AGES), key=widget_keys.RUNS_FREE_AGE, default="a day ago", required=True
    )
    store = open_store()
    old = query.with_spare_checkpoints(store, ended_before=time.time() - AGES[str(age)])
    freed = sum(RunFolder.of(store.settings, run_id).checkpoint_bytes() for run_id in old)
    st.markdown(
        f"**{len(old):,} run{'' if len(old) == 1 else 's'}**, **{size(freed)}**. Networks, curves and results stay. "
        "Such a run can still be resumed or trained longer; it then begins from the beginning, which gives the same "
        "weights but takes its whole time again. This cannot be undone."
    )
    if st.button(
        "Free",
        key=widget_keys.RUNS_FREE_CONFIRM,
        type="primary",
        disabled=not old,
        on_click=partial(bulk_actions.free_checkpoints, old),
    ):
        st.rerun()


@st.dialog("Delete for good?", icon=":material/delete_forever:")
def _ask_empty(deleted: Sequence[int]) -> None:
    settings = open_store().settings
    freed = sum(RunFolder.of(settings, run_id).size_bytes() for run_id in deleted)
    trash_list.render_question(
        runs_of(deleted),
        freed,
        partial(bulk_actions.empty_trash, deleted),
        key=widget_keys.RUNS_EMPTY_TRASH_CONFIRM,
    )
