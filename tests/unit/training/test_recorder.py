import itertools
import logging
import threading
import time
from collections.abc import Callable

import pytest

from cnn_dash.config import RunConfig
from cnn_dash.errors import StoreError
from cnn_dash.runs.lease import Lease, LeaseLost
from cnn_dash.runs.records import EpochRecord, Point
from cnn_dash.runs.store import RunStore, Worker
from cnn_dash.training import recorder as module
from cnn_dash.training.recorder import Recorder

POINT = Point(1, 0.1, 2.3, 0.1, 0.001, 1000.0)


@pytest.fixture
def lease(store: RunStore, monkeypatch: pytest.MonkeyPatch) -> Lease:
    monkeypatch.setattr(module, "BEAT_EVERY_S", 0.05)
    store.create(RunConfig(), parameters=1, multiply_adds=1)
    lease = Lease.claim(store, Worker("w", 1, "here"))
    assert lease is not None
    return lease


def comes_true(condition: Callable[[], bool], within_s: float = 15.0) -> bool:
    end = time.monotonic() + within_s
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return False


def test_the_heart_beats_while_the_recorder_is_open_and_not_after(lease: Lease) -> None:
    def beat() -> object:
        return lease.store.run(lease.run.id).heartbeat_at

    with Recorder(lease):
        first = beat()
        assert comes_true(lambda: beat() != first)
    last = beat()
    time.sleep(0.3)
    assert beat() == last


def test_a_request_to_stop_is_heard(lease: Lease) -> None:
    with Recorder(lease) as recorder:
        time.sleep(0.2)
        assert not recorder.stop_requested
        lease.store.request_stop(lease.run.id)
        assert comes_true(lambda: recorder.stop_requested)


def test_a_worker_that_lost_its_run_is_told_so(lease: Lease) -> None:
    with Recorder(lease) as recorder:
        while not lease.store.interrupt(lease.store.run(lease.run.id), "gone"):
            pass  # a heartbeat came in between

        def lost() -> bool:
            try:
                return recorder.stop_requested
            except LeaseLost:
                return True

        assert comes_true(lost)
        with pytest.raises(LeaseLost, match="another worker"):
            _ = recorder.stop_requested


def test_a_heartbeat_that_fails_is_tried_again(lease: Lease, monkeypatch: pytest.MonkeyPatch) -> None:
    tried = threading.Event()
    beat = lease.beat

    def troubled() -> bool:
        if not tried.is_set():
            tried.set()
            raise StoreError("locked")
        return beat()

    monkeypatch.setattr(lease, "beat", troubled)
    first = lease.store.run(lease.run.id).heartbeat_at
    with Recorder(lease):
        assert comes_true(lambda: lease.store.run(lease.run.id).heartbeat_at != first)
    assert tried.is_set()


def test_points_are_wanted_often_at_first_and_less_often_later(lease: Lease, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr(module.time, "monotonic", lambda: now)
    recorder = Recorder(lease)
    assert recorder.wants_point
    wanted = []
    while now < 1100.0:
        if recorder.wants_point:
            wanted.append(now - 1000.0)
            recorder.point(Point(len(wanted), 0.1, 2.3, 0.1, 0.001, 1000.0), epoch=0, batch=1)
        now += 0.05
    early = [b - a for a, b in itertools.pairwise(wanted) if b < 29]
    late = [b - a for a, b in itertools.pairwise(wanted) if a > 31]
    assert max(early) < 0.5
    assert min(late) > 0.5
    assert max(late) < 1.0, "running figures at least every second"
    assert len(lease.store.changes(lease.run.id).points) == len(wanted)


def test_an_epoch_is_recorded_and_logged(lease: Lease, caplog: pytest.LogCaptureFixture) -> None:
    record = EpochRecord(3, 0.5, 0.8, 0.25, 0.9, 0.987654, 0.001, 1.5, 3000.0)
    with caplog.at_level(logging.INFO, "cnn_dash"):
        Recorder(lease).epoch(record)
    assert lease.store.epochs(lease.run.id) == [record]
    assert "epoch 3: loss 0.5000" in caplog.text
    assert "AUC 0.98765" in caplog.text
