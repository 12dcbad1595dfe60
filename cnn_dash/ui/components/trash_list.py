"""What was deleted and can be brought back, in a box on a page, and the question before it goes for good."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import streamlit as st

from cnn_dash.ui.formatting import size


@dataclass(frozen=True)
class Deleted:
    """One thing in the trash.

    Attributes:
        label: What it is called, as Markdown.
        key: Of its button.
        restore: Brings it back.
    """

    label: str
    key: str
    restore: Callable[[], None]


def render_trash(
    count: int,
    kept: str,
    rows: Callable[[], Iterable[Deleted]],
    ask_empty: Callable[[], object],
    *,
    key: str,
    empty_key: str,
) -> None:
    """List what was deleted, with a way back for each; nothing if there is nothing.

    Args:
        count: How many there are.
        kept: How long they are kept, such as `7 days`.
        rows: Those to be listed, asked for once the box is open.
        ask_empty: Opens the dialog that asks before all of them go for good.
        key: Of the box.
        empty_key: Of the button that empties the trash.
    """
    if not count:
        return
    box = st.expander(f"Trash ({count:,})", key=key, icon=":material/delete:", on_change="rerun")
    if not box.open:
        return
    with box:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(f"They are deleted for good {kept} after they were put here.", width="content")
            if st.button("Delete for good now", key=empty_key, icon=":material/delete_forever:"):
                ask_empty()
        listed = list(rows())
        for row in listed:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(row.label, width="content")
                st.button("Restore", key=row.key, icon=":material/restore_from_trash:", on_click=row.restore)
        if len(listed) < count:
            st.caption(f"and {count - len(listed):,} that were deleted earlier.")


def render_question(what: str, freed_bytes: int, empty: Callable[[], None], *, key: str) -> None:
    """Ask, in a dialog, whether all that is in the trash is to go for good.

    Args:
        what: The things, as Markdown.
        freed_bytes: What they take on the disk.
        empty: Deletes them.
        key: Of the button.
    """
    st.markdown(f"**{what}**, **{size(freed_bytes)}**. This cannot be undone.")
    if st.button("Delete for good", key=key, type="primary", on_click=empty):
        st.rerun()
