import sqlite3
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from cnn_dash.config import RunConfig
from cnn_dash.errors import RunNotFound, StoreError
from cnn_dash.hyperparameters import override
from cnn_dash.presets import PRESETS
from cnn_dash.runs import actions, query, schema, trash
from cnn_dash.runs.activity import take_snapshot
from cnn_dash.runs.lease import Lease
from cnn_dash.runs.records import EpochMetrics, StepMetrics, TestResult
from cnn_dash.runs.status import Status
from cnn_dash.runs.store import RunStore, Worker
from cnn_dash.settings import Settings

RESULT = TestResult(0.99, 0.031, 3, 12.5, 3000.5, "ab" * 32)


def new(store: RunStore) -> int:
    return store.create(RunConfig(), parameters=10, multiply_adds=100).id


def test_a_new_run_waits_and_comes_back_as_it_was_given(store: RunStore) -> None:
    config = override(PRESETS["kuzushiji"].config("kmnist"), {"train.learning_rate": 1e-6, "train.seed": 2**31 - 1})
    run = store.create(config, parameters=2**40, multiply_adds=2**41)
    assert run == store.run(run.id)
    assert (run.recipe, run.status, run.parameters, run.multiply_adds) == (config, Status.QUEUED, 2**40, 2**41)
    assert timedelta(0) <= datetime.now(UTC) - run.created_at < timedelta(minutes=1)
    assert (run.epoch, run.batch, run.attempt, run.progress, run.result) == (0, 0, 0, 0.0, None)
    assert run.request is None
    assert run.untrained


def test_thousands_of_numbers_are_asked_for_at_once(store: RunStore, lease: Lease) -> None:
    lease.log_epoch(EpochMetrics(1, {"loss": 0.5}))
    many = range(1, 70_001)  # more than either database takes in one statement
    assert query.existing(store, many) == {lease.run.id}
    assert [run.id for run in store.by_ids(many)] == [lease.run.id]
    assert {run_id: len(found) for run_id, found in store.epochs_of(many).items() if found} == {lease.run.id: 1}
    assert query.setting_paths(store, many)[0] == "data.dataset"
    trash.restore(store, many)


def test_tags_of_older_versions_are_listed_as_they_are_read(store: RunStore) -> None:
    run_id = new(store)
    with store.transaction() as connection:
        connection.execute(schema.runs.update().values(tags='["a\\u202eb", "\\u0000", "b  c"]'))
    assert query.tags(store) == ["ab", "b c"] == [tag for tag in store.run(run_id).tags if tag]


def test_what_is_under_way_is_found_without_going_through_all_runs(store: RunStore, database: str) -> None:
    if database != "sqlite":
        pytest.skip("PostgreSQL plans by what it has counted, and an empty table is gone through")
    plans = []

    def explain(connection: sa.Connection, statement: str, values: Any) -> None:
        plans.extend(row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values))

    def before(connection: Any, cursor: Any, statement: str, values: Any, *_: Any) -> None:
        if statement.startswith("SELECT"):
            explain(connection, statement, values)

    sa.event.listen(store._engine, "before_cursor_execute", before)
    take_snapshot(store)
    store.anything_waits()
    sa.event.remove(store._engine, "before_cursor_execute", before)
    of_runs = [plan for plan in plans if " runs " in plan]
    assert len(of_runs) == 5
    assert all("(status=? AND deleted_at=?)" in plan or "ended_at" in plan for plan in of_runs), of_runs


def test_runs_survive_the_process_that_created_them(store: RunStore, settings: Settings) -> None:
    run = store.create(RunConfig(), parameters=1, multiply_adds=1)
    store.close()
    assert RunStore(settings).run(run.id) == run


