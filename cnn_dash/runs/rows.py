"""Rows of the database as records, and records as rows."""

import json
import math
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import numpy as np
import sqlalchemy as sa

from cnn_dash.config import RunConfig
from cnn_dash.errors import ConfigError, StoreError
from cnn_dash.hyperparameters import load
from cnn_dash.metrics import MAX_NAME
from cnn_dash.runs.records import MetricSummary, Run, TestResult
from cnn_dash.runs.status import Request, Source, Status
from cnn_dash.strict_json import encode
from cnn_dash.text import one_line, paragraphs, printable

_TIMES = (
    "created_at",
    "queued_at",
    "claimed_at",
    "first_metric_at",
    "ended_at",
    "heartbeat_at",
    "requested_at",
    "acknowledged_at",
    "deleted_at",
)


def run_of(row: sa.Row[Any], metrics: Mapping[str, MetricSummary]) -> Run:
    """Return the run of a row of the table of runs, with the summaries of its metrics.

    Raises:
        StoreError: If its settings are those of another version of CNN Dash.
    """
    values = row._asdict()
    config = values.pop("config")
    times = {name: _time(values.pop(name)) for name in _TIMES}
    result = {
        "accuracy": values.pop("test_accuracy"),
        "loss": values.pop("test_loss"),
        "best_epoch": values.pop("best_epoch"),
        "seconds": values.pop("seconds"),
        "weights_sha256": values.pop("weights_sha256") or "",
        "images_per_second": values["images_per_second"] or 0.0,
        "folder": values.pop("result_folder"),
        "steps": values.pop("result_steps") or 0,
    }
    return Run(
        **values
        | times
        | {
            "source": Source(values["source"]),
            "config": None if config is None else _config(row.id, json.dumps(config)),
            "params": values["params"] or {},
            "layers": tuple(values["layers"] or ()),
            "metrics": metrics,
            "status": Status(values["status"]),
            "request": None if values["request"] is None else Request(values["request"]),
            # Older versions let characters in that nobody sees.
            "title": None if values["title"] is None else one_line(values["title"]) or None,
            "notes": paragraphs(values["notes"]),
            "tags": tuple(map(one_line, json.loads(values["tags"]))),
            "result": None if result["accuracy"] is None else TestResult(**result),
            "network_folder": result["folder"] if result["weights_sha256"] else None,
        }
    )


@lru_cache(maxsize=1024)  # a run is read again and again while somebody watches it, and its settings stay
def _config(run_id: int, text: str) -> RunConfig:
    try:
        return load(text)
    except ConfigError as error:
        raise StoreError(
            f"Run {run_id} was stored by another version of CNN Dash, whose settings this one does not know: {error}"
        ) from error


def _time(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def number_and_kind(value: float | None) -> tuple[float | None, str | None]:
    """Return the two columns that keep a number: SQLite has no NaN, so what is not finite is named."""
    if value is None or math.isfinite(value):
        return value, None
    return None, "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"


def number_of(value: float | None, kind: str | None) -> float | None:
    """Return the number that two columns keep; None if there is none."""
    return value if kind is None else float(kind)


def metric_rows(run_id: int, key: Mapping[str, int], metrics: Mapping[str, float]) -> list[dict[str, Any]]:
    """Return the rows of the metrics of an epoch or a step; `key` is its column and its number."""
    rows = []
    for name, value in metrics.items():
        number, kind = number_and_kind(value)
        rows.append({"run_id": run_id, **key, "name": name, "value": number, "value_kind": kind})
    return rows


def checked_metrics(metrics: Mapping[str, object]) -> dict[str, float]:
    """Return metrics as plain numbers, NumPy's too.

    Raises:
        StoreError: If a name or a value cannot be recorded.
    """
    return {name: _checked(name, value) for name, value in metrics.items()}


def _checked(name: str, value: object) -> float:
    """Return the value of a metric as a number; metrics come from other programs as well."""
    if isinstance(name, str) and 0 < len(name) <= MAX_NAME and name.isprintable():
        try:
            return float(value)  # type: ignore[arg-type]
        except (TypeError, ValueError, OverflowError):  # the last of a whole number beyond all floats
            pass
    raise StoreError(
        f"A metric cannot be recorded, and nothing of this step was written. Received: {str(name)[:MAX_NAME]!r} with "
        f"the value {str(value)[:80]!r}. Allowed: a name of 1 to {MAX_NAME} printable characters with a number, which "
        "may be NaN or infinite."
    )


def summary_of(row: sa.Row[Any]) -> MetricSummary:
    """Return the summary of a row of `metric_summaries`."""
    last = number_of(row.last, row.last_kind)
    return MetricSummary(
        last=math.nan if last is None else last, best=number_of(row.best, row.best_kind), best_epoch=row.best_epoch
    )


def external_row(params: Mapping[str, Any], layers: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the columns of a run of another program: what JSON cannot carry of its settings is kept as text."""
    return {"source": Source.EXTERNAL, "params": _told(params), "layers": [_told(layer) for layer in layers]}


def _told(value: Any) -> Any:
    """Return a value of another program as both databases can keep it."""
    if isinstance(value, Mapping):
        return {printable(str(name)): _told(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_told(one) for one in value]
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, bool | int | float):
        return encode(value)
    return printable(str(value), keep="\n\t")
