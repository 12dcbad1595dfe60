from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from cnn_dash.errors import IllegalTransition, StoreError
from cnn_dash.runs.actions import give_up
from cnn_dash.runs.lease import Lease, LeaseLost
from cnn_dash.runs.records import EpochMetrics, StepMetrics
from cnn_dash.runs.schema import runs
from cnn_dash.runs.status import Status
from cnn_dash.runs.store import RunStore, Worker

Write = Callable[[Lease, StepMetrics, EpochMetrics], object]
WRITES: dict[str, Write] = {
    "heartbeat": lambda lease, _point, _record: lease.record_heartbeat(),
    "message": lambda lease, _point, _record: lease.set_message("hello"),
    "begin": lambda lease, _point, _record: lease.begin(train_images=1, batches=1),
    "step": lambda lease, point, _record: lease.log_step(point, epoch=0, batch=1),
    "epoch": lambda lease, _point, record: lease.log_epoch(record),
    "acknowledge": lambda lease, _point, _record: lease.acknowledge_request(),
    "checkpoint": lambda lease, _point, _record: lease.record_checkpoint("late.npz"),
    "epoch with checkpoint": lambda lease, _point, record: lease.log_epoch(record, "late.npz"),
    "end": lambda lease, _point, _record: lease.end(Status.FINISHED),
}


def test_there_is_no_lease_without_a_waiting_run(store: RunStore, worker: Worker) -> None:
    assert Lease.claim(store, worker) is None


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES.keys())
def test_a_worker_given_up_for_dead_writes_nothing_any_more(
    lease: Lease, write: Write, point: Callable[[int], StepMetrics], record: Callable[[int], EpochMetrics]
) -> None:
    store = lease.store
    give_up(store, store.run(lease.run.id), "It is gone.", most_crashes=5)
    before = store.changes(lease.run.id)
    with pytest.raises(LeaseLost, match=f"Run {lease.run.id} no longer belongs"):
        write(lease, point(1), record(1))
    assert store.changes(lease.run.id) == before


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES.keys())
def test_a_claim_of_earlier_date_writes_nothing(
    lease: Lease, write: Write, point: Callable[[int], StepMetrics], record: Callable[[int], EpochMetrics]
) -> None:
    before = lease.store.changes(lease.run.id)
    late = Lease(lease.store, replace(lease.run, attempt=lease.run.attempt - 1))
    with pytest.raises(LeaseLost):
        write(late, point(1), record(1))
    assert lease.store.changes(lease.run.id) == before


@pytest.mark.parametrize(
    "metrics", [{"f1": "high"}, {"f1": None}, {"": 1.0}, {"x" * 121: 1.0}, {"a\x00b": 1.0}, {"a\nb": 1.0}]
)
def test_a_metric_that_cannot_be_recorded_leaves_no_trace(
    lease: Lease, metrics: dict[str, Any], point: Callable[[int], StepMetrics], record: Callable[[int], EpochMetrics]
) -> None:
    lease.log_step(point(3), epoch=0, batch=3)
    before = lease.store.changes(lease.run.id)
    with pytest.raises(StoreError, match=r"nothing of this step was written\. Received: .*Allowed: a name of 1 to 120"):
        lease.log_step(StepMetrics(4, 0.4, metrics), epoch=7, batch=7)
    with pytest.raises(StoreError, match="nothing of this step was written"):
        lease.log_epoch(EpochMetrics(1, {"loss": 0.5, **metrics}))
    assert lease.store.changes(lease.run.id) == replace(before, run=lease.store.run(lease.run.id))
    assert (lease.store.run(lease.run.id).epoch, lease.store.run(lease.run.id).batch) == (0, 3)


def test_metrics_that_are_recorded_again_are_there_once(
    lease: Lease, point: Callable[[int], StepMetrics], record: Callable[[int], EpochMetrics]
) -> None:
    for _ in range(2):  # as after a commit of which nobody knows whether it got through
        lease.log_step(point(3), epoch=0, batch=3)
        lease.log_epoch(record(1))
    changes = lease.store.changes(lease.run.id)
    assert (changes.steps, changes.epochs) == ([point(3)], [record(1)])


def test_a_run_that_goes_on_from_a_checkpoint_has_no_metrics_behind_it(
    lease: Lease, point: Callable[[int], StepMetrics], record: Callable[[int], EpochMetrics]
) -> None:
    for step in (5, 10, 15, 20, 25):
        lease.log_step(point(step), epoch=step // 10, batch=step % 10)
    lease.log_epoch(record(1))
    lease.log_epoch(record(2))
    lease.begin(train_images=640, batches=10, epoch=1, batch=5)
    changes = lease.store.changes(lease.run.id)
    assert [step.step for step in changes.steps] == [5, 10, 15]
    assert [record.epoch for record in changes.epochs] == [1]
    assert (changes.run.epoch, changes.run.batch) == (1, 5)


def test_the_two_newest_checkpoints_are_remembered_and_a_new_one_forgives_crashes(
    lease: Lease, record: Callable[[int], EpochMetrics]
) -> None:
    def named() -> tuple[str | None, str | None]:
        run = lease.store.run(lease.run.id)
        return run.checkpoint, run.checkpoint_before

    with lease.store.transaction() as connection:
        connection.execute(runs.update().values(crashes=3))
    assert named() == (None, None)
    lease.record_checkpoint("a")
    assert named() == ("a", None)
    lease.log_epoch(record(1), "b")
    assert named() == ("b", "a")
    lease.log_epoch(record(2), None)  # the disk was full
    assert named() == ("b", "a")
    lease.record_checkpoint("c")
    assert named() == ("c", "b")
    assert lease.store.run(lease.run.id).crashes == 0


def test_what_the_worker_says_is_shown_until_it_trains(lease: Lease) -> None:
    lease.set_message("Downloading.")
    assert lease.store.run(lease.run.id).message == "Downloading."
    lease.begin(train_images=640, batches=10)
    run = lease.store.run(lease.run.id)
    assert (run.message, run.train_images, run.batches) == (None, 640, 10)


def test_a_heartbeat_is_dated_anew(lease: Lease) -> None:
    before = lease.store.run(lease.run.id).heartbeat_at
    lease.record_heartbeat()
    after = lease.store.run(lease.run.id).heartbeat_at
    assert before is not None
    assert after is not None
    assert after > before


def test_a_run_cannot_end_as_waiting(lease: Lease) -> None:
    with pytest.raises(IllegalTransition):
        lease.end(Status.QUEUED)
    assert lease.store.run(lease.run.id).status is Status.RUNNING
