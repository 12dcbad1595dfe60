"""The fields of runs, each declared once: search, sorting, table, JSON, CSV and event stream follow from `DECLARED`.

Settings and metrics are fields as well; those come from the configuration, from `cnn_dash.metrics` and from what the
runs of the store have (`field_names`). The order is that of the columns in CSV, where metrics stand in between.
"""

from collections.abc import Callable, Iterable
from operator import attrgetter
from typing import Any

import sqlalchemy as sa

from cnn_dash.config import MAX_BLOCKS, MAX_DENSE
from cnn_dash.metrics import Format
from cnn_dash.runs.records import Run
from cnn_dash.runs.run_field import Kind, Place, RunField
from cnn_dash.runs.schema import runs
from cnn_dash.runs.status import Source, Status
from cnn_dash.runs.stored import Column, CountedSettings, InTexts, Stored

_number, _word = Column.number, Column.text
_NUMBER, _SHARE, _TEXT, _CHOICE, _TIME = Kind.NUMBER, Kind.SHARE, Kind.TEXT, Kind.CHOICE, Kind.TIME

_FAVOURITE = _word(sa.case((runs.c.favourite, "true"), else_="false"))
_BLOCKS = CountedSettings(tuple(f"model.blocks.{index}.filters" for index in range(MAX_BLOCKS)))
_DENSE = CountedSettings(tuple(f"model.dense.{index}.units" for index in range(MAX_DENSE)))


def _of(path: str) -> Callable[[Run], Iterable[Any]]:
    """Return what reads an attribute, be it of the result of a run: `result.accuracy`."""
    first, _, rest = path.partition(".")
    if not rest:
        return lambda run: (getattr(run, first),)
    get = attrgetter(rest)
    return lambda run: () if (part := getattr(run, first)) is None else (get(part),)


def _epochs(run: Run) -> str:
    return f"{run.epoch} of {run.epochs}" if run.epochs else str(run.epoch)


def _layers(kind: str) -> Callable[[Run], Iterable[int]]:
    return lambda run: () if run.config is None else (len(getattr(run.config.model, kind)),)


def _field(
    name: str,
    label: str,
    kind: Kind,
    read: str | Callable[[Run], Iterable[Any]],
    stored: Stored | None = None,
    **more: Any,
) -> RunField:
    """Return a field; one with a name in JSON is found in JSON and CSV everywhere, unless told otherwise."""
    if "json" in more:
        more.setdefault("places", Place.ALL)
    return RunField(name, label, kind, _of(read) if isinstance(read, str) else read, stored, **more)


BEFORE_METRICS: tuple[RunField, ...] = (
    _field("run", "Run", _NUMBER, "id", _number(runs.c.id), json="run_id", event="id", aliases=("id",)),
    _field("name", "Name", _TEXT, "name", InTexts("name"), json="name", event="name", aliases=("title",)),
    _field(
        "status",
        "Status",
        _CHOICE,
        "status",
        _word(runs.c.status),
        allowed=tuple(Status),
        json="status",
        event="status",
    ),
    _field("message", "Message", _TEXT, "message", json="message", event="message"),
    _field("dataset", "Data set", _TEXT, "dataset", json="dataset"),
    _field("preset", "Preset", _TEXT, "preset", json="preset"),
    _field(
        "accuracy",
        "Test accuracy",
        _SHARE,
        "result.accuracy",
        _number(runs.c.test_accuracy),
        format=Format.PERCENT,
        json="test_accuracy",
        event="test_accuracy",
        aliases=("test_accuracy",),
    ),
    _field(
        "loss",
        "Test loss",
        _NUMBER,
        "result.loss",
        _number(runs.c.test_loss),
        format=Format.DECIMAL,
        json="test_loss",
        event="test_loss",
        aliases=("test_loss",),
    ),
    _field(
        "best_epoch",
        "Best epoch",
        _NUMBER,
        "result.best_epoch",
        _number(runs.c.best_epoch),
        json="best_epoch",
        places=Place.NOT_LISTED,
    ),
)

