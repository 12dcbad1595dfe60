"""What is under way: words, versions, and one look for all who ask."""

from collections.abc import Callable

import pytest

from cnn_dash.config import RunConfig
from cnn_dash.hyperparameters import override
from cnn_dash.runs import control
from cnn_dash.runs.activity import Activity, Look, look, queue_words, words
from cnn_dash.runs.lease import Lease
from cnn_dash.runs.records import EpochRecord, Point
from cnn_dash.runs.status import Status
from cnn_dash.runs.store import RunStore, Worker


@pytest.fixture
def training(lease: Lease, point: Callable[[int], Point], record: Callable[[int], EpochRecord]) -> Lease:
    """The only run, after one and a half of five epochs."""
    lease.begin(train_images=640, batches=10)
    lease.record_epoch(record(1))
    lease.record_point(point(15), epoch=1, batch=5)
    return lease


def test_nothing_is_under_way_in_an_empty_store(store: RunStore) -> None:
    assert not look(store).active
    assert look(store).version == look(store).version


def test_a_run_is_named_by_what_it_does(store: RunStore, training: Lease) -> None:
    assert words(store.run(1)).startswith("epoch 2 of 5 · 30 % · ")
    assert words(store.run(1)).endswith(" s left")
    control.pause(store, 1)
    assert words(store.run(1)) == "pausing… · epoch 2 of 5 · 30 %"
    training.end(Status.PAUSED)
    assert words(store.run(1)) == "paused · epoch 2 of 5 · 30 %"
    control.resume(store, 1)
    assert words(store.run(1)) == "waiting to go on · epoch 2 of 5 · 30 %"


def test_an_interrupted_run_says_that_it_goes_on(store: RunStore, training: Lease) -> None:
    control.give_up(store, store.run(1), "Its worker is gone.", most_crashes=5)
    assert words(store.run(1)) == "interrupted, goes on by itself · epoch 2 of 5 · 30 %"
    assert [run.id for run in look(store).waiting] == [1]


def test_a_run_that_has_not_begun_is_waiting_and_then_getting_ready(store: RunStore, worker: Worker) -> None:
    store.create(RunConfig(), parameters=1, multiply_adds=1)
    assert words(store.run(1)) == "waiting"
    Lease.claim(store, worker)
    assert words(store.run(1)) == "getting ready"


def test_progress_changes_the_version_and_only_another_status_the_states(
    store: RunStore, training: Lease, point: Callable[[int], Point]
) -> None:
    first = look(store)
    training.record_point(point(20), epoch=2, batch=0)
    second = look(store)
    assert second.version != first.version
    assert second.states == first.states
    control.pause(store, 1)
    assert look(store).states != second.states


def test_a_run_that_ends_changes_the_states_each_time(store: RunStore, training: Lease) -> None:
    seen = {look(store).states}
    training.end(Status.STOPPED)
    seen.add(look(store).states)
    control.resume(store, 1)
    seen.add(look(store).states)
    assert len(seen) == 3
    assert [end.run_id for end in look(store).ended] == []


def test_the_queue_is_said_with_its_time(store: RunStore) -> None:
    config = override(RunConfig(), {"train.epochs": 10})
    for _ in range(3):
        store.create(config, parameters=1, multiply_adds=2_800_000)
    seen = look(store)
    assert queue_words(seen).startswith("3 waiting, about ")
    assert seen.queue_s == pytest.approx(3 * look_alone(store).queue_s)


def look_alone(store: RunStore) -> Look:
    for run_id in (2, 3):
        control.stop(store, run_id)
    return look(store)


def test_all_who_ask_within_a_second_share_a_look(store: RunStore) -> None:
    now = [0.0]
    activity = Activity(store, clock=lambda: now[0])
    first = activity.look()
    store.create(RunConfig(), parameters=1, multiply_adds=1)
    assert activity.look() is first
    activity.forget()
    assert activity.look().active
    control.stop(store, 1)
    now[0] = 1.1
    assert not activity.look().active
