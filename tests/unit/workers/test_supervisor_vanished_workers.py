"""What the supervisor makes of workers that are silent, gone or stuck. None is started here."""

import contextlib
import os
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import pytest

from cnn_dash.config import RunConfig
from cnn_dash.errors import StoreError
from cnn_dash.runs import actions
from cnn_dash.runs.lease import Lease
from cnn_dash.runs.schema import runs
from cnn_dash.runs.status import Status
from cnn_dash.runs.store import RunStore, Worker
from cnn_dash.settings import Settings
from cnn_dash.workers import liveness, supervisor
from cnn_dash.workers.local_processes import LocalProcesses
from cnn_dash.workers.supervisor import Supervisor
from tests.factories import make_external_run
from tests.waiting import comes_true


@pytest.fixture(autouse=True)
def short_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "CHECK_EVERY_S", 0.05)
    monkeypatch.setattr(liveness, "GRACE_S", 0.6)
    monkeypatch.setattr(liveness, "SILENCE_SHARE", 1 / 15)


@pytest.fixture
def supervised(store: RunStore) -> Iterator[RunStore]:
    thread = supervisor_of(store)
    thread.start()
    yield store
    thread.stop()


class OfOthers(LocalProcesses):
    """Knows and ends the processes of others; what is interrupted waits for a worker, but none is started for it."""

    def start(self, worker_id: str, *, spare: bool = False) -> None:
        pass


def supervisor_of(store: RunStore) -> Supervisor:
    return Supervisor(store, OfOthers(store.settings))


def claim(store: RunStore, *, pid: int, host: str) -> Lease:
    store.create(RunConfig(), parameters=1, multiply_adds=1)
    lease = Lease.claim(store, Worker("w", pid, host))
    assert lease is not None
    return lease


def status(lease: Lease) -> Status:
    return lease.store.run(lease.run.id).status


def test_a_worker_elsewhere_that_falls_silent_is_given_up(supervised: RunStore) -> None:
    lease = claim(supervised, pid=1, host="elsewhere")
    assert comes_true(lambda: status(lease) is Status.INTERRUPTED)
    message = supervised.run(lease.run.id).message
    assert message == "Its worker has not sent a heartbeat for 1 s. It continues by itself from its last checkpoint."


def test_a_worker_elsewhere_that_lives_is_left_alone(supervised: RunStore) -> None:
    lease = claim(supervised, pid=1, host="elsewhere")
    end = time.monotonic() + 3.0
    while time.monotonic() < end:
        lease.record_heartbeat()  # raises if the run was taken away
        time.sleep(0.2)
    assert status(lease) is Status.RUNNING


