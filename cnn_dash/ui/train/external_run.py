"""What another program has told of a run that it trains: its settings and its layers."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from cnn_dash.runs.records import Run


def render_external_run(run: Run) -> None:
    """Draw the settings and the layers of a run of another program, as it has told them."""
    if run.settings:
        with st.expander(f"Settings ({len(run.settings)})"):
            _table([{"Setting": path, "Value": _text(value)} for path, value in run.settings.items()])
    if run.layers:
        with st.expander(f"Layers ({len(run.layers)})"):
            _table([{key: _text(value) for key, value in layer.items()} for layer in run.layers])


def _table(rows: Sequence[Mapping[str, str]]) -> None:
    st.dataframe(pd.DataFrame(rows).fillna("–"), hide_index=True, width="stretch")


def _text(value: Any) -> str:
    return "–" if value is None else str(value)
