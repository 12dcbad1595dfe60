"""Columns of a table of runs: made from the fields of runs, with their values and how they look."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from cnn_dash.metrics import EXPONENT_FROM, Format
from cnn_dash.runs.records import Run
from cnn_dash.runs.run_field import Kind, RunField
from cnn_dash.text import as_cell

_FORMATS = {
    Format.PERCENT: "%.2f %%",
    Format.DECIMAL: "%.4f",
    Format.SIGNIFICANT: "%.3g",
    Format.COUNT: "localized",
    Format.BYTES: "bytes",
}


@dataclass(frozen=True)
class Look:
    """What a table changes of the look that a field has by itself.

    Attributes:
        width: In pixels; None for as wide as the content.
        label: Instead of the field's.
        help: Shown when the pointer is on the heading.
        format: Of numbers, as Streamlit writes it, instead of the field's.
        pinned: Whether the column stays when the table scrolls sideways.
    """

    width: int | None = None
    label: str | None = None
    help: str | None = None
    format: str | None = None
    pinned: bool | None = None


def frame(runs: Sequence[Run], fields: Sequence[RunField]) -> pd.DataFrame:
    """Return one row for each run, with a column for each field, named like it."""
    return pd.DataFrame({field.name: _values(runs, field) for field in fields})


def config(runs: Sequence[Run], fields: Sequence[RunField], looks: Mapping[str, Look]) -> dict[str, Any]:
    """Return how the columns of `frame` look; `looks` by names of fields."""
    return {field.name: _config(runs, field, looks.get(field.name, Look())) for field in fields}


def _config(runs: Sequence[Run], field: RunField, look: Look) -> Any:
    column = st.column_config
    common: dict[str, Any] = {"width": look.width, "help": look.help, "pinned": look.pinned}
    label = look.label or field.label
    if field.kind is Kind.TIME:
        return column.DatetimeColumn(label, format="distance", **common)
    if look.format is not None or field.format is not None:
        usual = "scientific" if _is_huge(runs, field) else _FORMATS.get(field.format or Format.COUNT)
        return column.NumberColumn(label, format=look.format or usual, **common)
    # No type: a number in some runs may be a list of numbers, one for each layer, in others.
    return column.Column(label, **common)


def _is_huge(runs: Sequence[Run], field: RunField) -> bool:
    """Return whether a metric would be written with up to 309 digits; counts keep theirs."""
    if field.format in (Format.COUNT, Format.BYTES):
        return False
    return any(abs(value) >= EXPONENT_FROM for run in runs for value in field.values(run) if math.isfinite(value))


def _values(runs: Sequence[Run], field: RunField) -> list[Any]:
    values = [field.value(run) for run in runs]
    if field.format is Format.PERCENT:
        return [100 * value if isinstance(value, int | float) else None for value in values]
    if field.format is Format.COUNT:  # "localized" would show thousandths
        return [round(value) if isinstance(value, float) and math.isfinite(value) else value for value in values]
    if field.format is not None or field.kind is Kind.TIME:
        return values
    words = [("on" if value else "off") if isinstance(value, bool) else value for value in values]
    if all(value is None or isinstance(value, int | float) for value in words):
        return words
    return [None if value is None else as_cell(str(value)) for value in words]  # 32 in one network, 32, 64 in another