def test_runs_are_listed_newest_first_and_by_status(store: RunStore, worker: Worker) -> None:
    first, second, third = new(store), new(store), new(store)
    Lease.claim(store, worker)
    assert [run.id for run in store.runs()] == [third, second, first]
    assert [run.id for run in store.runs(limit=2)] == [third, second]
    assert [run.id for run in store.runs(Status.QUEUED)] == [third, second]
    assert [run.id for run in store.runs(Status.RUNNING, Status.QUEUED)] == [third, second, first]
    latest, latest_running = store.latest(), store.latest(Status.RUNNING)
    assert latest is not None
    assert latest.id == third
    assert latest_running is not None
    assert latest_running.id == first
    assert store.latest(Status.FINISHED) is None


def test_the_oldest_waiting_run_is_claimed_first(store: RunStore, worker: Worker) -> None:
    ids = [new(store), new(store)]
    claimed = [Lease.claim(store, worker), Lease.claim(store, replace(worker, id="other"))]
    assert [lease.run.id for lease in claimed if lease] == ids
    assert Lease.claim(store, worker) is None
    run = store.run(ids[0])
    assert (run.status, run.worker_id, run.worker_pid, run.worker_host) == (
        Status.RUNNING,
        worker.id,
        worker.pid,
        worker.host,
    )
    assert run.attempt == 1
    assert run.claimed_at == run.heartbeat_at is not None


@pytest.mark.parametrize("run_id", [7, 0, -1, 2**31, 2**63, 10**30])
def test_an_unknown_run_is_named_with_what_there_is(store: RunStore, run_id: int) -> None:
    with pytest.raises(RunNotFound, match=f"Received: {run_id}. Allowed: none yet"):
        store.run(run_id)
    new(store), new(store)
    for ask in (store.run, store.changes, store.epochs, partial(actions.stop, store)):
        with pytest.raises(RunNotFound, match=f"Received: {run_id}. Allowed: 1 to 2"):
            ask(run_id)


def test_changes_are_what_came_after_and_in_order(
    lease: Lease, point: Callable[[int], StepMetrics], record: Callable[[int], EpochMetrics]
) -> None:
    store, run_id = lease.store, lease.run.id
    assert store.changes(run_id).steps == store.changes(run_id).epochs == []
    for step in (1, 5, 10, 20):
        lease.log_step(point(step), epoch=0, batch=step)
    for epoch in (1, 2):
        lease.log_epoch(record(epoch))
    everything = store.changes(run_id)
    assert everything.steps == [point(step) for step in (1, 5, 10, 20)]
    assert everything.epochs == [record(1), record(2)] == store.epochs(run_id)
    later = store.changes(run_id, after_epoch=1, after_step=5)
    assert later.steps == [point(10), point(20)]
    assert later.epochs == [record(2)]
    assert store.changes(run_id, after_epoch=2, after_step=20).steps == []


def test_figures_belong_to_their_run(lease: Lease, worker: Worker, record: Callable[[int], EpochMetrics]) -> None:
    other = new(lease.store)
    lease.log_epoch(record(1))
    assert lease.store.epochs(other) == []
    assert lease.store.run(other).epoch == 0


def test_a_result_comes_back_as_it_was_recorded(lease: Lease) -> None:
    lease.end(Status.FINISHED, result=RESULT)
    run = lease.store.run(lease.run.id)
    assert run.result == RESULT
    assert run.images_per_second == RESULT.images_per_second


def test_progress_counts_epochs_and_batches(lease: Lease, point: Callable[[int], StepMetrics]) -> None:
    lease.begin(train_images=640, batches=10)
    lease.log_step(point(25), epoch=2, batch=5)
    assert lease.store.run(lease.run.id).progress == 25 / 50


def test_the_first_figure_is_timed_once(lease: Lease, point: Callable[[int], StepMetrics]) -> None:
    lease.log_step(point(1), epoch=0, batch=1)
    first = lease.store.run(lease.run.id).first_metric_at
    lease.log_step(point(2), epoch=0, batch=2)
    run = lease.store.run(lease.run.id)
    assert run.first_metric_at == first is not None
    assert run.first_metric_seconds == (first - run.created_at).total_seconds()


# ---- a store that cannot be opened or used


def opened(tmp_path: Path, *, home: Path | None = None, url: str | None = None) -> RunStore:
    home = home or tmp_path / "home"
    return RunStore(Settings(home=home, data_dir=tmp_path, database_url=url or ""))


