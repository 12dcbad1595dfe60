"""Workers as processes: who they are, how they ended, and whom nobody may touch. No worker trains here."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator

import psutil
import pytest

from cnn_dash.runs.store import RunStore, Worker
from cnn_dash.settings import Settings
from cnn_dash.workers import local_processes
from cnn_dash.workers.local_processes import LocalProcesses
from tests.waiting import comes_true

SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]


@pytest.fixture
def launcher(settings: Settings, store: RunStore) -> Iterator[LocalProcesses]:
    launcher = LocalProcesses(settings)
    yield launcher
    launcher.close()


@pytest.fixture
def other() -> Iterator[subprocess.Popen[bytes]]:
    """A process that is no worker, with `w` on its command line."""
    process = subprocess.Popen([*SLEEP, "w"])
    yield process
    process.kill()
    process.wait()


def process_of(worker_id: str) -> psutil.Process:
    return next(child for child in psutil.Process().children() if worker_id in child.cmdline())


def test_only_the_last_ends_are_remembered(launcher: LocalProcesses, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local_processes, "_MOST_EXITS", 2)
    ended = [Worker(f"worker-{number}", 0, "") for number in range(3)]
    for worker in ended:
        launcher.start(worker.id)
        process_of(worker.id).kill()
        assert comes_true(lambda worker=worker: launcher.exit_of(worker) is not None)
    assert [launcher.exit_of(worker) is not None for worker in ended] == [False, True, True]


def test_a_worker_that_waits_leaves_when_its_launcher_closes(launcher: LocalProcesses) -> None:
    launcher.start("waiting")
    worker = Worker("waiting", 0, "")
    assert launcher.exit_of(worker) is None
    launcher.close()
    assert comes_true(lambda: launcher.exit_of(worker) is not None)
    worker_exit = launcher.exit_of(worker)
    assert worker_exit is not None
    assert worker_exit.clean
    launcher.admit("waiting")  # it has gone: nothing to be admitted


def test_the_signal_that_killed_a_worker_is_told_to_everybody_who_asks(launcher: LocalProcesses) -> None:
    launcher.start("killed")
    process = process_of("killed")
    worker = Worker("killed", process.pid, socket.gethostname())
    assert launcher.end(worker)
    assert comes_true(lambda: launcher.exit_of(worker) is not None)
    for _ in range(2):
        worker_exit = launcher.exit_of(worker)
        assert worker_exit is not None
        assert (worker_exit.reason, worker_exit.clean) == ("ended unexpectedly (signal 9)", False)


def test_a_worker_of_another_launcher_is_known_and_ended_if_it_is_on_this_machine(
    launcher: LocalProcesses, other: subprocess.Popen[bytes]
) -> None:
    here, elsewhere = Worker("w", other.pid, socket.gethostname()), Worker("w", other.pid, "elsewhere")
    assert launcher.exit_of(here) is None
    assert not launcher.end(elsewhere)
    assert other.poll() is None
    assert launcher.end(here)
    other.wait()
    worker_exit = launcher.exit_of(here)
    assert worker_exit is not None
    assert worker_exit.reason == "process is gone"
    assert launcher.exit_of(elsewhere) is None, "nobody here can know"


@pytest.mark.parametrize(
    ("worker_id", "pid"),
    [("x", None), ("w", os.getpid()), ("w", 0), ("w", 2**31 - 1)],
    ids=["another id", "another process", "no process is known", "no such process"],
)
def test_no_process_is_ended_that_is_not_the_worker(
    launcher: LocalProcesses, other: subprocess.Popen[bytes], worker_id: str, pid: int | None
) -> None:
    assert not launcher.end(Worker(worker_id, other.pid if pid is None else pid, socket.gethostname()))
    assert other.poll() is None
