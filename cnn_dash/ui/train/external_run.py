"""What another program has told of a run that it trains: its settings and its layers."""

from typing import Any

import streamlit as st

from cnn_dash.runs.records import Run
from cnn_dash.ui.components.text_table import render_text_table


def render_external_run(run: Run) -> None:
    """Draw the settings and the layers of a run of another program, as it has told them."""
    if run.settings:
        with st.expander(f"Settings ({len(run.settings)})"):
            render_text_table([{"Setting": path, "Value": _text(value)} for path, value in run.settings.items()])
    if run.layers:
        with st.expander(f"Layers ({len(run.layers)})"):
            render_text_table([{key: _text(value) for key, value in layer.items()} for layer in run.layers])


def _text(value: Any) -> str:
    return "–" if value is None else str(value)
