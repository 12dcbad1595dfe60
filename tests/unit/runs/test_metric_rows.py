"""Metrics of any name and any value, and their summaries, in both databases."""

import math
from collections.abc import Callable, Mapping

import numpy as np
import pytest
import sqlalchemy as sa

from cnn_dash.metrics import metric
from cnn_dash.runs import schema
from cnn_dash.runs.lease import Lease
from cnn_dash.runs.metric_rows import read_epochs, read_steps, read_summaries
from cnn_dash.runs.records import EpochMetrics, MetricSummary, StepMetrics
from cnn_dash.runs.store import RunStore

NAN, INF = math.nan, math.inf


def same(one: float | None, other: float | None) -> bool:
    return one == other or (one is not None and other is not None and math.isnan(one) and math.isnan(other))


def equal(one: Mapping[str, float], other: Mapping[str, float]) -> bool:
    return list(one) == list(other) and all(same(one[name], other[name]) for name in one)


def summaries(lease: Lease) -> Mapping[str, MetricSummary]:
    return lease.store.run(lease.run.id).metrics


def test_a_metric_of_any_name_comes_back_with_the_declared_ones_first(lease: Lease) -> None:
    lease.log_epoch(EpochMetrics(1, {"val_f1": 0.5, "f1": 0.6, "top5": 0.9, "val_loss": 0.4, "größe/β": 2.0}))
    assert lease.store.epochs(lease.run.id)[0].metrics == {
        "val_loss": 0.4, "f1": 0.6, "val_f1": 0.5, "größe/β": 2.0, "top5": 0.9,
    }  # fmt: skip
    assert list(lease.store.epochs(lease.run.id)[0].metrics) == ["val_loss", "f1", "val_f1", "größe/β", "top5"]


def test_numbers_that_are_not_finite_are_values(lease: Lease) -> None:
    values = {"loss": NAN, "accuracy": 0.0, "mae": INF, "score": -INF}
    lease.log_epoch(EpochMetrics(1, values))
    lease.log_step(StepMetrics(3, 0.3, values), epoch=0, batch=3)
    changes = lease.store.changes(lease.run.id)
    assert equal(changes.epochs[0].metrics, values)
    assert equal(changes.steps[0].metrics, values)
    assert math.isnan(summaries(lease)["loss"].last)
    assert summaries(lease)["loss"].best is None
    assert summaries(lease)["score"] == MetricSummary(-INF, None, None)


def test_numbers_of_numpy_are_plain_numbers(lease: Lease) -> None:
    lease.log_epoch(EpochMetrics(1, {"loss": np.float32(0.5), "f1": np.float64(0.25), "steps": np.int64(7)}))  # type: ignore[dict-item]
    assert lease.store.epochs(lease.run.id)[0].metrics == {"loss": 0.5, "f1": 0.25, "steps": 7.0}
    assert summaries(lease)["loss"] == MetricSummary(0.5, 0.5, 1)


def test_an_epoch_without_metrics_and_one_without_a_time_are_epochs(lease: Lease) -> None:
    lease.log_epoch(EpochMetrics(1, {}, 2.5))
    lease.log_epoch(EpochMetrics(2, {"f1": 0.5}))
    assert lease.store.epochs(lease.run.id) == [EpochMetrics(1, {}, 2.5), EpochMetrics(2, {"f1": 0.5})]


EPOCHS = [
    {"val_loss": 0.4, "val_f1": 0.5, "note": 1.0},
    {"val_loss": NAN, "val_f1": 0.5, "note": 2.0},
    {"val_loss": 0.3, "val_f1": INF},
    {"val_loss": 0.3, "val_f1": NAN, "val_auc": 0.9},
]


def expected(epochs: list[Mapping[str, float]]) -> dict[str, MetricSummary]:
    """The summaries by their definition."""
    found = {}
    for name in {name for epoch in epochs for name in epoch}:
        values = [(number, epoch[name]) for number, epoch in enumerate(epochs, start=1) if name in epoch]
        best, best_epoch = None, None
        for number, value in values:
            if metric(name).better(value, best):
                best, best_epoch = value, number
        found[name] = MetricSummary(values[-1][1], best, best_epoch)
    return found


