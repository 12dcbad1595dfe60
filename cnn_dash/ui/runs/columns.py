"""Runs as the rows of a table: the usual columns, and any setting or result beside them."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from cnn_dash.plots.palette import BAD, CLASS_COLORS, GOOD
from cnn_dash.runs.fields import Kind, run_field
from cnn_dash.runs.records import Run
from cnn_dash.runs.status import Status
from cnn_dash.ui.components.preset_changes import changes

BASE = ("favourite", "run", "name", "status", "tag", "accuracy", "epoch", "created", "dataset", "parameters", "seconds")
"""The facts that are always in the table."""

# Each with its word; the colour only helps the eye. White letters must be legible on it.
STATUS_COLORS = {
    Status.QUEUED: CLASS_COLORS[9],
    Status.RUNNING: GOOD,
    Status.PAUSED: CLASS_COLORS[8],
    Status.FINISHED: CLASS_COLORS[2],
    Status.STOPPED: CLASS_COLORS[6],
    Status.FAILED: BAD,
    Status.INTERRUPTED: CLASS_COLORS[9],
}
_FORMATS = {
    **dict.fromkeys(("loss", "val_loss", "train_loss", "val_auc"), "%.4f"),
    "multiply_adds": "localized",
    "images_per_second": "%.0f",
}


def frame(runs: Sequence[Run], more: Sequence[str]) -> pd.DataFrame:
    """One row for each run; `more` are the names of facts that come between results and the rest."""
    results = [run.result for run in runs]
    columns: dict[str, Any] = {
        "favourite": ["★" if run.favourite else "" for run in runs],
        "run": [run.id for run in runs],
        "name": [run.name for run in runs],
        "status": [[run.status.value] for run in runs],
        "changed": [", ".join(changes(run.recipe)) for run in runs],
        "tag": [list(run.tags) for run in runs],
        "accuracy": [100 * result.accuracy if result else None for result in results],
    }
    columns |= {name: _column(runs, name) for name in more}
    columns |= {
        "epoch": [f"{run.epoch} of {run.recipe.train.epochs}" for run in runs],
        "created": [run.created_at for run in runs],
        "dataset": [run.dataset for run in runs],
        "parameters": [run.parameters for run in runs],
        "seconds": [result.seconds if result else None for result in results],
    }
    return pd.DataFrame(columns)


def config(more: Sequence[str]) -> dict[str, Any]:
    """How the columns of `frame` look."""
    column = st.column_config
    looks: dict[str, Any] = {
        "favourite": column.TextColumn("★", width=36, pinned=True, help="Favourite"),
        "run": column.NumberColumn("Run", width=56, format="%d", pinned=True),
        "name": column.TextColumn("Name", width=180),
        "status": column.MultiselectColumn(
            "Status", width=100, options=list(STATUS_COLORS), color=list(STATUS_COLORS.values())
        ),
        "changed": column.TextColumn("Changed", width=190, help="What differs from the preset"),
        "tag": column.MultiselectColumn("Tags", width=100),
        "accuracy": column.NumberColumn("Test accuracy", width=100, format="%.2f %%"),
        "epoch": column.TextColumn("Epochs", width=84, help="Finished of planned"),
        "dataset": column.TextColumn("Data set", width=100),
        "parameters": column.NumberColumn("Parameters", width=90, format="localized"),
        "seconds": column.NumberColumn("Took", width=70, format="%.0f s", help="Seconds of training, of all workers"),
        "created": column.DatetimeColumn("Started", width=110, format="distance"),
    }
    for name in more:
        # No type: a number in some runs may be a list of numbers, one for each layer, in others.
        known, meaning = run_field(name), f"`{name}` in a search"
        looks[name] = column.Column(known.label, help=meaning)
        number = "%.2f %%" if known.kind is Kind.SHARE else _FORMATS.get(name.removeprefix("best_"))
        if number is not None:
            looks[name] = column.NumberColumn(known.label, help=meaning, format=number)
    return looks


def _column(runs: Sequence[Run], name: str) -> list[Any]:
    known = run_field(name)
    values = [known.value(run) for run in runs]
    if known.kind is Kind.SHARE:
        return [100 * value if isinstance(value, float) else None for value in values]
    if any(isinstance(value, str) for value in values):  # 32 in one network, 32, 64 in another
        return [None if value is None else str(value) for value in values]
    return [("on" if value else "off") if isinstance(value, bool) else value for value in values]
