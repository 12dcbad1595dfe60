"""What can be done with the runs that are ticked in the table."""

from collections.abc import Collection, Sequence
from functools import partial
from typing import Any

import streamlit as st

from cnn_dash.metrics import percent
from cnn_dash.runs.annotations import MAX_NOTES, MAX_TAGS
from cnn_dash.runs.folder import RunFolder
from cnn_dash.runs.records import Run
from cnn_dash.runs.schema import MAX_TITLE
from cnn_dash.runs.status import Source, Status
from cnn_dash.ui.components.export_dialog import render_export_button
from cnn_dash.ui.components.messages import plain, render_error
from cnn_dash.ui.formatting import runs_of, size
from cnn_dash.ui.runs import bulk_actions, view_state
from cnn_dash.ui.runs.disk_and_trash import TIME_IN_TRASH
from cnn_dash.ui.session import settings_url, widget_keys
from cnn_dash.ui.session.navigation import go
from cnn_dash.ui.session.resources import open_store

# What the store said last of the run in the panel. Only what differs from it is put into the widgets, so that nothing
# a person has just typed is overwritten.
_KNOWN = "runs_panel_known"


def render_selected(runs: Sequence[Run], tags: Collection[str]) -> None:
    """Draw the panel of one run, or the buttons for several.

    Args:
        runs: The selected runs, at least one.
        tags: All tags that any run has.
    """
    with st.container(key=widget_keys.RUNS_PANEL, border=True):
        if len(runs) == 1:
            _one(runs[0], tags)
        else:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(f"**{len(runs)} selected** · {runs_of([run.id for run in runs])}", width="content")
                _delete_button(runs)
                _clear_button()


def _one(run: Run, tags: Collection[str]) -> None:
    source = "" if run.source is Source.RECIPE else " · recorded by another program"
    accuracy = f" · {percent(run.result.accuracy)}" if run.result else ""
    st.markdown(f"**Run {run.id}** · {plain(run.name)} · {run.status}{accuracy}{source}")
    if run.message:
        st.caption(plain(run.message))
    _buttons(run)
    _refill(run)
    left, right = st.columns(2, gap="medium")
    with left:
        _field(run, st.text_input, "Name", "title", max_chars=MAX_TITLE, placeholder=run.name)
        _field(
            run,
            st.multiselect,
            "Tags",
            "tags",
            options=sorted({*tags, *run.tags}, key=str.casefold),
            accept_new_options=True,
            max_selections=MAX_TAGS,
            placeholder="Choose or type a tag",
            help="Words to find the run by: `tag=baseline` in the search.",
        )
        _field(run, st.toggle, "Favourite", "favourite", help="A star in the table; `favourite` in the search.")
    with right:
        _field(run, st.text_area, "Notes", "notes", max_chars=MAX_NOTES, height=170)


def _buttons(run: Run) -> None:
    with st.container(horizontal=True):
        if st.button("Open", key=widget_keys.RUNS_OPEN, icon=":material/show_chart:"):
            go("train", run=run.id)
        if run.config is not None and st.button("Clone", key=widget_keys.RUNS_CLONE, icon=":material/content_copy:"):
            go("train", **settings_url.to_query(run.config))
        if run.has_predictions and st.button("Evaluate", key=widget_keys.RUNS_EVALUATE, icon=":material/fact_check:"):
            go("evaluate", run=run.id)
        render_export_button(run, widget_keys.EXPORT_FROM_RUNS)
        _delete_button([run])
        _clear_button()


def _delete_button(runs: Sequence[Run]) -> None:
    if not st.button("Delete", key=widget_keys.RUNS_DELETE, icon=":material/delete:"):
        return
    training = [run.id for run in runs if run.status is Status.RUNNING]
    if training:
        render_error(
            f"{runs_of(training)} cannot be deleted while training. Stop {'it' if len(training) == 1 else 'them'} "
            f"first, or take {'it' if len(training) == 1 else 'them'} out of the selection."
        )
    else:
        _ask_delete(runs)


@st.dialog("Delete?", icon=":material/delete:")
def _ask_delete(runs: Sequence[Run]) -> None:
    settings = open_store().settings
    freed = sum(RunFolder.of(settings, run.id).size_bytes() for run in runs)
    ids = [run.id for run in runs]
    names, them = (f": {plain(runs[0].name)}", "it") if len(runs) == 1 else ("", "they")
    st.markdown(
        f"**{runs_of(ids)}**{names}\n\nThis frees **{size(freed)}** of disk once the trash is emptied, which "
        f"happens by itself after {TIME_IN_TRASH}. Until then {them} can be restored."
    )
    waiting = [run.id for run in runs if run.waiting]
    if waiting:
        st.caption(f"{runs_of(waiting)} will not be trained.")
    delete = partial(bulk_actions.delete, ids)
    if st.button(
        "Delete", key=widget_keys.RUNS_DELETE_CONFIRM, type="primary", icon=":material/delete:", on_click=delete
    ):
        st.rerun()


def _clear_button() -> None:
    st.button(
        "Clear selection",
        key=widget_keys.RUNS_CLEAR,
        icon=":material/close:",
        type="tertiary",
        on_click=partial(view_state.select, ()),
    )


def _field(run: Run, widget: Any, label: str, attribute: str, **looks: Any) -> None:
    """Draw a widget that writes its value into the run as soon as it changes."""
    key = _KEYS[attribute]
    widget(label, key=key, on_change=partial(bulk_actions.annotate, run.id, attribute, key), **looks)


_KEYS = {
    "title": widget_keys.RUNS_TITLE,
    "tags": widget_keys.RUNS_TAGS,
    "notes": widget_keys.RUNS_NOTES,
    "favourite": widget_keys.RUNS_FAVOURITE,
}


def _refill(run: Run) -> None:
    values = bulk_actions.annotation_values(run)
    known_id, known = st.session_state.get(_KNOWN, (None, {}))
    for attribute, key in _KEYS.items():
        if known_id != run.id or key not in st.session_state or known[attribute] != values[attribute]:
            st.session_state[key] = values[attribute]
    st.session_state[_KNOWN] = (run.id, values)
