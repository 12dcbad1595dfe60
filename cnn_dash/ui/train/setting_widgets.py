"""One widget for one setting: label, help, bounds, choices and stops come from `config`."""

from functools import partial
from typing import Any

import streamlit as st

from cnn_dash.hyperparameters import bounds, choices, explanation, field, stops
from cnn_dash.ui.formatting import format_value
from cnn_dash.ui.session import widget_keys


def render_setting(path: str, *, compact: bool = False) -> None:
    """Draw the widget of a setting; its value is in the session under `widget_keys.setting(path)`.

    Args:
        path: The setting.
        compact: A drop-down instead of a slider, for rows with many settings.
    """
    info = field(path)
    common: dict[str, Any] = {
        "label": info.title,
        "key": widget_keys.setting(path),
        "help": explanation(path),
        "persist_state": "session",
    }
    if info.annotation is bool:
        st.toggle(**common)
    elif options := choices(path):
        st.selectbox(options=options, format_func=partial(format_value, path), **common)
    elif not stops(path):
        low, high = bounds(path)
        st.number_input(min_value=int(low), max_value=int(high), step=1, **common)
    else:
        common |= {"options": number_options(path), "format_func": partial(format_value, path)}
        if compact:
            st.selectbox(**common)
        else:
            st.select_slider(**common)


def number_options(path: str) -> list[float]:
    """Return the stops of a setting and, if it lies between two of them, the value that it has."""
    value = st.session_state[widget_keys.setting(path)]
    return sorted({*stops(path), int(value) if field(path).annotation is int else float(value)})
