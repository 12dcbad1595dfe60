"""Metrics of runs as rows of the database: how they are written, read and summed up. Each call is within a transaction.

The summary of a metric (`metric_summaries`: last and best value) changes in the transaction of its epoch, so that it
cannot drift from the epochs. It takes the new epoch in, and is made anew from all epochs where some were dropped.
"""

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, TypeVar

import sqlalchemy as sa

from cnn_dash.metrics import in_reading_order, metric
from cnn_dash.runs.records import EpochMetrics, MetricSummary, StepMetrics
from cnn_dash.runs.rows import checked_metrics, metric_rows, number_and_kind, number_of, summary_of
from cnn_dash.runs.schema import epoch_metrics, epochs, metric_summaries, step_metrics, steps

Value = TypeVar("Value")

# Parameters of one statement: PostgreSQL takes 65,535, older SQLite 32,766.
_MOST_IDS = 5_000


_RUNS: sa.BindParameter[Any] = sa.bindparam("run_ids", expanding=True)


def _joined(own: sa.Table, key: str, values: sa.Table, *columns: sa.ColumnElement[Any]) -> sa.Select[Any]:
    """Return the query for epochs or steps of runs behind some place, each with its metrics.

    One statement, so that no epoch is seen without its metrics while somebody drops it.
    """
    same = sa.and_(own.c.run_id == values.c.run_id, own.c[key] == values.c[key])
    return (
        sa.select(*columns, values.c.name, values.c.value, values.c.value_kind)
        .join_from(own, values, same, isouter=True)
        .where(own.c.run_id.in_(_RUNS), own.c[key] > sa.bindparam("after"))
        .order_by(own.c.run_id, own.c[key])
    )


# Built once: to put a statement together takes longer than the database needs for it, and these are asked all the time.
_EPOCHS = _joined(epochs, "epoch", epoch_metrics, epochs.c.run_id, epochs.c.epoch, epochs.c.seconds)
_STEPS = _joined(steps, "step", step_metrics, steps.c.step, steps.c.position)
_SUMMARIES = sa.select(metric_summaries).where(metric_summaries.c.run_id.in_(_RUNS))
_NEWEST_EPOCH = sa.select(sa.func.max(epochs.c.epoch)).where(epochs.c.run_id == sa.bindparam("run"))
_DROP_STEP, _DROP_STEP_METRICS = (
    table.delete().where(table.c.run_id == sa.bindparam("run"), table.c.step == sa.bindparam("at"))
    for table in (steps, step_metrics)
)
_DROP_SUMMARY = metric_summaries.delete().where(
    metric_summaries.c.run_id == sa.bindparam("run"), metric_summaries.c.name.in_(sa.bindparam("names", expanding=True))
)
_ADD_EPOCH, _ADD_EPOCH_METRICS = epochs.insert(), epoch_metrics.insert()
_ADD_STEP, _ADD_STEP_METRICS = steps.insert(), step_metrics.insert()
_ADD_SUMMARY = metric_summaries.insert()


def write_epoch(connection: sa.Connection, run_id: int, epoch: EpochMetrics) -> None:
    """Write an epoch and bring the summaries up to it; one that is there already is replaced.

    Raises:
        StoreError: If a metric cannot be recorded.
    """
    at, metrics = {"epoch": epoch.epoch}, checked_metrics(epoch.metrics)
    newest = connection.execute(_NEWEST_EPOCH, {"run": run_id}).scalar()
    in_order = newest is None or newest < epoch.epoch
    if not in_order:  # a commit may have got through although it failed here
        _delete(connection, epoch_metrics, epoch_metrics.c.epoch == epoch.epoch, run_id)
        _delete(connection, epochs, epochs.c.epoch == epoch.epoch, run_id)
    connection.execute(_ADD_EPOCH, {"run_id": run_id, "seconds": epoch.seconds, **at})
    if rows := metric_rows(run_id, at, metrics):
        connection.execute(_ADD_EPOCH_METRICS, rows)
    if in_order:
        before = read_summaries(connection, [run_id]).get(run_id, {})
        after = {name: _taken_in(before.get(name), name, epoch.epoch, value) for name, value in metrics.items()}
        _write_summaries(connection, run_id, after)
    else:
        _summarise(connection, run_id)


def write_step(connection: sa.Connection, run_id: int, step: StepMetrics) -> None:
    """Write the metrics of a step; one that is there already is replaced.

    Raises:
        StoreError: If a metric cannot be recorded.
    """
    at, metrics = {"step": step.step}, checked_metrics(step.metrics)
    own = {"run": run_id, "at": step.step}
    if connection.execute(_DROP_STEP, own).rowcount:
        connection.execute(_DROP_STEP_METRICS, own)
    connection.execute(_ADD_STEP, {"run_id": run_id, "position": step.position, **at})
    if rows := metric_rows(run_id, at, metrics):
        connection.execute(_ADD_STEP_METRICS, rows)


