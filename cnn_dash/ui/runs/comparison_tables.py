"""Runs beside each other as HTML tables: a column for each run, under the mark of its curve."""

from collections.abc import Sequence
from html import escape
from typing import Any

import streamlit as st

from cnn_dash.hyperparameters import is_setting
from cnn_dash.metrics import DECLARED, in_sentence, metric
from cnn_dash.runs.compare import Difference, Result, Value
from cnn_dash.runs.records import Run
from cnn_dash.runs.status import Status
from cnn_dash.ui.formatting import format_value, setting_name
from cnn_dash.ui.runs.swatches import swatch_html

_COSTS = {"epochs": "Epochs", "seconds": "Seconds", "images_per_second": "Images/s", "parameters": "Parameters"}
_SHORT = 16  # characters that fit into the narrowest column
_LINE = "border-top: 1px solid rgba(128, 128, 128, 0.3)"
_CELL = "padding: 0.2rem 0.9rem 0.2rem 0; text-align: left; vertical-align: top; font-weight: 400"
# A phone has room for two runs beside the names of the rows.
_ROW_NAME = f"{_CELL}; max-width: min(16rem, 34vw); overflow-wrap: anywhere"
_RUN_HEAD = f"{_CELL}; min-width: min(8rem, 25vw)"
# Another program may record a text of any length: some lines of it are shown, all of it is under the pointer.
_VALUE = (
    "max-width: 18rem; overflow-wrap: anywhere; display: -webkit-box; -webkit-box-orient: vertical; "
    "-webkit-line-clamp: 4; overflow: hidden"
)
# Two lines of a name; all of it is in the legend and under the pointer.
_NAME = (
    "font-weight: 400; opacity: 0.8; max-width: 11rem; white-space: normal; overflow-wrap: anywhere; "
    "line-height: 1.25; display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden"
)
_BEST = "background: rgba(15, 127, 196, 0.16); border-radius: 0.25rem; padding: 0 0.3rem; margin: 0 -0.3rem"


def differences_html(runs: Sequence[Run], places: dict[int, int], rows: Sequence[Difference]) -> str:
    """Return the settings in which the runs differ, one row each; – where a run has no such setting or layer."""
    body = [(_setting_name(row.path), [_setting_cell(row.path, value) for value in row.values]) for row in rows]
    return _table("Settings that differ", runs, places, body)


def results_html(runs: Sequence[Run], places: dict[int, int], rows: Sequence[Result]) -> str:
    """Return what came of the runs, one row for each metric; the best of a row is marked."""
    body = []
    for row in rows:
        best = row.best()
        cells = [_result(run, row, value) for run, value in zip(runs, row.values, strict=True)]
        marked = [f'<b style="{_BEST}">{cell}</b>' if place in best else cell for place, cell in enumerate(cells)]
        body.append((_result_name(row), marked))
    return _table("Results", runs, places, body)


def _table(label: str, runs: Sequence[Run], places: dict[int, int], rows: Sequence[tuple[str, Sequence[str]]]) -> str:
    first = f"{_ROW_NAME}; position: sticky; left: 0; z-index: 1; background: {_page()}"
    heads = "".join(f'<th scope="col" style="{_RUN_HEAD}; font-weight: 600">{_head(run, places)}</th>' for run in runs)
    body = "".join(
        f'<tr style="{_LINE}"><th scope="row" style="{first}">{escape(name)}</th>'
        + "".join(f'<td style="{_CELL}">{cell}</td>' for cell in cells)
        + "</tr>"
        for name, cells in rows
    )
    style = "border-collapse: collapse; font-size: 0.85rem; line-height: 1.5; font-variant-numeric: tabular-nums"
    return (
        f'<div style="overflow-x: auto" tabindex="0" role="region" aria-label="{label}"><table style="{style}"><thead>'
        f'<tr><td style="{first}"></td>{heads}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def _page() -> str:
    """Return the background of the page, so that the names of rows are legible over the runs that are scrolled."""
    light, dark = (st.get_option(f"theme.{theme}.backgroundColor") for theme in ("light", "dark"))
    return f"light-dark({light}, {dark})" if light and dark else "Canvas"


def _head(run: Run, places: dict[int, int]) -> str:
    status = "" if run.status is Status.FINISHED else f" · {run.status.value}"
    name = f'<div title="{escape(run.name)}" style="{_NAME}">{escape(run.name)}</div>'
    return f"{swatch_html(places[run.id])} Run {run.id}{status}{name}"


def _setting_name(path: str) -> str:
    """Return what a setting is called; a param of another program by its own name."""
    return setting_name(path) if is_setting(path) else path or "(no name)"


def _setting_cell(path: str, value: Any) -> str:
    text = escape(_setting(path, value))
    return f'<div title="{text}" style="{_VALUE}">{text}</div>' if len(text) > _SHORT else text


def _setting(path: str, value: Any) -> str:
    if value is None or value == "":
        return "–"
    whole = isinstance(value, int) and not isinstance(value, bool)
    if whole or not isinstance(value, bool | str | float) or not is_setting(path):
        return str(value)
    return format_value(path, value)


def _result_name(row: Result) -> str:
    if row.name in _COSTS:
        return _COSTS[row.name]
    known = metric(row.name)
    declared_training = known.part == "train" and row.name in DECLARED
    label = f"Training {in_sentence(known.label)}" if declared_training else known.label
    return f"{label}, {row.which}" if row.which else label


def _result(run: Run, row: Result, value: Value | None) -> str:
    if value is None:
        return "–"
    text = f'<span style="white-space: nowrap">{_number(run, row.name, value.number)}</span>'
    if row.which == "best":
        return f'{text} <span style="font-weight: 400; opacity: 0.75; white-space: nowrap">epoch {value.epoch}</span>'
    return text


def _number(run: Run, name: str, number: float) -> str:
    if name == "epochs":
        return f"{number:g} of {run.epochs}" if run.epochs else f"{number:g}"
    if name in _COSTS:
        return f"{number:,.1f}" if name == "seconds" else f"{number:,.0f}"
    return metric(name).text(number)
