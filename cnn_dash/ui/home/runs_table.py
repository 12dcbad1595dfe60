"""A plain table of a few runs."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from cnn_dash.runs.records import Run
from cnn_dash.ui.session import widget_keys
from cnn_dash.ui.session.navigation import go


def render_runs_table(runs: Sequence[Run]) -> None:
    """Show runs, newest first; a click on a row opens it."""
    column = st.column_config
    table = st.dataframe(
        pd.DataFrame([_row(run) for run in runs]),
        key=widget_keys.HOME_RUNS,
        hide_index=True,
        placeholder="–",
        on_select="rerun",
        selection_mode="single-row",
        alt="Runs, newest first",
        column_config={
            "run": column.NumberColumn("Run", width="small", format="%d"),
            "name": column.TextColumn("Name", help="The name you gave it, or its preset and data set"),
            "status": "Status",
            "epochs": column.TextColumn("Epochs", help="Finished of planned"),
            "accuracy": column.NumberColumn("Test accuracy", format="%.2f %%"),
            "loss": column.NumberColumn("Test loss", format="%.4f"),
            "parameters": column.NumberColumn("Parameters", format="localized"),
            "speed": column.NumberColumn("Images/s", format="localized", step=1),
            "when": column.DatetimeColumn("Started", format="distance"),
        },
    )
    chosen = table["selection"]["rows"]
    if chosen:
        go("train", run=runs[chosen[0]].id)


def _row(run: Run) -> dict[str, object]:
    return {
        "run": run.id,
        "name": run.name,
        "status": run.status.value,
        "accuracy": 100 * run.result.accuracy if run.result else None,
        "epochs": f"{run.epoch} of {run.epochs}" if run.epochs else str(run.epoch),
        "loss": run.result.loss if run.result else None,
        "parameters": run.parameters,
        "speed": round(run.images_per_second) if run.images_per_second else None,
        "when": run.created_at,
    }
