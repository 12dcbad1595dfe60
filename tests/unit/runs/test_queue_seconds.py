"""How long the queue takes, by hand."""

import socket
from dataclasses import replace

import pytest

from cnn_dash.hyperparameters import override
from cnn_dash.runs.estimate import estimate, queue_seconds, seconds_left
from cnn_dash.runs.records import Run
from cnn_dash.runs.status import Status
from cnn_dash.runs.store import RunStore
from tests.factories import make_run


@pytest.fixture
def earlier(store: RunStore) -> list[Run]:
    return [replace(make_run(store), worker_host=socket.gethostname())]


@pytest.fixture
def waiting(store: RunStore) -> Run:
    return make_run(store, Status.QUEUED)


def whole(run: Run, earlier: list[Run]) -> float:
    """Of a run on mnist-5k, which has 4,000 pictures to learn from."""
    train, work = run.recipe.train, run.multiply_adds
    return estimate(train, train_images=4000, multiply_adds=work, earlier=earlier).seconds


def test_an_empty_queue_takes_no_time(earlier: list[Run]) -> None:
    assert queue_seconds([], [], earlier, workers=1) == 0


def test_one_worker_takes_one_run_after_the_other(earlier: list[Run], waiting: Run) -> None:
    assert queue_seconds([], [waiting] * 3, earlier, workers=1) == pytest.approx(3 * whole(waiting, earlier))


def test_two_workers_share_the_queue(earlier: list[Run], waiting: Run) -> None:
    assert queue_seconds([], [waiting] * 3, earlier, workers=2) == pytest.approx(2 * whole(waiting, earlier))


def test_the_queue_waits_for_the_run_that_trains(earlier: list[Run], waiting: Run) -> None:
    running = replace(waiting, status=Status.RUNNING, train_images=3600, batches=57, epoch=2, images_per_second=1000.0)
    left = seconds_left(running)
    assert left is not None
    expected = left + whole(waiting, earlier)
    assert queue_seconds([running], [waiting], earlier, workers=1) == pytest.approx(expected)


def test_a_run_whose_data_set_is_gone_does_not_spoil_it(earlier: list[Run], waiting: Run) -> None:
    lost = replace(waiting, config=override(waiting.config, {"data.dataset": "gone"}))
    both = queue_seconds([], [lost, waiting], earlier, workers=1)
    assert both == pytest.approx(whole(waiting, earlier), abs=2.1)
