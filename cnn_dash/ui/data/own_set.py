"""An own data set: where it came from, its title and licence note, deleting and downloading."""

from datetime import datetime
from pathlib import Path

import streamlit as st

from cnn_dash.datasets.own import library
from cnn_dash.datasets.own.manifest import Manifest
from cnn_dash.errors import CnnDashError, ConfigError
from cnn_dash.runs.own_data import delete_dataset
from cnn_dash.ui.components.downloads import api_url
from cnn_dash.ui.components.messages import plain, render_error
from cnn_dash.ui.components.text_table import render_text_table
from cnn_dash.ui.data.own_trash import restore
from cnn_dash.ui.formatting import sentence
from cnn_dash.ui.session import widget_keys
from cnn_dash.ui.session.resources import open_store

_PROBLEM = "data_own_problem"
_DELETED = "data_own_deleted"


def render_own_actions(name: str) -> None:
    """Draw edit and delete for an own data set; nothing for another one."""
    found = _manifest(name)
    if found is None:
        return
    data_dir = open_store().settings.data_dir
    about = library.about(found.name, data_dir, found)
    with st.popover("Edit", icon=":material/edit:", key=widget_keys.DATA_OWN):
        title = st.text_input("Title", about.title, max_chars=120, key=f"{widget_keys.DATA_OWN_TITLE}_{found.name}")
        licence = st.text_area(
            "Licence note", about.licence, max_chars=2000, key=f"{widget_keys.DATA_OWN_LICENCE}_{found.name}"
        )
        st.button("Save", key=widget_keys.DATA_OWN_SAVE, type="primary", on_click=_save, args=(name, title, licence))
    st.button(
        "Delete",
        key=widget_keys.DATA_OWN_DELETE,
        icon=":material/delete:",
        on_click=_delete,
        args=(name,),
        help="It can be brought back. Refused while a run was trained on it.",
    )


def render_download_links(name: str) -> None:
    """Offer a data set as a file."""
    with st.popover("Download", icon=":material/download:", key=widget_keys.DATA_OWN_DOWNLOAD):
        for form, label, about in (
            ("npz", "Arrays, .npz", "As Keras stores MNIST: x_train, y_train, x_test, y_test, class_names."),
            ("zip", "Class folders, .zip", "A folder of PNG files for each class, within train and test."),
        ):
            st.link_button(
                label, api_url(f"datasets/{name}.{form}"), help=about, width="stretch", icon=":material/table:"
            )


def render_own_notices() -> None:
    """Draw what went wrong, or the way to bring back what was deleted."""
    if problem := st.session_state.pop(_PROBLEM, None):
        render_error(problem)
    name = st.session_state.get(_DELETED)
    if name is not None and name in library.deleted(open_store().settings.data_dir):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.info(f"{plain(name)} was deleted.", icon=":material/delete:", width=320)
            st.button("Undo", key=widget_keys.DATA_OWN_UNDO, icon=":material/undo:", on_click=_undo, args=(name,))


def render_origin(name: str) -> None:
    """Draw where an own data set came from, what was skipped, and what differs from the version before."""
    found = _manifest(name)
    if found is None:
        return
    when = datetime.fromtimestamp(found.created).strftime("%Y-%m-%d %H:%M")
    options = found.options
    st.caption(
        f"{plain(sentence(found.layout))}; imported {when} ({options.fit}, {options.size} pixels). "
        f"SHA-256 {found.content_hash[:16]}…"
    )
    for note in found.notes:
        st.caption(plain(note))
    if found.parent:
        with st.expander(f"Version {found.version}, made from {plain(found.parent)}: {len(found.changes):,} changes"):
            render_text_table([{"change": one} for one in found.changes[:500]])
    if found.skipped_count:
        with st.expander(f"{found.skipped_count:,} skipped file{'s' * (found.skipped_count > 1)}"):
            render_text_table([{"file": one.file, "why": one.reason} for one in found.skipped[:200]])


def _manifest(name: str) -> Manifest | None:
    data_dir: Path = open_store().settings.data_dir
    try:
        return library.manifest(name, data_dir)
    except (ConfigError, CnnDashError):  # one that comes with CNN Dash, or damaged, which is said elsewhere
        return None


def _save(name: str, title: str, licence: str) -> None:
    try:
        library.rename(name, open_store().settings.data_dir, title=title, licence=licence)
    except CnnDashError as error:
        st.session_state[_PROBLEM] = str(error)


def _delete(name: str) -> None:
    try:
        delete_dataset(open_store(), name)
    except CnnDashError as error:
        st.session_state[_PROBLEM] = str(error)
    else:
        st.session_state[_DELETED] = name


def _undo(name: str) -> None:
    st.session_state.pop(_DELETED, None)
    restore(name)
