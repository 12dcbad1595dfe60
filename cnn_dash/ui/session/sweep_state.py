"""Settings of which there are several values: in the session, and as one parameter of the URL.

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
    """Return the settings that can have several values, by path."""
    return [path for path in flatten(config) if path not in ("preset", "train.stages")]


def read(config: RunConfig) -> dict[str, str]:
    """Return the settings of this configuration with several values: path → text with the values."""
    there = choices(config)
    chosen = [path for path in st.session_state.get(widget_keys.TRAIN_SWEEP, ()) if path in there]
    return {path: st.session_state.get(widget_keys.sweep(path), "") for path in chosen}


def put(several: Mapping[str, str]) -> None:
    """Set these values and no others."""
    st.session_state[widget_keys.TRAIN_SWEEP] = list(several)
    for path, text in several.items():
        st.session_state[widget_keys.sweep(path)] = text


def to_query(several: Mapping[str, str]) -> dict[str, str]:
    """Return the URL parameter that describes several values; none if there are none."""
    parts = [
        f"{widget_keys.setting(path).removeprefix(PREFIX)}:{text.replace(';', ',')}" for path, text in several.items()
    ]
    return {widget_keys.TRAIN_TRY: ";".join(parts)} if parts else {}


def from_query(query: Mapping[str, str], config: RunConfig) -> tuple[dict[str, str], list[str]]:
    """Return the several values of the URL for this configuration, and a sentence for each part that cannot be used."""
    several: dict[str, str] = {}
    problems: list[str] = []
    there = choices(config)
    for part in query.get(widget_keys.TRAIN_TRY, "").split(";"):
        name, _, text = part.partition(":")
        path = widget_keys.SETTINGS.get(f"{PREFIX}{name.strip()}")
        if path in there:
            several[path] = text.strip()[:LONGEST]
        elif part.strip():
            received = reprlib.repr(part)
            problems.append(f"There is no such setting with several values. Received: {received}. It is left out.")
    return several, problems
