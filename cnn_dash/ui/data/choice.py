"""Choose a data set; the choice is in the URL as `dataset`."""

import reprlib

import streamlit as st

from cnn_dash.datasets import catalogue
from cnn_dash.ui.components.messages import render_notice
from cnn_dash.ui.session import settings_url, widget_keys
from cnn_dash.ui.session.resources import open_store
from cnn_dash.ui.session.url_sync import is_external_change, remember

_TOPIC = "data_address"


def render_choose_dataset() -> str:
    """Let a person choose one of all data sets; begin with the one that Train has chosen. Return its name."""
    known = {name: one.info.title for name, one in catalogue.sources(open_store().settings.data_dir).items()}
    names = list(known)
    asked = st.query_params.get(widget_keys.DATASET)
    if is_external_change(_TOPIC, asked):
        if asked in names:
            st.session_state[widget_keys.DATA_DATASET] = asked
        else:
            received = reprlib.repr(asked)
            render_notice(f"There is no data set with this name. Received: {received}. Allowed: {', '.join(names)}.")
    if st.session_state.get(widget_keys.DATA_DATASET) not in names:
        on_train = st.session_state.get(settings_url.DATASET)
        st.session_state[widget_keys.DATA_DATASET] = on_train if on_train in names else names[0]
    chosen: str = st.selectbox(
        "Data set",
        names,
        key=widget_keys.DATA_DATASET,
        format_func=lambda name: known.get(name, name),
        persist_state="session",
    )
    remember(_TOPIC, chosen, arrived=asked)
    if asked != chosen:
        st.query_params[widget_keys.DATASET] = chosen
    return chosen


def choose(name: str) -> None:
    """Have a data set chosen; to be called before the choice is drawn."""
    st.session_state[widget_keys.DATA_DATASET] = name
