"""MetricSummary and workers to fill a run store with, in both databases."""

from collections.abc import Callable

import pytest

from cnn_dash.config import RunConfig
from cnn_dash.runs.lease import Lease
from cnn_dash.runs.records import EpochMetrics, StepMetrics
from cnn_dash.runs.store import RunStore, Worker
from tests.factories import epoch_metrics, step_metrics


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    """What a store does it does in both databases; a test of one is marked with `parametrize("database", [...])`."""
    return str(request.param)


@pytest.fixture
def worker() -> Worker:
    return Worker("w" * 32, 4242, "some-host")


@pytest.fixture
def lease(store: RunStore, worker: Worker) -> Lease:
    """The only run of the store, claimed."""
    store.create(RunConfig(), parameters=10, multiply_adds=100)
    lease = Lease.claim(store, worker)
    assert lease is not None
    return lease


@pytest.fixture
def point() -> Callable[[int], StepMetrics]:
    """Running figures of a step that differ from step to step, and do not round."""
    return lambda step: step_metrics(step, step / 7, 1 / step, 1 - 1 / (step + 1), 0.1 / step, 1000 / 3)


@pytest.fixture
def record() -> Callable[[int], EpochMetrics]:
    return lambda epoch: epoch_metrics(epoch, 1 / epoch, 0.1, 1 / 3, 0.9, None, 1e-3 / epoch, 2 / 3, 1e5 / 7)
