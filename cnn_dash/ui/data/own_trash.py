"""Own data sets that were deleted: the way back, and the end."""

from collections.abc import Iterator, Sequence
from functools import partial

import streamlit as st

from cnn_dash.datasets.own import library
from cnn_dash.errors import CnnDashError
from cnn_dash.ui.components import trash_list
from cnn_dash.ui.components.messages import plain, render_error
from cnn_dash.ui.components.trash_list import Deleted
from cnn_dash.ui.session import widget_keys
from cnn_dash.ui.session.resources import open_store

_PROBLEM = "data_trash_problem"
_KEPT_DAYS = round(library.TRASH_KEPT_S / (24 * 3600))


def render_own_trash() -> None:
    """List the deleted data sets, with a way back for each; nothing if there are none."""
    if problem := st.session_state.pop(_PROBLEM, None):
        render_error(problem)
    deleted = library.deleted(open_store().settings.data_dir)

    def rows() -> Iterator[Deleted]:
        for number, name in enumerate(deleted):
            key = widget_keys.numbered(widget_keys.DATA_TRASH_RESTORE, number)
            yield Deleted(plain(name), key, partial(restore, name))

    trash_list.render_trash(
        len(deleted),
        f"{_KEPT_DAYS} days",
        rows,
        partial(_ask_empty, deleted),
        key=widget_keys.DATA_TRASH,
        empty_key=widget_keys.DATA_TRASH_EMPTY,
    )


def restore(name: str) -> None:
    """Bring a deleted data set back and choose it, or have the page say why that cannot be."""
    try:
        library.undo(name, open_store().settings.data_dir)
    except CnnDashError as error:
        st.session_state[_PROBLEM] = str(error)
    else:
        st.session_state[widget_keys.DATA_DATASET] = name


@st.dialog("Delete for good?", icon=":material/delete_forever:")
def _ask_empty(deleted: Sequence[str]) -> None:
    freed = library.trash_bytes(open_store().settings.data_dir)
    trash_list.render_question(plain(", ".join(deleted)), freed, _empty, key=widget_keys.DATA_TRASH_CONFIRM)


def _empty() -> None:
    library.empty_trash(open_store().settings.data_dir)
