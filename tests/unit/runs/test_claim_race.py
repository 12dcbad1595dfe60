"""Many claim at once: every run goes to exactly one."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from cnn_dash.config import RunConfig
from cnn_dash.runs.lease import Lease
from cnn_dash.runs.status import Status
from cnn_dash.runs.store import RunStore, Worker
from cnn_dash.settings import Settings

RUNS = 40

# Opens the store only when it is told to, so that all of them open and claim at the same moment.
CLAIM_ALL = """
import os, sys
from cnn_dash.runs.lease import Lease
from cnn_dash.runs.status import Status
from cnn_dash.runs.store import RunStore, Worker
from cnn_dash.settings import Settings
print("ready", flush=True)
sys.stdin.readline()
store = RunStore(Settings.from_environment())
while store.latest(Status.QUEUED):
    lease = Lease.claim(store, Worker(sys.argv[1], os.getpid(), "here"))
    if lease:
        print(lease.run.id, flush=True)
"""


@pytest.fixture
def postgresql_url(new_postgresql_url: str) -> str:
    """A database that has no tables yet: who makes them is a race too."""
    return new_postgresql_url


def test_processes_that_claim_at_once_get_each_run_once(store: RunStore, settings: Settings) -> None:
    for _ in range(RUNS):
        store.create(RunConfig(), parameters=1, multiply_adds=1)
    root = Path(__file__).parents[3]
    processes = {
        name: subprocess.Popen(
            [sys.executable, "-c", CLAIM_ALL, name],
            env=settings.environment() | {"PYTHONPATH": str(root)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for name in ("one", "two", "three")
    }
    for process in processes.values():
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes.values():
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    got = {name: [int(line) for line in process.communicate()[0].split()] for name, process in processes.items()}
    assert all(process.returncode == 0 for process in processes.values())
    assert sorted(run_id for ids in got.values() for run_id in ids) == list(range(1, RUNS + 1))
    runs = store.runs(Status.RUNNING)
    assert {run.attempt for run in runs} == {1}
    assert all(run.id in got[run.worker_id or ""] for run in runs)


def test_threads_that_claim_at_once_get_each_run_once(store: RunStore) -> None:
    for _ in range(RUNS):
        store.create(RunConfig(), parameters=1, multiply_adds=1)

    def claim_all(name: str) -> list[int]:
        ids = []
        while store.latest(Status.QUEUED):
            lease = Lease.claim(store, Worker(name, 1, "here"))
            ids += [lease.run.id] if lease else []
        return ids

    with ThreadPoolExecutor(4) as pool:
        claimed = [run_id for ids in pool.map(claim_all, "abcd") for run_id in ids]
    assert sorted(claimed) == list(range(1, RUNS + 1))


def test_processes_that_open_a_new_store_at_once_all_succeed(settings: Settings) -> None:
    root = Path(__file__).parents[3]
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", CLAIM_ALL, str(number)],
            env=settings.environment() | {"PYTHONPATH": str(root)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(4)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    errors = [process.communicate()[1] for process in processes]
    assert [process.returncode for process in processes] == [0] * 4, errors