def assert_summaries(lease: Lease, epochs: list[Mapping[str, float]]) -> None:
    found, wanted = summaries(lease), expected(epochs)
    assert set(found) == set(wanted)
    for name, summary in wanted.items():
        assert same(found[name].last, summary.last), name
        assert (found[name].best, found[name].best_epoch) == (summary.best, summary.best_epoch), name


def test_summaries_follow_the_epochs_and_the_first_best_counts(lease: Lease) -> None:
    assert summaries(lease) == {}
    for count, metrics in enumerate(EPOCHS, start=1):
        lease.log_epoch(EpochMetrics(count, metrics))
        assert_summaries(lease, EPOCHS[:count])
    assert summaries(lease)["val_loss"].best_epoch == 3
    assert summaries(lease)["val_f1"] == MetricSummary(pytest.approx(NAN, nan_ok=True), 0.5, 1)  # infinity is no best
    assert summaries(lease)["note"] == MetricSummary(2.0, None, None)


@pytest.mark.parametrize("epoch", range(5))
def test_summaries_are_those_of_the_epochs_that_are_left_when_a_run_resumes(lease: Lease, epoch: int) -> None:
    for count, metrics in enumerate(EPOCHS, start=1):
        lease.log_epoch(EpochMetrics(count, metrics))
    lease.begin(train_images=640, batches=10, epoch=epoch, batch=5)
    assert_summaries(lease, EPOCHS[:epoch])


def test_an_epoch_that_is_recorded_anew_with_other_metrics_is_replaced(lease: Lease) -> None:
    for count, metrics in enumerate(EPOCHS, start=1):
        lease.log_epoch(EpochMetrics(count, metrics))
    lease.log_epoch(EpochMetrics(3, {"val_loss": 0.5}))
    assert_summaries(lease, [*EPOCHS[:2], {"val_loss": 0.5}, EPOCHS[3]])


def test_an_epoch_that_comes_late_is_not_the_last_one(lease: Lease) -> None:
    for number in (1, 4, 3, 2):
        lease.log_epoch(EpochMetrics(number, EPOCHS[number - 1]))
    assert_summaries(lease, EPOCHS)
    assert [record.epoch for record in lease.store.epochs(lease.run.id)] == [1, 2, 3, 4]


def test_a_deleted_run_leaves_no_metrics(lease: Lease, record: Callable[[int], EpochMetrics]) -> None:
    lease.log_epoch(record(1))
    lease.log_step(StepMetrics(1, 0.1, {"loss": 1.0}), epoch=0, batch=1)
    tables = (schema.epochs, schema.epoch_metrics, schema.steps, schema.step_metrics, schema.metric_summaries)
    with lease.store.transaction() as connection:
        counts = [connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one() for table in tables]
        assert all(counts)
        connection.execute(schema.runs.delete())
        left = [connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one() for table in tables]
    assert left == [0] * len(tables)


@pytest.mark.parametrize("database", ["sqlite"])
def test_what_is_read_while_a_run_is_watched_is_found_by_its_key(store: RunStore) -> None:
    plans = []

    @sa.event.listens_for(store._engine, "before_cursor_execute")
    def explain(connection, cursor, statement, parameters, context, many) -> None:  # type: ignore[no-untyped-def]
        if statement.startswith("SELECT"):
            plans.extend(row[3] for row in cursor.execute(f"EXPLAIN QUERY PLAN {statement}", parameters).fetchall())

    with store.transaction() as connection:
        read_epochs(connection, [1], after_epoch=3)
        read_steps(connection, 1, after_step=3)
        read_summaries(connection, [1])
    assert plans
    assert [plan for plan in plans if not plan.startswith("SEARCH") or "run_id=?" not in plan] == []
