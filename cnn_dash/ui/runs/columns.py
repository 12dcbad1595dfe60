"""The columns of the Runs page: the usual ones, and any other field beside them."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from cnn_dash.plots.palette import BAD, CLASS_COLORS, GOOD
from cnn_dash.runs.fields import BY_NAME
from cnn_dash.runs.records import Run
from cnn_dash.runs.run_field import Kind, RunField
from cnn_dash.runs.status import Status
from cnn_dash.text import as_cell
from cnn_dash.ui.components import run_columns
from cnn_dash.ui.components.preset_changes import changes
from cnn_dash.ui.components.run_columns import Look

_FIRST = {
    "favourite": Look(32, "★", "Favourite", pinned=True),
    "run": Look(52, format="%d", pinned=True),
    "name": Look(138),
    "status": Look(102),
    "changed": Look(96, help="What differs from the preset; of another program's run its params"),
    "tag": Look(64),
    "accuracy": Look(74, "Accuracy", "On the test set"),
}
_LAST = {
    "trained_epochs": Look(66, help="Finished of planned"),
    "created": Look(90),
    "dataset": Look(72),
    "parameters": Look(68, "Params", "Parameters of the network"),
    "seconds": Look(48, "Took", "Seconds of training, of all workers", "%.0f s"),
}
"""Which fields come before and after those that a person adds. They fit into a window that is 1400 pixels wide."""

BASE = (*_FIRST, *_LAST, "epoch")
"""Names of the fields that are always in the table; the number of finished epochs is in another column of it."""

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
_MOST_PARAMS = 4


def frame(runs: Sequence[Run], more: Sequence[RunField]) -> pd.DataFrame:
    """Return one row for each run; `more` are fields that come between results and the rest."""
    table = run_columns.frame(runs, _fields(more))
    table["favourite"] = ["★" if run.favourite else "" for run in runs]
    table["status"] = [[run.status.value] for run in runs]  # a list of one: only those have a colour
    table["tag"] = [list(map(as_cell, run.tags)) for run in runs]
    return table


def config(runs: Sequence[Run], more: Sequence[RunField]) -> dict[str, Any]:
    """Return how the columns of `frame` look, for the same arguments."""
    looks = _FIRST | {field.name: Look(help=f"`{field.name}` in a search") for field in more} | _LAST
    lists = {
        "status": st.column_config.MultiselectColumn(
            BY_NAME["status"].label,
            width=_FIRST["status"].width,
            options=list(STATUS_COLORS),
            color=list(STATUS_COLORS.values()),
        ),
        "tag": st.column_config.MultiselectColumn(BY_NAME["tag"].label, width=_FIRST["tag"].width),
    }
    return run_columns.config(runs, _fields(more), looks) | lists


def _fields(more: Sequence[RunField]) -> list[RunField]:
    known = {**BY_NAME, _CHANGED.name: _CHANGED}
    return [*(known[name] for name in _FIRST), *more, *(known[name] for name in _LAST)]


def _changed(run: Run) -> str:
    if run.config is not None:
        return ", ".join(changes(run.config))
    return ", ".join(f"{path} {value}" for path, value in list(run.settings.items())[:_MOST_PARAMS])


_CHANGED = RunField("changed", "Changed", Kind.TEXT, lambda run: (_changed(run),))
