"""What is in a file that was brought, what it would become, and the button that imports it."""

from typing import get_args

import streamlit as st

from cnn_dash.datasets.exploration.class_counts import unbalanced
from cnn_dash.datasets.own.importing import import_from
from cnn_dash.datasets.own.library import taken
from cnn_dash.datasets.own.manifest import ImportOptions
from cnn_dash.datasets.own.names import check_name, suggest_name
from cnn_dash.datasets.readers.example import Listing, Part
from cnn_dash.datasets.readers.opening import open_reader
from cnn_dash.errors import CnnDashError, ConfigError
from cnn_dash.plots import class_counts as counts_plot
from cnn_dash.ui.components.messages import plain, render_error
from cnn_dash.ui.data.brought import Brought
from cnn_dash.ui.data.file_samples import FileContent, look_into
from cnn_dash.ui.data.import_options import render_before_and_after, render_options
from cnn_dash.ui.data.import_state import watch
from cnn_dash.ui.formatting import sentence
from cnn_dash.ui.session import widget_keys
from cnn_dash.ui.session.resources import import_jobs, open_store

_CONTENT = "data_content"
_IMPORTED = "data_imported"
_NAMED_FOR = "data_named_for"


def render_import(brought: Brought) -> None:
    """Draw what was found in a file and ask what to make of it, unless that was done already."""
    if st.session_state.get(_IMPORTED) == brought.key:
        return
    with st.container(border=True):
        st.subheader(f"Import {plain(brought.name)}")
        content = _content(brought)
        if isinstance(content, str):
            render_error(content)
            return
        listing = content.listing
        counts = _counts(listing)
        st.markdown(f"{plain(sentence(listing.layout))}: {plain(counts_plot.describe(counts))}")
        for note in listing.notes:
            st.caption(plain(note))
        asked, found = st.columns([11, 9], gap="large")
        with found:
            _render_found(listing, counts)
        with asked:
            name, title, licence = _ask_names(brought)
            options = render_options(content)
            if problem := _problem_of_name(name):
                render_error(problem)
            st.button(
                f"Import {listing.total:,} pictures",
                key=widget_keys.DATA_IMPORT,
                type="primary",
                icon=":material/upload:",
                disabled=bool(problem),
                on_click=_start,
                args=(brought, name, title, licence, options),
            )
        render_before_and_after(content.samples, options)


def _content(brought: Brought) -> FileContent | str:
    """Look into a file, once; return why that cannot be done as text."""
    kept: tuple[str, FileContent | str] | None = st.session_state.get(_CONTENT)
    if kept is None or kept[0] != brought.key:
        content: FileContent | str
        try:
            with st.spinner("Looking into the file…"):
                content = look_into(open_reader(brought.path, brought.name))
        except CnnDashError as error:
            content = str(error)
        kept = st.session_state[_CONTENT] = (brought.key, content)
    return kept[1]


def _counts(listing: Listing) -> counts_plot.ClassCountsInfo:
    splits = [split for split in get_args(Part) if split in listing.counts and listing.counts[split].total()]
    counts = [[listing.counts[split][name] for name in listing.class_names] for split in splits]
    return counts_plot.class_counts_info(counts, listing.class_names, splits)


def _render_found(listing: Listing, counts: counts_plot.ClassCountsInfo) -> None:
    st.plotly_chart(
        counts_plot.class_counts_plot(counts),
        key=widget_keys.DATA_COUNTS_FOUND,
        alt=counts_plot.describe(counts),
        config={"displayModeBar": False},
    )
    if told := unbalanced(counts.counts.sum(axis=0), listing.class_names):
        st.warning(plain(told), icon=":material/balance:")
    if passed := len(listing.passed_over):
        with st.expander(f"{passed:,} file{'s' * (passed > 1)} passed over"):
            st.dataframe([{"file": one.file, "why": one.reason} for one in listing.passed_over[:200]], hide_index=True)


def _ask_names(brought: Brought) -> tuple[str, str, str]:
    if st.session_state.get(_NAMED_FOR) != brought.key:  # another file has another name
        st.session_state[_NAMED_FOR] = brought.key
        st.session_state[widget_keys.DATA_NAME] = _free_name(suggest_name(brought.name))
        st.session_state[widget_keys.DATA_TITLE] = ""
    with st.grid(2, min_column_width=200):
        name = st.text_input(
            "Name",
            key=widget_keys.DATA_NAME,
            max_chars=40,
            persist_state="session",
            help="What it is called in addresses, runs and on the command line: a–z, 0–9, - and _. It stays.",
        )
        title = st.text_input(
            "Title",
            key=widget_keys.DATA_TITLE,
            max_chars=120,
            placeholder=name,
            help="Any text; it can be changed.",
            persist_state="session",
        )
        licence = st.text_input(
            "Licence note",
            key=widget_keys.DATA_LICENCE,
            max_chars=500,
            persist_state="session",
            placeholder="whose pictures, and what may be done with them",
        )
    return name.strip(), title.strip(), licence.strip()


def _free_name(name: str) -> str:
    data_dir = open_store().settings.data_dir
    number, free = 2, name
    while taken(free, data_dir):
        free = f"{name[:36]}-{number}"
        number += 1
    return free


def _problem_of_name(name: str) -> str | None:
    try:
        check_name(name)
    except ConfigError as error:
        return str(error)
    if taken(name, open_store().settings.data_dir):
        return f"There is a data set {name} already. Received: the same name for another one. Choose another name."
    return None


def _start(brought: Brought, name: str, title: str, licence: str, options: ImportOptions) -> None:
    settings = open_store().settings
    job = import_jobs().start(
        name,
        brought.name,
        lambda told: import_from(
            open_reader(brought.path, brought.name),
            name,
            settings.data_dir,
            options,
            title=title,
            licence=licence,
            progress=told,
        ),
    )
    st.session_state[_IMPORTED] = brought.key
    watch(job.number, again=lambda: st.session_state.pop(_IMPORTED, None))
