import errno
import itertools
import logging
import threading
import time
from functools import partial

import numpy as np
import psutil
import pytest

from cnn_dash.config import RunConfig
from cnn_dash.errors import StoreError
from cnn_dash.runs import actions
from cnn_dash.runs.folder import RunFolder
from cnn_dash.runs.lease import Lease, LeaseLost
from cnn_dash.runs.status import Request
from cnn_dash.runs.store import RunStore, Worker
from cnn_dash.training import recorder as module
from cnn_dash.training.checkpoint import Checkpoint, read_checkpoint
from cnn_dash.training.recorder import Recorder
from tests.factories import epoch_metrics, run_dir, step_metrics
from tests.waiting import comes_true

POINT = step_metrics(1, 0.1, 2.3, 0.1, 0.001, 1000.0)


def recorder_of(lease: Lease) -> Recorder:
    return Recorder(lease, RunFolder.of(lease.store.settings, lease.run.id))


def training(recorder: Recorder, epoch: int = 0) -> Recorder:
    """Begin an epoch of 1,000 batches, counted from 0."""
    recorder.begin_fit(None, {"epochs": 9, "steps": 1000})
    recorder.begin_epoch(epoch)
    return recorder


def save(epoch: int = 3, batch: int = 0) -> Checkpoint:
    return Checkpoint({"model/0": np.arange(3)}, {"epoch": epoch, "batch": batch})


@pytest.fixture
def lease(store: RunStore, monkeypatch: pytest.MonkeyPatch) -> Lease:
    monkeypatch.setattr(module, "HEARTBEAT_EVERY_S", 0.05)
    store.create(RunConfig(), parameters=1, multiply_adds=1)
    lease = Lease.claim(store, Worker("w", 1, "here"))
    assert lease is not None
    return lease


def test_heartbeats_are_recorded_while_the_recorder_is_open_and_not_after(lease: Lease) -> None:
    def heartbeat() -> object:
        return lease.store.run(lease.run.id).heartbeat_at

    with recorder_of(lease):
        first = heartbeat()
        assert comes_true(lambda: heartbeat() != first)
    last = heartbeat()
    time.sleep(0.3)
    assert heartbeat() == last


def test_a_request_is_acknowledged(lease: Lease) -> None:
    with recorder_of(lease) as recorder:
        time.sleep(0.2)
        assert recorder.pending_request() is None
        actions.pause(lease.store, lease.run.id)
        assert comes_true(lambda: recorder.pending_request() is Request.PAUSE)
        assert lease.store.run(lease.run.id).acknowledged_at is not None
        actions.stop(lease.store, lease.run.id)
        assert lease.store.run(lease.run.id).acknowledged_at is None
        assert comes_true(lambda: recorder.pending_request() is Request.STOP)
        assert lease.store.run(lease.run.id).acknowledged_at is not None


