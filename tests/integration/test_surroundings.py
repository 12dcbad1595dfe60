"""What a run needs of its surroundings, and what it leaves there."""

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cnn_dash.config import DataConfig, RunConfig, TrainConfig
from cnn_dash.datasets import catalogue
from cnn_dash.runs import actions
from cnn_dash.runs.status import Status
from cnn_dash.runs.store import RunStore
from cnn_dash.runs.submit import submit
from cnn_dash.settings import Settings
from tests.factories import run_dir
from tests.integration.test_workers import SMALL, comes_true, queued, server, status, training, workers

if sys.platform == "win32":
    pytest.skip("signals are sent to workers here", allow_module_level=True)


@pytest.fixture
def database() -> str:
    return "sqlite"  # it is about files


@pytest.fixture(autouse=True)
def no_worker_stays(settings: Settings) -> Iterator[None]:
    yield
    for process in workers(settings):
        process.kill()


def test_a_killed_worker_leaves_no_temporary_file_anywhere(settings: Settings, store: RunStore, tmp_path: Path) -> None:
    system = tmp_path / "temporary"
    system.mkdir()
    process = server(settings, TMPDIR=str(system))
    run_id = queued(store, epochs=1000)
    run = training(store, run_id)
    folder = run_dir(settings, run_id)
    assert list((folder / "tmp-0001").glob("__autograph_generated_file*.py")), "TensorFlow writes none any more?"
    assert comes_true(lambda: store.run(run_id).checkpoint)
    os.kill(run.worker_pid or 0, signal.SIGKILL)
    assert comes_true(lambda: store.run(run_id).attempt == 2)
    assert comes_true(lambda: (folder / "tmp-0002").exists())
    assert not (folder / "tmp-0001").exists()
    actions.stop(store, run_id)
    assert comes_true(lambda: status(store, run_id) is Status.STOPPED)
    left = {"config.json", "log.txt", "checkpoints", "epoch-images", "result-0002"}
    assert {path.name for path in folder.iterdir()} == left
    assert list(system.iterdir()) == []
    process.kill()
    process.wait()


def test_a_run_finds_its_data_whoever_takes_it(settings: Settings, shared_data: Path) -> None:
    if not catalogue.is_local("kmnist-10k", shared_data):
        pytest.skip(f"no kmnist-10k in {shared_data}")
    config = RunConfig(data=DataConfig(dataset="kmnist-10k"), model=SMALL, train=TrainConfig(epochs=1))
    without = settings.model_copy(update={"data_dir": settings.home / "data"})
    process = server(without)
    # As `train` with CNN_DASH_DATA_DIR opens it.
    store = RunStore(settings.model_copy(update={"data_dir": shared_data}))
    run_id = submit(store, config).id
    assert comes_true(lambda: not store.run(run_id).active)
    run = store.run(run_id)
    assert run.status is Status.FINISHED, run.message
    assert not without.data_dir.exists(), "it was downloaded"
    process.kill()
    process.wait()
    store.close()
