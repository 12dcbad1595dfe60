"""What is under way: words, versions, and one look for all who ask."""

from collections.abc import Callable

import pytest

from cnn_dash.config import RunConfig
from cnn_dash.hyperparameters import override
from cnn_dash.runs import actions
from cnn_dash.runs.activity import Activity, ActivitySnapshot, progress_text, queue_text, take_snapshot
from cnn_dash.runs.lease import Lease
from cnn_dash.runs.records import EpochMetrics, StepMetrics
from cnn_dash.runs.status import Status
from cnn_dash.runs.store import RunStore, Worker


@pytest.fixture
def training(lease: Lease, point: Callable[[int], StepMetrics], record: Callable[[int], EpochMetrics]) -> Lease:
    """The only run, after one and a half of five epochs."""
    lease.begin(train_images=640, batches=10)
    lease.log_epoch(record(1))
    lease.log_step(point(15), epoch=1, batch=5)
    return lease


def test_nothing_is_under_way_in_an_empty_store(store: RunStore) -> None:
    assert not take_snapshot(store).active
    assert take_snapshot(store).version == take_snapshot(store).version


def test_a_run_is_named_by_what_it_does(store: RunStore, training: Lease) -> None:
    assert progress_text(store.run(1)).startswith("epoch 2 of 5 · 30 % · ")
    assert progress_text(store.run(1)).endswith(" s left")
    actions.pause(store, 1)
    assert progress_text(store.run(1)) == "pausing… · epoch 2 of 5 · 30 %"
    training.end(Status.PAUSED)
    assert progress_text(store.run(1)) == "paused · epoch 2 of 5 · 30 %"
    actions.resume(store, 1)
    assert progress_text(store.run(1)) == "waiting to continue · epoch 2 of 5 · 30 %"


def test_an_interrupted_run_says_that_it_goes_on(store: RunStore, training: Lease) -> None:
    actions.give_up(store, store.run(1), "Its worker is gone.", most_crashes=5)
    assert progress_text(store.run(1)) == "interrupted, continues by itself · epoch 2 of 5 · 30 %"
    assert [run.id for run in take_snapshot(store).waiting] == [1]


def test_a_run_that_has_not_begun_is_waiting_and_then_getting_ready(store: RunStore, worker: Worker) -> None:
    store.create(RunConfig(), parameters=1, multiply_adds=1)
    assert progress_text(store.run(1)) == "waiting"
    Lease.claim(store, worker)
    assert progress_text(store.run(1)) == "getting ready"


def test_progress_changes_the_version_and_only_another_status_the_states(
    store: RunStore, training: Lease, point: Callable[[int], StepMetrics]
) -> None:
    first = take_snapshot(store)
    training.log_step(point(20), epoch=2, batch=0)
    second = take_snapshot(store)
    assert second.version != first.version
    assert second.states == first.states
    actions.pause(store, 1)
    assert take_snapshot(store).states != second.states


def test_a_run_that_ends_changes_the_states_each_time(store: RunStore, training: Lease) -> None:
    seen = {take_snapshot(store).states}
    training.end(Status.STOPPED)
    seen.add(take_snapshot(store).states)
    actions.resume(store, 1)
    seen.add(take_snapshot(store).states)
    assert len(seen) == 3
    assert [end.run_id for end in take_snapshot(store).ended] == []


def test_the_queue_is_said_with_its_time(store: RunStore) -> None:
    config = override(RunConfig(), {"train.epochs": 10})
    for _ in range(3):
        store.create(config, parameters=1, multiply_adds=2_800_000)
    seen = take_snapshot(store)
    assert queue_text(seen).startswith("3 waiting, about ")
    assert seen.queue_s == pytest.approx(3 * look_alone(store).queue_s)


def look_alone(store: RunStore) -> ActivitySnapshot:
    for run_id in (2, 3):
        actions.stop(store, run_id)
    return take_snapshot(store)


def test_all_who_ask_within_a_second_share_a_look(store: RunStore) -> None:
    now = [0.0]
    activity = Activity(store, clock=lambda: now[0])
    first = activity.snapshot()
    store.create(RunConfig(), parameters=1, multiply_adds=1)
    assert activity.snapshot() is first
    activity.forget()
    assert activity.snapshot().active
    actions.stop(store, 1)
    now[0] = 1.1
    assert not activity.snapshot().active