def test_a_home_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "occupied").write_text("not a folder")
    with pytest.raises(StoreError, match=r"cannot be opened.*Received: CNN_DASH_HOME .*occupied.*needs a folder"):
        opened(tmp_path, home=tmp_path / "occupied")


def test_a_database_that_is_none_is_named_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.db").write_bytes(b"my notes" * 1000)
    with pytest.raises(StoreError, match=r"(?s)not a database.*notes\.db"):
        opened(tmp_path, url=f"sqlite:///{tmp_path / 'notes.db'}")
    assert (tmp_path / "notes.db").read_bytes() == b"my notes" * 1000


@pytest.mark.parametrize(
    "url",
    [
        "hunter2",
        "postgresql://me:hunter2@host:port/runs",
        "postgresql://me:hunter2",
        "oracle9000://me:hunter2@host/runs",
        "postgresql+nosuchdriver://me:hunter2@host/runs",
    ],
)
def test_a_bad_database_url_is_refused_without_showing_the_password(tmp_path: Path, url: str) -> None:
    with pytest.raises(StoreError, match="CNN_DASH_DATABASE_URL") as refused:
        opened(tmp_path, url=url)
    assert "hunter2" not in str(refused.value)


def test_a_driver_that_is_not_there_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(
        StoreError, match=r"cannot be opened: .*psycopg.*Received: .*postgresql\+psycopg://me@host/runs"
    ):
        opened(tmp_path, url="postgresql+psycopg://me@host/runs")


# ---- a database that somebody else keeps locked


only_sqlite = pytest.mark.parametrize("database", ["sqlite"])


def lock(settings: Settings) -> sqlite3.Connection:
    """A connection that holds the write lock until it is closed; `close` may be called from any thread."""
    connection = sqlite3.connect(settings.home / "cnn-dash.db", isolation_level=None, check_same_thread=False)
    connection.execute("BEGIN IMMEDIATE")
    return connection


@only_sqlite
def test_a_locked_database_is_waited_for(lease: Lease, settings: Settings, point: Callable[[int], StepMetrics]) -> None:
    locked = lock(settings)
    release = threading.Timer(2.0, locked.close)
    release.start()
    began = time.monotonic()
    lease.log_step(point(1), epoch=0, batch=1)
    assert time.monotonic() - began > 1.0, "it was not locked at all"
    assert lease.store.changes(lease.run.id).steps == [point(1)]


@only_sqlite
def test_readers_do_not_wait_for_a_locked_database(lease: Lease, settings: Settings) -> None:
    locked = lock(settings)
    assert lease.store.run(lease.run.id).status is Status.RUNNING
    assert lease.store.changes(lease.run.id).steps == []
    locked.close()


@only_sqlite
def test_a_database_that_stays_locked_is_a_sentence(
    settings: Settings, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "LOCK_TIMEOUT_S", 0.2)
    store = RunStore(settings)
    run_id = new(store)
    locked = lock(settings)
    for write in (lambda: new(store), lambda: Lease.claim(store, worker), lambda: actions.stop(store, run_id)):
        with pytest.raises(StoreError, match=r"database is locked\. Nothing of this step was written"):
            write()
    with pytest.raises(StoreError, match="locked"):
        store.wait_until_writable()
    locked.close()
    store.wait_until_writable()
    assert [run.status for run in store.runs()] == [Status.QUEUED]


def test_a_run_of_another_version_does_not_hide_the_others_and_is_not_trained(store: RunStore, worker: Worker) -> None:
    strange, usual = new(store), new(store)
    with store.transaction() as connection:
        other = schema.runs.update().where(schema.runs.c.id == strange)
        connection.execute(other.values(config={"train": {"colour": 3}}))
    assert [run.id for run in store.runs()] == [usual]
    with pytest.raises(StoreError, match=r"Run 1 was stored by another version.*colour"):
        store.run(strange)
    assert Lease.claim(store, worker) is None
    claimed = Lease.claim(store, worker)
    assert claimed is not None
    assert claimed.run.id == usual
