"""Trying several values of some settings, beside the Train button."""

import streamlit as st

from cnn_dash.config import RunConfig
from cnn_dash.hyperparameters import allowed, explanation, flatten
from cnn_dash.ui.components.messages import render_error
from cnn_dash.ui.formatting import setting_name
from cnn_dash.ui.session import sweep_state, widget_keys


def render_sweep(config: RunConfig, problem: str | None) -> None:
    """Draw the choice of settings and a text for the values of each.

    Args:
        config: What the form says.
        problem: Why the chosen values cannot be trained, or None.
    """
    chosen = sweep_state.read(config)
    # Always the same words: an open popover moves with its button.
    with st.popover("Try several values", icon=":material/stacks:", key=widget_keys.TRAIN_SWEEP_OPEN):
        st.caption("One run for each combination. Values are separated by commas; 1..5 is all from 1 to 5.")
        st.session_state[widget_keys.TRAIN_SWEEP] = list(chosen)  # without those of layers that are no longer there
        st.multiselect(
            "Settings to try",
            sweep_state.choices(config),
            key=widget_keys.TRAIN_SWEEP,
            format_func=setting_name,
            placeholder="Choose a setting",
            on_change=_begin,
            args=(flatten(config),),
            persist_state="session",
        )
        for path in chosen:
            st.text_input(
                setting_name(path),
                key=widget_keys.sweep(path),
                max_chars=sweep_state.LONGEST,
                placeholder="several, separated by commas",
                help=f"{explanation(path)} Allowed: {allowed(path)}.",
                persist_state="session",
            )
        if problem is not None:
            render_error(problem)
        if chosen:
            st.button(
                "Clear",
                key=widget_keys.TRAIN_SWEEP_CLEAR,
                icon=":material/close:",
                type="tertiary",
                on_click=sweep_state.put,
                args=({},),
            )


def _begin(values: dict[str, object]) -> None:
    """Let the text of a setting that has just been chosen begin with the value that the form says."""
    for path in st.session_state[widget_keys.TRAIN_SWEEP]:
        value = values[path]
        text = str(value).lower() if isinstance(value, bool) else f"{value}"
        st.session_state.setdefault(widget_keys.sweep(path), text)
