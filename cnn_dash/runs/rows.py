"""Rows of the database as records, and nothing else."""

import json
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from cnn_dash.errors import ConfigError, StoreError
from cnn_dash.hyperparameters import load
from cnn_dash.runs.records import MetricSummary, Run, TestResult
from cnn_dash.runs.schema import TRACKED_METRICS
from cnn_dash.runs.status import Request, Status
from cnn_dash.text import one_line, paragraphs

_TIMES = (
    "created_at",
    "queued_at",
    "claimed_at",
    "first_metric_at",
    "ended_at",
    "heartbeat_at",
    "requested_at",
    "heard_at",
    "deleted_at",
)


@lru_cache(maxsize=4096)  # records are frozen, and most runs of a list are what they were when it was last read
def run_of(row: sa.Row[Any]) -> Run:
    """A row of the table of runs.

    Raises:
        StoreError: If its settings are those of another version of CNN Dash.
    """
    values = row._asdict()
    try:
        config = load(values.pop("config"))
    except ConfigError as error:
        raise StoreError(
            f"Run {row.id} was stored by another version of CNN Dash, whose settings this one does not know: {error}"
        ) from error
    times = {name: _time(values.pop(name)) for name in _TIMES}
    result = {
        "accuracy": values.pop("test_accuracy"),
        "loss": values.pop("test_loss"),
        "best_epoch": values.pop("best_epoch"),
        "seconds": values.pop("seconds"),
        "weights_sha256": values.pop("weights_sha256"),
        "images_per_second": values["images_per_second"],
        "folder": values.pop("result_folder"),
        "steps": values.pop("result_steps") or 0,
    }
    last, best = (
        MetricSummary(**{name: values.pop(f"{which}_{name}") for name in TRACKED_METRICS}) for which in ("last", "best")
    )
    return Run(
        **values
        | times
        | {
            "config": config,
            "last": last,
            "best": best,
            "status": Status(values["status"]),
            "request": None if values["request"] is None else Request(values["request"]),
            # Older versions let characters in that nobody sees.
            "title": None if values["title"] is None else one_line(values["title"]) or None,
            "notes": paragraphs(values["notes"]),
            "tags": tuple(map(one_line, json.loads(values["tags"]))),
            "result": None if result["accuracy"] is None else TestResult(**result),
        }
    )


def _time(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def metrics_of(row: sa.Row[Any]) -> dict[str, Any]:
    """The columns of an epoch or a point, by name."""
    return {name: value for name, value in row._asdict().items() if name != "run_id"}
