"""Runs as the rows of a table: the usual columns, and any other field beside them."""

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from cnn_dash.metrics import EXPONENT_FROM, Format
from cnn_dash.plots.palette import BAD, CLASS_COLORS, GOOD
from cnn_dash.runs.records import Run
from cnn_dash.runs.run_field import Kind, RunField
from cnn_dash.runs.status import Status
from cnn_dash.ui.components.preset_changes import changes

BASE = ("favourite", "run", "name", "status", "tag", "accuracy", "epoch", "created", "dataset", "parameters", "seconds")
"""Names of the fields that are always in the table."""

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
    Format.PERCENT: "%.2f %%",
    Format.DECIMAL: "%.4f",
    Format.SIGNIFICANT: "%.3g",
    Format.COUNT: "localized",
    Format.BYTES: "bytes",
}
_MOST_PARAMS = 4


def frame(runs: Sequence[Run], more: Sequence[RunField]) -> pd.DataFrame:
    """Return one row for each run; `more` are fields that come between results and the rest."""
    results = [run.result for run in runs]
    columns: dict[str, Any] = {
        "favourite": ["★" if run.favourite else "" for run in runs],
        "run": [run.id for run in runs],
        "name": [run.name for run in runs],
        "status": [[run.status.value] for run in runs],
        "changed": [_changed(run) for run in runs],
        "tag": [list(run.tags) for run in runs],
        "accuracy": [100 * result.accuracy if result else None for result in results],
    }
    columns |= {field.name: _column(runs, field) for field in more}
    columns |= {
        "epoch": [f"{run.epoch} of {run.epochs}" if run.epochs else str(run.epoch) for run in runs],
        "created": [run.created_at for run in runs],
        "dataset": [run.dataset for run in runs],
        "parameters": [run.parameters for run in runs],
        "seconds": [result.seconds if result else None for result in results],
    }
    return pd.DataFrame(columns)


def config(runs: Sequence[Run], more: Sequence[RunField]) -> dict[str, Any]:
    """Return how the columns of `frame` look, for the same arguments.

    The usual ones fit into a window that is 1400 pixels wide.
    """
    column = st.column_config
    looks: dict[str, Any] = {
        "favourite": column.TextColumn("★", width=32, pinned=True, help="Favourite"),
        "run": column.NumberColumn("Run", width=52, format="%d", pinned=True),
        "name": column.TextColumn("Name", width=138),
        "status": column.MultiselectColumn(
            "Status", width=102, options=list(STATUS_COLORS), color=list(STATUS_COLORS.values())
        ),
        "changed": column.TextColumn(
            "Changed", width=96, help="What differs from the preset; of another program's run its params"
        ),
        "tag": column.MultiselectColumn("Tags", width=64),
        "accuracy": column.NumberColumn("Accuracy", width=74, format="%.2f %%", help="On the test set"),
        "epoch": column.TextColumn("Epochs", width=66, help="Finished of planned"),
        "created": column.DatetimeColumn("Started", width=90, format="distance"),
        "dataset": column.TextColumn("Data set", width=72),
        "parameters": column.NumberColumn("Params", width=68, format="localized", help="Parameters of the network"),
        "seconds": column.NumberColumn("Took", width=48, format="%.0f s", help="Seconds of training, of all workers"),
    }
    for field in more:
        meaning = f"`{field.name}` in a search"
        if field.kind is Kind.TIME:
            looks[field.name] = column.DatetimeColumn(field.label, help=meaning, format="distance")
        elif field.format is not None:
            form = "scientific" if _is_huge(runs, field) else _FORMATS[field.format]
            looks[field.name] = column.NumberColumn(field.label, help=meaning, format=form)
        else:  # no type: a number in some runs may be a list of numbers, one for each layer, in others
            looks[field.name] = column.Column(field.label, help=meaning)
    return looks


def _is_huge(runs: Sequence[Run], field: RunField) -> bool:
    """Return whether a metric would be written with up to 309 digits; counts keep theirs."""
    if field.format in (Format.COUNT, Format.BYTES):
        return False
    return any(abs(value) >= EXPONENT_FROM for run in runs for value in field.values(run) if math.isfinite(value))


def _changed(run: Run) -> str:
    if run.config is not None:
        return ", ".join(changes(run.config))
    return ", ".join(f"{path} {value}" for path, value in list(run.settings.items())[:_MOST_PARAMS])


def _column(runs: Sequence[Run], field: RunField) -> list[Any]:
    values = [field.value(run) for run in runs]
    if field.format is Format.PERCENT:
        return [100 * value if isinstance(value, int | float) else None for value in values]
    if field.format is not None or field.kind is Kind.TIME:
        return values
    words = [("on" if value else "off") if isinstance(value, bool) else value for value in values]
    if all(value is None or isinstance(value, int | float) for value in words):
        return words
    return [None if value is None else str(value) for value in words]  # 32 in one network, 32, 64 in another
