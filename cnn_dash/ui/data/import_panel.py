"""What is in a file that was brought, what it would become, and the button that imports it."""

from functools import partial

import streamlit as st

from cnn_dash.datasets.own import library
from cnn_dash.datasets.own.background import start_import
from cnn_dash.datasets.own.inspection import Inspection
from cnn_dash.datasets.own.manifest import ImportOptions
from cnn_dash.datasets.own.names import check_name
from cnn_dash.errors import CnnDashError, ConfigError
from cnn_dash.plots import class_counts as counts_plot
from cnn_dash.ui.components.messages import plain, render_error
from cnn_dash.ui.components.text_table import render_text_table
from cnn_dash.ui.components.waiting import result_of
from cnn_dash.ui.data.brought import Brought, job_of
from cnn_dash.ui.data.import_options import render_before_and_after, render_options
from cnn_dash.ui.data.import_state import watch
from cnn_dash.ui.data.looking_into import inspected
from cnn_dash.ui.formatting import sentence
from cnn_dash.ui.session import widget_keys
from cnn_dash.ui.session.resources import open_inspections, open_store

_IMPORTED = "data_imported"
_NAMED_FOR = "data_named_for"
_PROBLEM = "data_import_problem"


def render_import(brought: Brought) -> None:
    """Draw what was found in a file and ask what to make of it, unless that was done already."""
    if st.session_state.get(_IMPORTED) == brought.key:
        return
    with st.container(border=True):
        st.subheader(f"Import {plain(brought.name)}")
        try:
            with st.spinner("Keeping the file…"):
                job = job_of(brought)
        except CnnDashError as error:
            render_error(error)
            return
        work = partial(inspected, open_store().settings, job, brought.name)
        found = result_of(open_inspections(), (job, brought.name), work, "Looking into the file", cancellable=True)
        if found is None:
            return
        by_split = {split: counts for split, counts in found.counts.items() if sum(counts)}
        counts = counts_plot.class_counts_info(list(by_split.values()), found.class_names, list(by_split))
        st.markdown(f"{plain(sentence(found.layout))}: {plain(counts_plot.describe(counts))}")
        if found.notes:
            st.info("\n\n".join(map(plain, found.notes)), icon=":material/info:")
        left, right = st.columns([11, 9], gap="large")
        with right:
            _render_found(found, counts)
        with left:
            name, title, licence = _ask_names(brought, found)
            options = render_options(found)
            if problem := st.session_state.pop(_PROBLEM, None) or _problem_of_name(name):
                render_error(problem)
            st.button(
                f"Import {found.total:,} pictures",
                key=widget_keys.DATA_IMPORT,
                type="primary",
                icon=":material/upload:",
                disabled=_problem_of_name(name) is not None,
                on_click=_start,
                args=(brought, job, name, title, licence, options),
            )
        render_before_and_after(found.samples, options)


def _render_found(found: Inspection, counts: counts_plot.ClassCountsInfo) -> None:
    st.plotly_chart(
        counts_plot.class_counts_plot(counts),
        key=widget_keys.DATA_COUNTS_FOUND,
        alt=counts_plot.describe(counts),
        config={"displayModeBar": False},
    )
    for files, count, what in (
        (found.passed_over, found.passed_over_count, "passed over"),
        (found.problems, len(found.problems), "that cannot be read, among some"),
    ):
        if files:
            with st.expander(f"{count:,} file{'s' * (count > 1)} {what}"):
                render_text_table([{"file": one.file, "why": one.reason} for one in files[:200]])


def _ask_names(brought: Brought, found: Inspection) -> tuple[str, str, str]:
    if st.session_state.get(_NAMED_FOR) != brought.key:  # another file has another name
        st.session_state[_NAMED_FOR] = brought.key
        st.session_state[widget_keys.DATA_NAME] = _free_name(found.suggested_name)
        st.session_state[widget_keys.DATA_TITLE] = ""
    with st.grid(2, min_column_width=200):
        name = st.text_input(
            "Name",
            key=widget_keys.DATA_NAME,
            max_chars=40,
            help="What it is called in addresses, runs and on the command line: a–z, 0–9, - and _. It stays.",
            persist_state="session",
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
            placeholder="whose pictures, and what may be done with them",
            persist_state="session",
        )
    return name.strip(), title.strip(), licence.strip()


def _free_name(name: str) -> str:
    data_dir = open_store().settings.data_dir
    number, free = 2, name
    while library.taken(free, data_dir):
        free = f"{name[:36]}-{number}"
        number += 1
    return free


def _problem_of_name(name: str) -> str | None:
    try:
        check_name(name)
    except ConfigError as error:
        return str(error)
    if library.taken(name, open_store().settings.data_dir):
        return f"There is a data set {name} already. Received: the same name for another one. Choose another name."
    return None


def _start(brought: Brought, job: str, name: str, title: str, licence: str, options: ImportOptions) -> None:
    data_dir = open_store().settings.data_dir
    try:
        start_import(job, data_dir, brought.name, name, options, title=title, licence=licence)
    except CnnDashError as error:
        st.session_state[_PROBLEM] = str(error)
        return
    st.session_state[_IMPORTED] = brought.key
    watch(job, brought.name, again=_again)


def _again() -> None:
    """Ask once more what to make of the file: nothing was made of it."""
    st.session_state.pop(_IMPORTED, None)
