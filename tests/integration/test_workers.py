"""Real worker processes over one store: what is true when processes die.

A worker takes some seconds to start, as it imports TensorFlow, so each test asks several things of one.
"""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from cnn_dash.config import ConvBlock, DenseLayer, ModelConfig, RunConfig, TrainConfig
from cnn_dash.runs import actions
from cnn_dash.runs.folder import ResultFolder, RunFolder
from cnn_dash.runs.records import Run
from cnn_dash.runs.status import Status
from cnn_dash.runs.store import RunStore
from cnn_dash.runs.submit import submit
from cnn_dash.settings import Settings
from cnn_dash.workers import __name__ as WORKERS
from cnn_dash.workers import liveness
from cnn_dash.workers.local_processes import LocalProcesses
from cnn_dash.workers.supervisor import Supervisor
from tests.factories import on_disk, run_dir
from tests.waiting import PATIENCE_S, comes_true

ROOT = Path(__file__).parents[2]
SMALL = ModelConfig(blocks=(ConvBlock(filters=4, kernel_size=5, stride=4),))

SERVER = """
import sys
from cnn_dash.runs.store import RunStore
from cnn_dash.settings import Settings
from cnn_dash.workers.local_processes import LocalProcesses
from cnn_dash.workers.supervisor import Supervisor
settings = Settings.from_environment()
supervisor = Supervisor(RunStore(settings), LocalProcesses(settings))
supervisor.start()
sys.stdin.read()
supervisor.stop()
"""

NARROW_WORKER = """
import resource, runpy, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))  # as if every file met a full disk at one megabyte
sys.argv = ["worker", "narrow"]
runpy.run_module("cnn_dash.workers", run_name="__main__")
"""


HANGING_WORKER = """
import runpy, sys, time
import cnn_dash.training.run as run
run.write_report = lambda *_: time.sleep(3600)  # the stop was heard, the test set is done, and then nothing more
sys.argv = ["worker", "hanging"]
runpy.run_module("cnn_dash.workers", run_name="__main__")
"""


def queued(store: RunStore, *, epochs: int = 2, model: ModelConfig = SMALL) -> int:
    return submit(store, RunConfig(model=model, train=TrainConfig(epochs=epochs, learning_rate=0.01))).id


def status(store: RunStore, run_id: int) -> Status:
    return store.run(run_id).status


def training(store: RunStore, run_id: int) -> Run:
    """The run, once it is in the middle of its training."""
    assert comes_true(lambda: store.run(run_id).first_metric_at or not store.run(run_id).status.active)
    run = store.run(run_id)
    assert run.status is Status.RUNNING, run.message
    return run


