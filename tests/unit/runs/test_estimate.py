import socket
from dataclasses import replace

import pytest

from cnn_dash.config import RunConfig, TrainConfig
from cnn_dash.runs.estimate import Estimate, duration, estimate, queue_seconds, seconds_left
from cnn_dash.runs.lease import Lease
from cnn_dash.runs.records import Run, TestResult
from cnn_dash.runs.status import Status
from cnn_dash.runs.store import RunStore, Worker

TRAIN = TrainConfig(epochs=4, validation_fraction=0.25)


@pytest.fixture
def finished(store: RunStore) -> Run:
    """A run of this machine: a million multiply-adds a picture (overhead counted), 2,000 pictures a second."""
    store.create(RunConfig(), parameters=1, multiply_adds=800_000)
    lease = Lease.claim(store, Worker("w", 1, socket.gethostname()))
    assert lease is not None
    lease.end(Status.FINISHED, result=TestResult(0.9, 0.1, 1, 10.0, 2000.0, "x", "result-0001"))
    return store.run(lease.run.id)


def test_time_follows_from_an_earlier_run_of_this_machine(finished: Run) -> None:
    # 3,000 pictures forward and back, 1,000 forward only at a third of the cost, 4 epochs, 2·10⁹ multiply-adds/s.
    expected = 4 * (3000 + 1000 / 3) * 1_000_000 / 2e9 + 2.0
    answer = estimate(TRAIN, train_images=4000, multiply_adds=800_000, earlier=[finished])
    assert answer.measured
    assert answer.seconds == pytest.approx(expected, rel=1e-12)
    assert str(answer) == "about 9 s on this machine"


def test_twice_the_work_takes_twice_the_time(finished: Run) -> None:
    once = estimate(TRAIN, train_images=4000, multiply_adds=800_000, earlier=[finished]).seconds - 2.0
    bigger = estimate(TRAIN, train_images=4000, multiply_adds=1_800_000, earlier=[finished]).seconds - 2.0
    longer = estimate(TrainConfig(epochs=8, validation_fraction=0.25), train_images=4000, multiply_adds=800_000,
                      earlier=[finished]).seconds - 2.0  # fmt: skip
    assert bigger == pytest.approx(2 * once)
    assert longer == pytest.approx(2 * once)


def test_the_first_run_of_all_is_a_first_guess() -> None:
    answer = estimate(TRAIN, train_images=4000, multiply_adds=800_000, earlier=[])
    assert not answer.measured
    assert answer.seconds == pytest.approx(4 * (3000 + 1000 / 3) * 1_000_000 / 9e9 + 2.0)
    assert str(answer).endswith("at a first guess")


def test_other_machines_and_runs_without_a_result_or_a_speed_do_not_count(finished: Run) -> None:
    useless = [
        replace(finished, worker_host="elsewhere"),
        replace(finished, result=None),
        replace(finished, images_per_second=0.0),
        replace(finished, images_per_second=None),
    ]
    assert not estimate(TRAIN, train_images=4000, multiply_adds=1, earlier=useless).measured


def test_one_odd_run_does_not_spoil_it_and_only_the_newest_five_count(finished: Run) -> None:
    old = [replace(finished, images_per_second=1.0)] * 20
    newest_first = [replace(finished, images_per_second=9e9), finished, finished, finished, finished, *old]
    usual = estimate(TRAIN, train_images=4000, multiply_adds=800_000, earlier=[finished])
    assert estimate(TRAIN, train_images=4000, multiply_adds=800_000, earlier=newest_first) == usual


def running(store: RunStore) -> Run:
    """A run whose worker has 600 of 1,000 pictures to go at 100 a second, validation not counted."""
    config = RunConfig(train=TrainConfig(epochs=10, validation_fraction=0.01))
    store.create(config, parameters=1, multiply_adds=1)
    lease = Lease.claim(store, Worker("w", 1, socket.gethostname()))
    assert lease is not None
    run = store.run(lease.run.id)
    return replace(run, train_images=100, batches=10, epoch=4, images_per_second=100.0)


def waiting(store: RunStore, finished: Run) -> Run:
    """A run that will take as long as `TRAIN` does on this machine."""
    run = store.create(RunConfig(train=TRAIN), parameters=1, multiply_adds=800_000)
    return replace(run, worker_host=finished.worker_host)


def test_an_empty_queue_takes_no_time(store: RunStore) -> None:
    assert queue_seconds([running(store)], [], []) == 0


def test_the_queue_waits_for_what_runs_and_each_for_the_one_before(store: RunStore, finished: Run) -> None:
    busy, next_one = running(store), waiting(store, finished)
    left = seconds_left(busy)
    assert left == pytest.approx(6, rel=0.01)
    each = estimate(TRAIN, train_images=4000, multiply_adds=800_000, earlier=[finished]).seconds
    assert queue_seconds([], [next_one], [finished]) == pytest.approx(each)
    assert queue_seconds([busy], [next_one] * 3, [finished]) == pytest.approx(left + 3 * each)


def test_two_workers_share_the_queue(store: RunStore, finished: Run) -> None:
    busy, next_one = running(store), waiting(store, finished)
    each = estimate(TRAIN, train_images=4000, multiply_adds=800_000, earlier=[finished]).seconds
    assert queue_seconds([busy], [next_one] * 2, [finished], workers=2) == pytest.approx(
        min(2 * each, max(each, seconds_left(busy) + each))
    )


def test_a_waiting_run_that_was_trained_in_part_needs_the_rest(store: RunStore, finished: Run) -> None:
    half = replace(waiting(store, finished), batches=10, epoch=2)
    whole = queue_seconds([], [replace(half, epoch=0)], [finished])
    assert queue_seconds([], [half], [finished]) == pytest.approx(whole / 2)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.1, "1 s"), (8.4, "8 s"), (99.4, "99 s"), (99.6, "2 min"), (60 * 99.4, "99 min"), (7800, "2 h 10 min"),
    ],
)  # fmt: skip
def test_durations_are_words(seconds: float, words: str) -> None:
    assert duration(seconds) == words
    assert words in str(Estimate(seconds, measured=True))
