"""How many workers the supervisor keeps, whatever they are: here threads, which have neither process nor machine."""

import threading
import time
from collections.abc import Iterator

import pytest

from cnn_dash.config import RunConfig
from cnn_dash.runs.lease import Lease
from cnn_dash.runs.status import Status
from cnn_dash.runs.store import RunStore, Worker
from cnn_dash.workers import supervisor as module
from cnn_dash.workers.launcher import WorkerExit
from cnn_dash.workers.supervisor import Supervisor
from tests.waiting import comes_true


class ThreadWorker(threading.Thread):
    """Claims a run, works on it until it is told that it is done, and ends."""

    def __init__(self, store: RunStore, worker_id: str, *, spare: bool, broken: bool) -> None:
        super().__init__(daemon=True)
        self.id = worker_id
        self.admitted, self.done, self.leave = threading.Event(), threading.Event(), threading.Event()
        self.lease: Lease | None = None
        self.exit: WorkerExit | None = None
        self._store = store
        self._broken = broken
        if not spare:
            self.admitted.set()

    def run(self) -> None:
        if self._broken:
            self.exit = WorkerExit("cannot be started")
            return
        while self.lease is None and not self.leave.wait(0.01):
            if self.admitted.is_set():
                self.lease = Lease.claim(self._store, Worker(self.id, 0, "a cluster"))
        if self.lease is not None:
            while not self.done.wait(0.05):
                self.lease.record_heartbeat()
            self.lease.end(Status.FINISHED)
        self.exit = WorkerExit("ended", clean=True)


class ThreadLauncher:
    """A second launcher."""

    def __init__(self, store: RunStore) -> None:
        self.workers: list[ThreadWorker] = []
        self.broken = False
        self._store = store

    def start(self, worker_id: str, *, spare: bool = False) -> None:
        self.workers.append(ThreadWorker(self._store, worker_id, spare=spare, broken=self.broken))
        self.workers[-1].start()

    def admit(self, worker_id: str) -> None:
        self._of(worker_id).admitted.set()

    def exit_of(self, worker: Worker) -> WorkerExit | None:
        return self._of(worker.id).exit

    def end(self, worker: Worker) -> bool:
        return False  # a thread cannot be ended

    def close(self) -> None:
        for worker in self.workers:
            worker.leave.set()

    def alive(self) -> list[ThreadWorker]:
        return [worker for worker in self.workers if worker.exit is None]

    def _of(self, worker_id: str) -> ThreadWorker:
        return next(worker for worker in self.workers if worker.id == worker_id)


@pytest.fixture
def launcher(store: RunStore, monkeypatch: pytest.MonkeyPatch) -> Iterator[ThreadLauncher]:
    monkeypatch.setattr(module, "CHECK_EVERY_S", 0.02)
    launcher = ThreadLauncher(store)
    yield launcher
    launcher.close()
    for worker in launcher.workers:
        worker.done.set()
        worker.join()


def queued(store: RunStore) -> int:
    return store.create(RunConfig(), parameters=1, multiply_adds=1).id


def running(store: RunStore) -> set[int]:
    return {run.id for run in store.runs(Status.RUNNING)}


def test_runs_are_trained_in_turn_and_a_spare_worker_is_ready_while_one_waits(
    store: RunStore, launcher: ThreadLauncher
) -> None:
    first, second, third = queued(store), queued(store), queued(store)
    supervisor = Supervisor(store, launcher, workers=2)
    supervisor.start()
    assert comes_true(lambda: running(store) == {first, second})
    assert comes_true(lambda: len(launcher.alive()) == 3), "nobody gets ready for the third"
    time.sleep(0.3)
    assert running(store) == {first, second}, "more runs are trained than there may be"
    assert len(launcher.alive()) == 3
    spare = launcher.workers[2]
    next(worker for worker in launcher.workers if worker.lease and worker.lease.run.id == first).done.set()
    assert comes_true(lambda: running(store) == {second, third})
    assert spare.lease is not None, "somebody else was started for it"
    supervisor.stop()
    assert running(store) == {second, third}, "who trains does not go on"


def test_a_worker_that_dies_while_it_starts_is_not_replaced_at_once(
    store: RunStore, launcher: ThreadLauncher, monkeypatch: pytest.MonkeyPatch
) -> None:
    launcher.broken = True
    supervisor = Supervisor(store, launcher, workers=1)
    supervisor.start()
    assert comes_true(lambda: launcher.workers)
    time.sleep(0.5)
    assert len(launcher.workers) == 1
    supervisor.stop()


def test_no_worker_is_started_for_nobody_before_the_first_page_had_its_time(
    store: RunStore, launcher: ThreadLauncher
) -> None:
    supervisor = Supervisor(store, launcher, workers=1, start_after_s=3600)
    supervisor.start()
    time.sleep(0.3)
    assert not launcher.workers
    run_id = queued(store)
    assert comes_true(lambda: running(store) == {run_id})
    supervisor.stop()
