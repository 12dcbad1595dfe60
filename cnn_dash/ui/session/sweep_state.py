"""Settings of which several values are tried: in the session, and as one parameter of the URL.

`train_try=learning_rate:0.001, 0.003;seed:1..3`; the names are those of the widgets without `train_`.
"""

import reprlib
from collections.abc import Mapping

import streamlit as st

from cnn_dash.config import RunConfig
from cnn_dash.hyperparameters import flatten
from cnn_dash.ui.session import widget_keys

PREFIX = "train_"
LONGEST = 500


def choices(config: RunConfig) -> list[str]:
    """Return the settings of which several values can be tried, by path."""
    return [path for path in flatten(config) if path not in ("preset", "train.stages")]


def read(config: RunConfig) -> dict[str, str]:
    """Return what is to be tried of this configuration: path → text with the values."""
    there = choices(config)
    chosen = [path for path in st.session_state.get(widget_keys.TRAIN_SWEEP, ()) if path in there]
    return {path: st.session_state.get(widget_keys.sweep(path), "") for path in chosen}


def put(tried: Mapping[str, str]) -> None:
    """Try these values and no others."""
    st.session_state[widget_keys.TRAIN_SWEEP] = list(tried)
    for path, text in tried.items():
        st.session_state[widget_keys.sweep(path)] = text


def to_query(tried: Mapping[str, str]) -> dict[str, str]:
    """Return the URL parameter that describes what is tried; none if nothing is."""
    parts = [
        f"{widget_keys.setting(path).removeprefix(PREFIX)}:{text.replace(';', ',')}" for path, text in tried.items()
    ]
    return {widget_keys.TRAIN_TRY: ";".join(parts)} if parts else {}


def from_query(query: Mapping[str, str], config: RunConfig) -> tuple[dict[str, str], list[str]]:
    """Return what the URL says is to be tried of this configuration, and a sentence for each part that cannot be."""
    tried: dict[str, str] = {}
    problems: list[str] = []
    there = choices(config)
    for part in query.get(widget_keys.TRAIN_TRY, "").split(";"):
        name, _, text = part.partition(":")
        path = widget_keys.SETTINGS.get(f"{PREFIX}{name.strip()}")
        if path in there:
            tried[path] = text.strip()[:LONGEST]
        elif part.strip():
            received = reprlib.repr(part)
            problems.append(f"There is no such setting to try values of. Received: {received}. It is left out.")
    return tried, problems