def workers(settings: Settings) -> list[psutil.Process]:
    """The living worker processes of this home."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if (
                WORKERS in process.cmdline()
                and process.environ().get("CNN_DASH_HOME") == str(settings.home)
                and process.status() != psutil.STATUS_ZOMBIE
            ):
                found.append(process)
    return found


@pytest.fixture(autouse=True)
def no_worker_stays(settings: Settings) -> Iterator[None]:
    yield
    for process in workers(settings):
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()


def server(settings: Settings, **variables: str) -> subprocess.Popen[bytes]:
    """Another process that does what the server does, with these settings unless `variables` say otherwise."""
    environment = os.environ | settings.environment() | {"PYTHONPATH": str(ROOT)} | variables
    return subprocess.Popen([sys.executable, "-c", SERVER], env=environment, stdin=subprocess.PIPE)


@pytest.mark.parametrize("database", ["sqlite"])  # the random kills have both
def test_a_killed_worker_interrupts_its_run_which_goes_on_by_itself(settings: Settings, store: RunStore) -> None:
    supervisor = Supervisor(store, LocalProcesses(settings))
    supervisor.start()
    run_id = queued(store, epochs=1000)
    run = training(store, run_id)
    assert run.worker_pid is not None
    assert comes_true(lambda: store.run(run_id).checkpoint), "there is nothing to resume from"
    os.kill(run.worker_pid, signal.SIGKILL)
    assert comes_true(lambda: status(store, run_id) is Status.INTERRUPTED)
    message = store.run(run_id).message or ""
    assert "Its worker" in message
    assert message.endswith("It continues by itself from its last checkpoint.")
    assert comes_true(lambda: store.run(run_id).attempt == 2)
    epoch = store.run(run_id).epoch
    assert epoch > 0, "it begins anew"
    assert comes_true(lambda: store.run(run_id).epoch > epoch + 2)
    assert store.run(run_id).worker_pid != run.worker_pid
    actions.stop(store, run_id)
    assert comes_true(lambda: status(store, run_id) is Status.STOPPED)
    supervisor.stop()


@pytest.mark.parametrize("database", ["sqlite"])
def test_a_run_that_waits_behind_another_finds_a_worker_that_is_ready(settings: Settings, store: RunStore) -> None:
    supervisor = Supervisor(store, LocalProcesses(settings))
    supervisor.start()
    first = queued(store, epochs=1000)
    training(store, first)
    assert len(workers(settings)) == 1, "there is a spare worker although nothing waits"
    second, third = queued(store, epochs=1000), queued(store)
    assert comes_true(lambda: len(workers(settings)) == 2)
    epoch = store.run(first).epoch
    assert comes_true(lambda: store.run(first).epoch > epoch + 5)
    assert status(store, second) is Status.QUEUED, "more runs are trained than there may be"
    ready = {process.pid for process in workers(settings)}
    actions.stop(store, first)
    assert comes_true(lambda: status(store, second) is Status.RUNNING)
    assert store.run(second).worker_pid in ready
    assert comes_true(lambda: len(workers(settings)) == 2), "nobody gets ready for the third"
    supervisor.stop()
    assert comes_true(lambda: len(workers(settings)) == 1), "the spare worker stays without its supervisor"
    actions.stop(store, second)
    assert comes_true(lambda: not workers(settings))
    assert status(store, third) is Status.QUEUED


@pytest.mark.parametrize("database", ["sqlite"])  # the random kills have both
def test_a_training_worker_outlives_its_server_and_a_waiting_one_does_not(settings: Settings, store: RunStore) -> None:
    process = server(settings)
    long = queued(store, epochs=1000)
    run = training(store, long)
    process.kill()
    process.wait()
    epoch = store.run(long).epoch
    assert comes_true(lambda: store.run(long).epoch > epoch + 2), "it does not go on"
    actions.stop(store, long)
    assert comes_true(lambda: status(store, long) is Status.STOPPED)
    stopped = store.run(long)
    assert stopped.result is not None
    assert [record.epoch for record in store.epochs(long)] == list(range(1, stopped.epoch + 1))
    assert on_disk(settings, ResultFolder.of(settings, stopped).model).is_file()
    assert comes_true(lambda: not workers(settings)), f"worker {run.worker_pid} is still there"


@pytest.mark.parametrize("database", ["sqlite"])
def test_waiting_workers_leave_when_their_server_is_killed(settings: Settings, store: RunStore) -> None:
    process = server(settings)
    assert comes_true(lambda: workers(settings))
    process.kill()
    process.wait()
    assert comes_true(lambda: not workers(settings))


def test_two_servers_on_one_store_train_each_run_once(settings: Settings, store: RunStore) -> None:
    servers = [server(settings), server(settings)]
    assert comes_true(lambda: len(workers(settings)) == 2)
    runs = [queued(store, epochs=1) for _ in range(2)]
    assert comes_true(lambda: all(status(store, run_id) is Status.FINISHED for run_id in runs)), store.runs()
    for run_id in runs:
        assert store.run(run_id).attempt == 1
        log = RunFolder.of(settings, run_id).read_log()
        assert log.count("test accuracy") == 1
    hashes = {result.weights_sha256 for run_id in runs if (result := store.run(run_id).result)}
    assert len(hashes) == 1, "the same settings and seed gave different weights in different processes"
    for process in servers:
        process.communicate(timeout=PATIENCE_S)
        assert process.returncode == 0
    assert comes_true(lambda: not workers(settings))


@pytest.mark.parametrize("database", ["sqlite"])
def test_files_that_cannot_grow_fail_the_run_with_the_sentence_about_the_disk(
    settings: Settings, store: RunStore
) -> None:
    pytest.importorskip("resource")
    wide = ModelConfig(blocks=SMALL.blocks, dense=(DenseLayer(units=640),) * 2)
    run_id = queued(store, epochs=1, model=wide)
    environment = os.environ | settings.environment() | {"PYTHONPATH": str(ROOT)}
    worker = subprocess.Popen([sys.executable, "-c", NARROW_WORKER], env=environment, stdin=subprocess.PIPE)
    worker.wait(PATIENCE_S)
    assert worker.returncode == 0
    run = store.run(run_id)
    assert run.status is Status.FAILED
    assert run.message == (
        "The disk is full. Free some space, then retry the run: it continues from its last checkpoint."
    )
    assert len(store.epochs(run_id)) == 1
    assert not list(run_dir(settings, run_id).rglob("*model.keras"))
    if worker.stdin:
        worker.stdin.close()


@pytest.mark.parametrize("database", ["sqlite"])
def test_a_worker_that_hangs_after_it_has_heard_a_request_is_ended_and_another_one_does_it(
    settings: Settings, store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(liveness, "PROGRESS_WITHIN_S", 10.0)
    run_id = queued(store, epochs=1000)
    environment = os.environ | settings.environment() | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", HANGING_WORKER, "hanging"]  # known by its id on the command line
    worker = subprocess.Popen(command, env=environment, stdin=subprocess.PIPE)
    training(store, run_id)
    assert comes_true(lambda: store.run(run_id).checkpoint)
    actions.stop(store, run_id)
    assert comes_true(lambda: store.run(run_id).acknowledged_at)
    epoch = store.run(run_id).epoch
    supervisor = Supervisor(store, LocalProcesses(settings))
    supervisor.start()
    assert comes_true(lambda: worker.poll() is not None), "it hangs for ever"
    assert comes_true(lambda: status(store, run_id) is Status.STOPPED), store.run(run_id)
    run = store.run(run_id)
    assert run.attempt == 2
    assert run.result is not None
    assert run.epoch >= epoch, "what it had learned is lost"
    supervisor.stop()
    if worker.stdin:
        worker.stdin.close()
