"""A plain table of a few runs."""

from collections.abc import Sequence

import streamlit as st

from cnn_dash.runs.fields import BY_NAME
from cnn_dash.runs.records import Run
from cnn_dash.ui.components.run_columns import Look, config, frame
from cnn_dash.ui.session import widget_keys
from cnn_dash.ui.session.navigation import go

_COLUMNS = {
    "run": Look(format="%d"),
    "name": Look(help="The name you gave it, or its preset and data set"),
    "status": Look(),
    "accuracy": Look(),
    "trained_epochs": Look(help="Finished of planned"),
    "loss": Look(),
    "parameters": Look(),
    "images_per_second": Look(),
    "created": Look(),
}
_FIELDS = [BY_NAME[name] for name in _COLUMNS]


def render_runs_table(runs: Sequence[Run]) -> None:
    """Show runs, newest first; a click on a row opens it."""
    table = st.dataframe(
        frame(runs, _FIELDS),
        key=widget_keys.HOME_RUNS,
        hide_index=True,
        placeholder="–",
        on_select="rerun",
        selection_mode="single-row",
        alt="Runs, newest first",
        column_config=config(runs, _FIELDS, _COLUMNS),
    )
    chosen = table["selection"]["rows"]
    if chosen:
        go("train", run=runs[chosen[0]].id)