def test_a_worker_shows_that_it_gets_on_with_a_request_but_not_before_there_is_one(
    lease: Lease, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PROGRESS_EVERY_S", 0.0)
    with recorder_of(lease) as recorder:
        recorder.show_progress()
        assert lease.store.run(lease.run.id).acknowledged_at is None
        actions.stop(lease.store, lease.run.id)
        assert comes_true(lambda: recorder.pending_request() is Request.STOP)
        heard = lease.store.run(lease.run.id).acknowledged_at
        time.sleep(0.3)
        assert lease.store.run(lease.run.id).acknowledged_at == heard, "heartbeats alone are no progress"
        recorder.show_progress()
        assert lease.store.run(lease.run.id).acknowledged_at != heard


def test_a_pause_that_was_taken_back_after_the_heartbeat_is_not_done(
    lease: Lease, monkeypatch: pytest.MonkeyPatch
) -> None:
    actions.pause(lease.store, lease.run.id)
    with recorder_of(lease) as recorder:
        assert comes_true(lambda: recorder._request is Request.PAUSE)
        monkeypatch.setattr(lease, "record_heartbeat", lambda: Request.PAUSE)  # the last one there is
        actions.resume(lease.store, lease.run.id)
        assert recorder.pending_request() is None


def test_a_worker_that_lost_its_run_is_told_so(lease: Lease) -> None:
    with recorder_of(lease) as recorder:
        while not actions.give_up(lease.store, lease.store.run(lease.run.id), "gone", most_crashes=5):
            pass  # a heartbeat came in between

        def lost() -> bool:
            try:
                recorder.pending_request()
                return False
            except LeaseLost:
                return True

        assert comes_true(lost)
        with pytest.raises(LeaseLost, match="another worker"):
            recorder.pending_request()


def test_a_heartbeat_that_fails_is_tried_again(lease: Lease, monkeypatch: pytest.MonkeyPatch) -> None:
    tried = threading.Event()
    record_heartbeat = lease.record_heartbeat

    def troubled() -> Request | None:
        if not tried.is_set():
            tried.set()
            raise StoreError("locked")
        return record_heartbeat()

    monkeypatch.setattr(lease, "record_heartbeat", troubled)
    first = lease.store.run(lease.run.id).heartbeat_at
    with recorder_of(lease):
        assert comes_true(lambda: lease.store.run(lease.run.id).heartbeat_at != first)
    assert tried.is_set()


def test_step_metrics_are_wanted_often_at_first_and_less_often_later(
    lease: Lease, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1000.0
    monkeypatch.setattr(module.time, "monotonic", lambda: now)
    recorder = training(recorder_of(lease))
    assert recorder.wants_step_metrics
    wanted = []
    while now < 1100.0:
        if recorder.wants_step_metrics:
            wanted.append(now - 1000.0)
            recorder.batch(len(wanted) - 1, POINT.metrics)
        now += 0.15  # a call into the graph
    early = [b - a for a, b in itertools.pairwise(wanted) if b < 29]
    late = [b - a for a, b in itertools.pairwise(wanted) if a > 31]
    assert max(early) < 0.5
    assert min(late) > 0.45
    assert max(late) < 0.8, "step metrics at least every second, also with calls of twice that length"
    assert len(lease.store.changes(lease.run.id).steps) == len(wanted)


def test_an_epoch_is_recorded_and_logged(lease: Lease, caplog: pytest.LogCaptureFixture) -> None:
    record = epoch_metrics(3, 0.5, 0.8, 0.25, 0.9, 0.987654, 0.001, 1.5, 3000.0)
    recorder = training(recorder_of(lease), epoch=2)
    recorder.prepare_epoch_end(1.5, save)
    with caplog.at_level(logging.INFO, "cnn_dash"):
        recorder.end_epoch(2, record.metrics)
    assert lease.store.epochs(lease.run.id) == [record]
    assert "epoch 3: loss 0.5, " in caplog.text
    assert "val_auc 0.98765" in caplog.text
    run = lease.store.run(lease.run.id)
    assert run.checkpoint == "0001-00003-0000000.npz"
    with RunFolder.of(lease.store.settings, run.id).checkpoint(run.checkpoint).local_path() as file:
        kept = read_checkpoint(file)
    assert (kept.epoch, kept.batch, kept.arrays["model/0"].tolist()) == (3, 0, [0, 1, 2])


def test_the_two_newest_checkpoints_are_kept_and_nothing_else(lease: Lease) -> None:
    recorder = recorder_of(lease)
    checkpoints = run_dir(lease.store.settings, lease.run.id) / "checkpoints"
    for batch in (1, 2, 3):
        recorder.checkpoint(partial(save, 0, batch))
        (checkpoints / "part-0001-00000-0000009.npz").write_bytes(b"half")  # of a worker that was killed
    recorder.checkpoint(partial(save, 1, 0))
    names = sorted(file.name for file in checkpoints.iterdir())
    run = lease.store.run(lease.run.id)
    assert names == ["0001-00000-0000003.npz", "0001-00001-0000000.npz"] == [run.checkpoint_before, run.checkpoint]


def test_a_full_disk_leaves_the_checkpoint_before_and_the_training_goes_on(
    lease: Lease, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    recorder = recorder_of(lease)
    recorder.checkpoint(partial(save, 1, 0))

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(module, "write_checkpoint", full)
        recorder.checkpoint(partial(save, 2, 0))
    run = lease.store.run(lease.run.id)
    assert run.checkpoint == "0001-00001-0000000.npz"
    assert (run_dir(lease.store.settings, run.id) / "checkpoints" / run.checkpoint).exists()
    assert "The disk is full" in caplog.text
    recorder.checkpoint(partial(save, 3, 0))
    assert lease.store.run(lease.run.id).checkpoint == "0001-00003-0000000.npz"


def test_checkpoints_within_an_epoch_cost_little_time(lease: Lease, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr(module.time, "monotonic", lambda: now)
    recorder = recorder_of(lease)
    assert not recorder.wants_checkpoint
    now += module.CHECKPOINT_EVERY_S
    assert recorder.wants_checkpoint

    def slow() -> Checkpoint:
        nonlocal now
        now += 5.0
        return save()

    recorder.checkpoint(slow)
    now += 99.0
    assert not recorder.wants_checkpoint, "5 s in 100 s are its share"
    now += 1.0
    assert recorder.wants_checkpoint


def test_a_store_that_cannot_be_written_for_a_while_is_waited_for(
    lease: Lease, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "STORE_RETRY_S", 0.01)
    troubles = [StoreError("database or disk is full")] * 3
    log_step = lease.log_step

    def troubled(*args: object, **kwargs: object) -> None:
        if troubles:
            raise troubles.pop()
        log_step(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(lease, "log_step", troubled)
    recorder_of(lease).log_step(POINT, epoch=0, batch=1)
    assert [step.step for step in lease.store.changes(lease.run.id).steps] == [1]
    monkeypatch.setattr(module, "STORE_PATIENCE_S", 0.05)
    troubles += [StoreError("database or disk is full")] * 1000
    with pytest.raises(LeaseLost, match="is full"):
        recorder_of(lease).log_step(POINT, epoch=0, batch=1)


def test_step_metrics_carry_the_resource_usage(lease: Lease) -> None:
    with recorder_of(lease) as recorder:
        training(recorder)
        batch = itertools.count()

        def measured() -> bool:
            recorder.batch(next(batch), POINT.metrics)
            last = lease.store.changes(lease.run.id).steps[-1]
            return {"memory_bytes", "cpu"} <= set(last.metrics)

        assert comes_true(measured)
    last = lease.store.changes(lease.run.id).steps[-1]
    assert 0 <= last.metrics["cpu"] <= 1
    assert 10_000_000 < last.metrics["memory_bytes"] < 2 * psutil.Process().memory_info().rss