AFTER_METRICS: tuple[RunField, ...] = (
    _field("epoch", "Finished epochs", _NUMBER, "epoch", _number(runs.c.epoch), json="epochs_done", event="epoch"),
    _field("planned_epochs", "Planned epochs", _NUMBER, "epochs", json="epochs", places=Place.JSON, event="epochs"),
    _field("trained_epochs", "Epochs", _TEXT, lambda run: (_epochs(run),)),
    _field("batch", "Batch", _NUMBER, "batch", event="batch"),
    _field("batches", "Batches", _NUMBER, "batches", event="batches"),
    _field("progress", "Progress", _SHARE, "progress", event="progress"),
    _field(
        "seconds",
        "Seconds",
        _NUMBER,
        "result.seconds",
        _number(runs.c.seconds),
        json="seconds",
        event="seconds",
        digits=3,
    ),
    _field(
        "images_per_second",
        "Images/s",
        _NUMBER,
        lambda run: (run.images_per_second or None,),
        _number(sa.func.nullif(runs.c.images_per_second, 0)),
        format=Format.COUNT,
        json="images_per_second",
        event="images_per_second",
        digits=1,
    ),
    _field(
        "first_metric_seconds",
        "Seconds to first metric",
        _NUMBER,
        "first_metric_seconds",
        json="first_metric_seconds",
        digits=3,
    ),
    _field(
        "parameters",
        "Parameters",
        _NUMBER,
        "parameters",
        _number(runs.c.parameters),
        format=Format.COUNT,
        json="parameters",
    ),
    _field(
        "multiply_adds",
        "Multiply-adds",
        _NUMBER,
        "multiply_adds",
        _number(runs.c.multiply_adds),
        format=Format.COUNT,
        json="multiply_adds",
        places=Place.NOT_LISTED,
    ),
    _field("created", "Started", _TIME, "created_at", _number(runs.c.created_at), json="created_at"),
    _field("ended", "Ended", _TIME, "ended_at", _number(runs.c.ended_at), json="ended_at", places=Place.NOT_LISTED),
    _field("favourite", "Favourite", Kind.SWITCH, "favourite", _FAVOURITE, json="favourite", aliases=("favorite",)),
    _field("tag", "Tags", _TEXT, lambda run: run.tags, InTexts("tag"), json="tags", many=True, aliases=("tags",)),
    _field("notes", "Notes", _TEXT, "notes", InTexts("notes"), json="notes", aliases=("note",)),
    _field(
        "weights_sha256",
        "SHA-256 of weights",
        _TEXT,
        "result.weights_sha256",
        json="weights_sha256",
        places=Place.NOT_LISTED,
    ),
    _field(
        "data_sha256",
        "SHA-256 of data",
        _TEXT,
        "data_sha256",
        _word(runs.c.data_sha256),
        json="data_sha256",
        places=Place.NOT_LISTED,
    ),
    _field("source", "Source", _CHOICE, "source", _word(runs.c.source), allowed=tuple(Source), json="source"),
    _field("blocks", "Number of blocks", _NUMBER, _layers("blocks"), _BLOCKS),
    _field("dense", "Number of dense layers", _NUMBER, _layers("dense"), _DENSE),
    _field("attempt", "Workers so far", _NUMBER, "attempt", json="attempt", places=Place.DETAILS),
    _field("worker_pid", "Process of the worker", _NUMBER, "worker_pid", json="worker_pid", places=Place.DETAILS),
    _field("worker_host", "Machine of the worker", _TEXT, "worker_host", json="worker_host", places=Place.DETAILS),
    _field("request", "Asked to", _TEXT, "request", json="request", places=Place.DETAILS, event="request"),
)

DECLARED = (*BEFORE_METRICS, *AFTER_METRICS)
BY_NAME = {field.name: field for field in DECLARED}


def entry(run: Run, place: Place) -> dict[str, Any]:
    """Return what a run has at a place, by JSON names, as JSON can carry it."""
    return {field.json: field.json_value(run) for field in DECLARED if place in field.places}


def event(run: Run) -> dict[str, Any]:
    """Return what the event stream says of a run, by the names there."""
    return {field.event: field.json_value(run) for field in DECLARED if field.event}