def drop_after(connection: sa.Connection, run_id: int, *, epoch: int, step: int) -> None:
    """Drop what was recorded after an epoch and a step, and make the summaries anew if an epoch was among it."""
    _delete(connection, step_metrics, step_metrics.c.step > step, run_id)
    _delete(connection, steps, steps.c.step > step, run_id)
    _delete(connection, epoch_metrics, epoch_metrics.c.epoch > epoch, run_id)
    if _delete(connection, epochs, epochs.c.epoch > epoch, run_id):
        _summarise(connection, run_id)


def last_step(connection: sa.Connection, run_id: int, epoch: int) -> int:
    """Return the last step that was recorded up to the end of an epoch; 0 if there is none."""
    own = (steps.c.run_id == run_id) & (steps.c.position <= epoch)
    return int(connection.execute(sa.select(sa.func.max(steps.c.step)).where(own)).scalar() or 0)


def read_epochs(
    connection: sa.Connection, run_ids: Collection[int], *, after_epoch: int = -1
) -> dict[int, list[EpochMetrics]]:
    """Return the epochs of runs, in order; a run without any has an empty list."""
    found: dict[int, list[EpochMetrics]] = {run_id: [] for run_id in run_ids}
    for some in in_parts(found):
        asked = {"run_ids": some, "after": after_epoch}
        for (run_id, epoch, seconds), rows in groupby(connection.execute(_EPOCHS, asked), key=lambda row: row[:3]):
            found[run_id].append(EpochMetrics(epoch, _metrics(rows), seconds))
    return found


def read_steps(connection: sa.Connection, run_id: int, *, after_step: int = -1) -> list[StepMetrics]:
    """Return the metrics within the epochs of a run, in order."""
    asked = {"run_ids": [run_id], "after": after_step}
    found = groupby(connection.execute(_STEPS, asked), key=lambda row: row[:2])
    return [StepMetrics(step, position, _metrics(rows)) for (step, position), rows in found]


def read_summaries(connection: sa.Connection, run_ids: Collection[int]) -> dict[int, dict[str, MetricSummary]]:
    """Return the summaries of the metrics of runs, by name; a run without any is not there."""
    found: dict[int, dict[str, MetricSummary]] = {}
    for some in in_parts(run_ids):
        for row in connection.execute(_SUMMARIES, {"run_ids": some}):
            found.setdefault(row.run_id, {})[row.name] = summary_of(row)
    return {run_id: _in_order(summaries) for run_id, summaries in found.items()}


def in_parts(run_ids: Iterable[int]) -> Iterator[list[int]]:
    """Yield the numbers of runs in lists that one statement takes."""
    ids = list(run_ids)
    for start in range(0, len(ids), _MOST_IDS):
        yield ids[start : start + _MOST_IDS]


def _metrics(rows: Iterable[Sequence[Any]]) -> dict[str, float]:
    """Return the metrics of the rows of one epoch or step, which end with name, value and kind."""
    found = {}
    for row in rows:
        name, value, kind = row[-3:]
        number = number_of(value, kind)
        if number is not None:  # nothing was recorded but the epoch itself
            found[name] = number
    return _in_order(found)


def _in_order(metrics: Mapping[str, Value]) -> dict[str, Value]:
    return {name: metrics[name] for name in in_reading_order(metrics)}


def _delete(connection: sa.Connection, table: sa.Table, which: sa.ColumnElement[bool], run_id: int) -> int:
    return int(connection.execute(table.delete().where(table.c.run_id == run_id, which)).rowcount)


def _taken_in(before: MetricSummary | None, name: str, epoch: int, value: float) -> MetricSummary:
    """Return the summary of a metric after one more epoch."""
    best, best_epoch = (None, None) if before is None else (before.best, before.best_epoch)
    if metric(name).better(value, best):
        best, best_epoch = value, epoch
    return MetricSummary(value, best, best_epoch)


def _summarise(connection: sa.Connection, run_id: int) -> None:
    """Make all summaries of a run anew from its epochs."""
    found: dict[str, MetricSummary] = {}
    values = epoch_metrics.c
    query = sa.select(values.epoch, values.name, values.value, values.value_kind).where(values.run_id == run_id)
    for epoch, name, value, kind in connection.execute(query.order_by(values.epoch)):
        number = number_of(value, kind)
        found[name] = _taken_in(found.get(name), name, epoch, math.nan if number is None else number)
    connection.execute(metric_summaries.delete().where(metric_summaries.c.run_id == run_id))
    _write_summaries(connection, run_id, found)


def _write_summaries(connection: sa.Connection, run_id: int, summaries: Mapping[str, MetricSummary]) -> None:
    if not summaries:
        return
    connection.execute(_DROP_SUMMARY, {"run": run_id, "names": list(summaries)})
    connection.execute(_ADD_SUMMARY, [_summary_row(run_id, *one) for one in summaries.items()])


def _summary_row(run_id: int, name: str, summary: MetricSummary) -> dict[str, Any]:
    last, last_kind = number_and_kind(summary.last)
    best, best_kind = number_and_kind(summary.best)
    return {
        "run_id": run_id,
        "name": name,
        "last": last,
        "last_kind": last_kind,
        "best": best,
        "best_kind": best_kind,
        "best_epoch": summary.best_epoch,
    }
