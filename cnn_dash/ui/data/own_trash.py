"""Own data sets that were deleted: the way back, and the end."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from cnn_dash.datasets.own import library
from cnn_dash.errors import CnnDashError
from cnn_dash.ui.components.messages import plain, render_error
from cnn_dash.ui.formatting import size
from cnn_dash.ui.session import widget_keys
from cnn_dash.ui.session.resources import open_store

_PROBLEM = "data_trash_problem"
_KEPT_DAYS = round(library.TRASH_KEPT_S / (24 * 3600))


def render_own_trash() -> None:
    """List the deleted data sets, with a way back for each; nothing if there are none."""
    if problem := st.session_state.pop(_PROBLEM, None):
        render_error(problem)
    deleted = library.deleted(open_store().settings.data_dir)
    if not deleted:
        return
    box = st.expander(
        f"Trash ({len(deleted):,})", key=widget_keys.DATA_TRASH, icon=":material/delete:", on_change="rerun"
    )
    if not box.open:
        return
    with box:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(f"They are deleted for good {_KEPT_DAYS} days after they were put here.", width="content")
            if st.button("Delete for good now", key=widget_keys.DATA_TRASH_EMPTY, icon=":material/delete_forever:"):
                _ask_empty(deleted)
        for number, name in enumerate(deleted):
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(plain(name), width="content")
                st.button(
                    "Restore",
                    key=widget_keys.numbered(widget_keys.DATA_TRASH_RESTORE, number),
                    icon=":material/restore_from_trash:",
                    on_click=partial(_restore, name),
                )


@st.dialog("Delete for good?", icon=":material/delete_forever:")
def _ask_empty(deleted: Sequence[str]) -> None:
    data_dir = open_store().settings.data_dir
    st.markdown(f"**{plain(', '.join(deleted))}**, **{size(library.trash_bytes(data_dir))}**. This cannot be undone.")
    if st.button(
        "Delete for good",
        key=widget_keys.DATA_TRASH_CONFIRM,
        type="primary",
        on_click=_empty,
    ):
        st.rerun()


def _empty() -> None:
    library.empty_trash(open_store().settings.data_dir)


def _restore(name: str) -> None:
    try:
        library.undo(name, open_store().settings.data_dir)
    except CnnDashError as error:
        st.session_state[_PROBLEM] = str(error)
    else:
        st.session_state[widget_keys.DATA_DATASET] = name