def test_a_worker_here_whose_process_is_gone_is_given_up_at_once(
    supervised: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(liveness, "SILENCE_SHARE", 3600)
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    lease = claim(supervised, pid=process.pid, host=socket.gethostname())
    assert comes_true(lambda: status(lease) is Status.INTERRUPTED)
    assert "is gone" in (supervised.run(lease.run.id).message or "")


def test_a_process_number_that_was_given_to_another_program_does_not_keep_a_run_alive(supervised: RunStore) -> None:
    lease = claim(supervised, pid=os.getpid(), host=socket.gethostname())
    assert comes_true(lambda: status(lease) is Status.INTERRUPTED)


@pytest.mark.parametrize("database", ["sqlite"])
def test_a_locked_database_makes_no_living_worker_look_dead(supervised: RunStore, settings: Settings) -> None:
    lease = claim(supervised, pid=1, host="elsewhere")
    locked = sqlite3.connect(settings.home / "cnn-dash.db", isolation_level=None, check_same_thread=False)
    locked.execute("BEGIN IMMEDIATE")
    release = threading.Timer(3.0, locked.close)
    release.start()
    end = time.monotonic() + 6.0
    while time.monotonic() < end:
        # The first one waits for the lock, longer than a silence; LeaseLost would fail the test.
        lease.record_heartbeat()
        time.sleep(0.1)
    assert status(lease) is Status.RUNNING


def test_a_supervisor_outlives_an_unusable_store(store: RunStore, monkeypatch: pytest.MonkeyPatch) -> None:
    troubles: list[Exception] = [StoreError("locked"), RuntimeError("a bug")]
    runs = store.runs

    def troubled(*statuses: Status, limit: int | None = None) -> object:
        if troubles:
            raise troubles.pop()
        return runs(*statuses, limit=limit)

    monkeypatch.setattr(store, "runs", troubled)
    thread = supervisor_of(store)
    lease = claim(store, pid=1, host="elsewhere")
    thread.start()
    assert comes_true(lambda: status(lease) is Status.INTERRUPTED)
    thread.stop()
    assert not troubles


def test_a_worker_that_does_not_hear_a_request_is_ended(supervised: RunStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(liveness, "ANSWER_WITHIN_S", 0.5)
    deaf = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)", "w"])
    lease = claim(supervised, pid=deaf.pid, host=socket.gethostname())
    done = threading.Event()

    def send_heartbeats() -> None:
        while not done.wait(0.2):  # its heart beats, but it does not look
            with contextlib.suppress(StoreError):
                lease.record_heartbeat()

    thread = threading.Thread(target=send_heartbeats)
    thread.start()
    actions.pause(supervised, lease.run.id)
    assert comes_true(lambda: deaf.poll() is not None)
    assert comes_true(lambda: status(lease) is Status.PAUSED), supervised.run(lease.run.id)
    done.set()
    thread.join()


def test_a_worker_that_does_what_it_was_asked_is_left_alone_however_long_it_takes(
    supervised: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(liveness, "ANSWER_WITHIN_S", 0.3)
    monkeypatch.setattr(liveness, "PROGRESS_WITHIN_S", 1.5)
    busy = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)", "w"])
    lease = claim(supervised, pid=busy.pid, host=socket.gethostname())
    actions.stop(supervised, lease.run.id)
    end = time.monotonic() + 4.0
    while time.monotonic() < end:
        lease.acknowledge_request()  # as after each part of the test set
        time.sleep(0.1)
    assert busy.poll() is None
    assert status(lease) is Status.RUNNING
    busy.kill()
    busy.wait()


def test_a_worker_that_hangs_after_it_has_heard_a_request_is_ended(
    supervised: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(liveness, "PROGRESS_WITHIN_S", 1.0)
    hung = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)", "w"])
    lease = claim(supervised, pid=hung.pid, host=socket.gethostname())
    actions.pause(supervised, lease.run.id)
    lease.acknowledge_request()

    def ended() -> bool:
        with contextlib.suppress(StoreError):
            lease.record_heartbeat()  # of a thread that does not hang
        return hung.poll() is not None

    assert comes_true(ended)
    assert comes_true(lambda: status(lease) is Status.PAUSED), supervised.run(lease.run.id)


def test_another_program_with_the_number_of_a_worker_is_left_alone(
    supervised: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(liveness, "ANSWER_WITHIN_S", 0.3)
    other = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    lease = claim(supervised, pid=other.pid, host=socket.gethostname())
    actions.pause(supervised, lease.run.id)
    assert comes_true(lambda: status(lease) is Status.PAUSED)
    assert other.poll() is None
    other.kill()
    other.wait()


def test_a_run_whose_workers_vanish_again_and_again_fails(supervised: RunStore) -> None:
    claim(supervised, pid=1, host="elsewhere")
    for crash in range(1, liveness.MAX_CRASHES + 1):
        expected = Status.INTERRUPTED if crash < liveness.MAX_CRASHES else Status.FAILED
        assert comes_true(lambda expected=expected: supervised.run(1).status is expected)
        assert supervised.run(1).crashes == crash
        if expected is Status.INTERRUPTED:
            with supervised.transaction() as connection:
                connection.execute(runs.update().values(heartbeat_at=0.0))
            assert Lease.claim(supervised, Worker("w", 1, "elsewhere"))
    assert "5th time in a row" in (supervised.run(1).message or "")
    assert actions.retry(supervised, 1).crashes == 0


def test_a_silent_run_of_another_program_is_interrupted_and_given_to_nobody(supervised: RunStore) -> None:
    lease = make_external_run(supervised, [{"f1": 0.5}])
    assert comes_true(lambda: status(lease) is Status.INTERRUPTED)
    silent = supervised.run(lease.run.id)
    assert silent.message == "Its program has not sent a heartbeat for 1 s. What it has recorded is kept."
    assert silent.ended_at == silent.heartbeat_at
    with supervised.transaction() as connection:
        connection.execute(runs.update().values(heartbeat_at=0.0))
    assert Lease.claim(supervised, Worker("ours", 1, "here")) is None
    assert not supervised.anything_waits()
    assert status(lease) is Status.INTERRUPTED


def test_another_program_that_does_not_heed_a_request_is_not_ended(
    supervised: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(liveness, "ANSWER_WITHIN_S", 0.3)
    theirs = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)", "theirs"])
    run = supervised.record_external(Worker("theirs", theirs.pid, socket.gethostname()))
    lease = Lease(supervised, run)
    actions.stop(supervised, run.id)
    end = time.monotonic() + 2.0
    while time.monotonic() < end:
        lease.record_heartbeat()
        time.sleep(0.1)
    assert theirs.poll() is None
    theirs.kill()
    theirs.wait()
