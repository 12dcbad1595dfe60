"""Changing the settings of a run that waits: `/train?edit=12` brings them into the form, once."""

import reprlib

import streamlit as st

from cnn_dash.config import RunConfig
from cnn_dash.datasets import catalogue
from cnn_dash.errors import IllegalTransition, RunNotFound
from cnn_dash.parsing import whole_number
from cnn_dash.runs.actions import is_editable, not_editable
from cnn_dash.runs.records import Run
from cnn_dash.runs.submit import change, submit
from cnn_dash.ui.components.messages import render_error, render_notice
from cnn_dash.ui.session import settings_state, settings_url, widget_keys
from cnn_dash.ui.session.resources import open_store
from cnn_dash.ui.session.url_sync import is_external_change, is_remembered, last_written, remember
from cnn_dash.ui.train.run_panel import watch

_TOPIC = "train_edit"
# What the form said before; Cancel brings it back.
_FORMER = "train_edit_former"


def edited_run() -> Run | None:
    """Return the run whose settings are changed, or None. Call it after `read_url` and before the form is drawn."""
    asked = st.query_params.get(widget_keys.EDIT)
    if not is_remembered(_TOPIC):  # the page was just opened, by whatever link
        remember(_TOPIC, None)
        if asked is not None:
            _begin(asked)
    elif is_external_change(_TOPIC, asked):
        _begin(asked or "")
    number = last_written(_TOPIC)
    if asked != number:
        _write(number)
    try:
        return None if number is None else open_store().run(int(str(number)))
    except RunNotFound as error:  # deleted for good while somebody changed it
        render_error(error)
        _end()
        return None


def render_edited(run: Run | None) -> None:
    """Say above the form which run is changed, if one is."""
    if run is None:
        return
    if is_editable(run):
        st.info(
            f"You are changing run {run.id}, which waits. Save the changes or cancel at the end of the settings.",
            icon=":material/edit:",
        )
    else:
        render_error(not_editable(run))


def render_edit(run: Run, config: RunConfig | None) -> None:
    """Draw what can be done with the changed settings: save them, leave the run as it is, or train them as a new one.

    Args:
        run: The run as it is now.
        config: What the form says; None if it cannot be built.
    """
    editable = is_editable(run)
    label, key, icon = (
        ("Save changes", widget_keys.TRAIN_START, "save")
        if editable
        else ("Train as a new run", widget_keys.TRAIN_AS_NEW, "play_arrow")
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        pressed = st.button(label, key=key, type="primary", icon=f":material/{icon}:", disabled=config is None)
        st.button("Cancel", key=widget_keys.TRAIN_CANCEL, on_click=_cancel)
    if not pressed or config is None:
        return
    if editable:
        try:
            saved = change(open_store(), run.id, config)
        except IllegalTransition:
            st.rerun()  # a worker has just taken it: the page says so, and what can be done
    else:
        saved = submit(open_store(), config)
    _end()
    watch(saved)


def _begin(asked: str) -> None:
    try:
        number = whole_number(asked)
        if number is None:
            raise RunNotFound(f"A run has a number. Received: {reprlib.repr(asked)}. No run is changed.")
        run = open_store().run(number)
    except RunNotFound as error:
        render_notice(error)
        remember(_TOPIC, None, arrived=asked)
        return
    remember(_TOPIC, asked, arrived=asked)
    st.session_state.pop(_FORMER, None)
    if not settings_state.linked():  # settings in the URL are those of the run, perhaps changed already
        st.session_state[_FORMER] = settings_state.written()
        query = settings_url.to_query(run.recipe)
        settings_state.put(settings_url.from_query(query, catalogue.names(open_store().settings.data_dir))[0])


def _cancel() -> None:
    former = st.session_state.pop(_FORMER, None)
    if former is not None:
        settings_state.put(former)
    _end()


def _end() -> None:
    remember(_TOPIC, None)
    _write(None)


def _write(number: object) -> None:
    if number is not None:
        st.query_params[widget_keys.EDIT] = str(number)
    elif widget_keys.EDIT in st.query_params:
        del st.query_params[widget_keys.EDIT]
