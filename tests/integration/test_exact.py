"""Runs that are killed, paused and taken over by real processes end with the weights of one that was left alone."""

import contextlib
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from cnn_dash.config import Augmentation, ConvBlock, DenseLayer, ModelConfig, RunConfig, TrainConfig
from cnn_dash.runs import actions
from cnn_dash.runs.folder import RunFolder
from cnn_dash.runs.records import Run
from cnn_dash.runs.status import Status
from cnn_dash.runs.store import RunStore
from cnn_dash.runs.submit import submit
from cnn_dash.settings import Settings
from tests.factories import run_dir
from tests.integration.test_workers import server, status, training, workers
from tests.waiting import PATIENCE_S, comes_true

pytestmark = pytest.mark.timeout(900)  # many workers start one after the other, each with its own TensorFlow

BLOCK = ConvBlock(filters=8, kernel_size=5, stride=2, batch_norm=True, dropout=0.2)
CONFIG = RunConfig(
    model=ModelConfig(blocks=(BLOCK,), dense=(DenseLayer(units=16, dropout=0.3),)),
    train=TrainConfig(
        epochs=16,
        optimizer="nadam",
        schedule="cosine",
        augmentation=Augmentation(shift=0.1, rotation=10, zoom=0.1),
        keep_best=True,
    ),
)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """As everywhere, but a run is taken over soon."""
    return settings.model_copy(update={"takeover_s": 3.0})


@pytest.fixture(autouse=True)
def no_worker_stays(settings: Settings) -> Iterator[None]:
    yield
    for process in workers(settings):
        with contextlib.suppress(Exception):
            process.kill()


@contextlib.contextmanager
def served(settings: Settings) -> Iterator[subprocess.Popen[bytes]]:
    process = server(settings)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@dataclass(frozen=True)
class Whole:
    """What became of a run, in numbers that two runs of the same settings have in common."""

    weights_sha256: str
    accuracy: float
    loss: float
    epochs: list[tuple[float | None, ...]]

    @classmethod
    def of(cls, store: RunStore, run: Run) -> "Whole":
        assert run.result is not None
        names = ("val_loss", "val_accuracy", "val_auc", "learning_rate")
        epochs = [(record.epoch, *(record.metrics[name] for name in names)) for record in store.epochs(run.id)]
        return cls(run.result.weights_sha256, run.result.accuracy, run.result.loss, epochs)


@pytest.fixture(scope="module")
def left_alone(tmp_path_factory: pytest.TempPathFactory) -> Whole:
    """The same run, never disturbed; a worker of its own has trained it."""
    settings = Settings.from_environment({"CNN_DASH_HOME": str(tmp_path_factory.mktemp("left-alone"))})
    with contextlib.closing(RunStore(settings)) as store, served(settings) as process:
        run = finished(store, submit(store, CONFIG).id)
        process.communicate(timeout=PATIENCE_S)  # its end of input: the worker that waits leaves
        return Whole.of(store, run)


def finished(store: RunStore, run_id: int) -> Run:
    assert comes_true(lambda: not store.run(run_id).status.active), store.run(run_id)
    run = store.run(run_id)
    assert run.status is Status.FINISHED, f"{run.status} {run.message}"
    return run


def check_same(store: RunStore, run: Run, whole: Whole) -> None:
    """Same weights, every epoch recorded once with the same metrics, and a curve without gap or overlap."""
    assert Whole.of(store, run) == whole
    steps = store.changes(run.id).steps
    assert [each.step for each in steps] == sorted({each.step for each in steps})
    assert steps[-1].step == steps[-1].position * (run.batches or 0) == CONFIG.train.epochs * (run.batches or 0)


@pytest.mark.parametrize(
    ("database", "interruptions"),
    [("sqlite", ("worker", "pause", "both", "server", "worker")), ("postgresql", ("worker", "both"))],
)
def test_killed_at_random_moments_and_paused_a_run_ends_with_the_same_weights(
    settings: Settings, store: RunStore, left_alone: Whole, interruptions: Sequence[str]
) -> None:
    rng = random.Random(3)
    run_id = submit(store, CONFIG).id
    process = server(settings)
    try:
        for what in interruptions:
            run = training(store, run_id)
            place = (run.attempt, run.epoch, run.batch)
            assert comes_true(
                lambda run=run: (
                    store.run(run_id).checkpoint not in (None, run.checkpoint) or not store.run(run_id).status.active
                )
            )
            epoch_s = min((record.seconds for record in store.epochs(run_id)), default=0.5)
            time.sleep(rng.random() * epoch_s)  # so that the run is not over on a fast machine either
            if store.run(run_id).status is not Status.RUNNING:
                break
            if what == "pause":
                actions.pause(store, run_id)
                assert comes_true(lambda: status(store, run_id) in (Status.PAUSED, Status.FINISHED))
                if status(store, run_id) is Status.FINISHED:
                    break
                actions.resume(store, run_id)
            if what in ("server", "both"):
                process.kill()
                process.wait()
            if what in ("worker", "both"):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(store.run(run_id).worker_pid or 0, signal.SIGKILL)
            if what in ("server", "both"):
                process = server(settings)
            if what != "server":
                assert comes_true(
                    lambda place=place: store.run(run_id).attempt > place[0] or not store.run(run_id).status.active
                )
                assert comes_true(lambda: store.run(run_id).status is not Status.INTERRUPTED)
        run = finished(store, run_id)
        assert run.attempt > len(interruptions) // 2, "it was hardly interrupted"
        check_same(store, run, left_alone)
    finally:
        process.kill()
        process.wait()


def test_a_worker_that_comes_back_late_changes_nothing(settings: Settings, store: RunStore) -> None:
    run_id = submit(store, CONFIG).id
    with served(settings):
        run = training(store, run_id)
        assert comes_true(lambda: store.run(run_id).epoch >= 2)
        late = run.worker_pid or 0
        os.kill(late, signal.SIGSTOP)  # a laptop that sleeps, a network that is away
        assert comes_true(lambda: store.run(run_id).attempt == 2)
        assert comes_true(lambda: store.run(run_id).status is not Status.RUNNING or store.run(run_id).epoch > 3)
        actions.stop(store, run_id)
        assert comes_true(lambda: status(store, run_id) in (Status.STOPPED, Status.FINISHED))
        before, files = store.changes(run_id), listing(settings, run_id)
        os.kill(late, signal.SIGCONT)
        assert comes_true(lambda: not any(process.pid == late for process in workers(settings)))
        assert store.changes(run_id) == before
        assert listing(settings, run_id) == files


def listing(settings: Settings, run_id: int) -> dict[str, tuple[int, int]]:
    """All files that count, with size and time; the log may have a last word of the late one."""
    folder = run_dir(settings, run_id)
    return {
        str(file.relative_to(folder)): (file.stat().st_size, file.stat().st_mtime_ns)
        for file in folder.rglob("*")
        if file.is_file() and file.name != "log.txt" and not file.name.startswith("part-")
    }


@pytest.mark.parametrize("database", ["sqlite"])  # it is about files
def test_a_checkpoint_cut_short_costs_an_epoch_and_changes_nothing(
    settings: Settings, store: RunStore, left_alone: Whole
) -> None:
    run_id = submit(store, CONFIG).id
    with served(settings):
        training(store, run_id)
        assert comes_true(lambda: store.run(run_id).epoch >= 3)
        actions.pause(store, run_id)
        assert comes_true(lambda: status(store, run_id) is Status.PAUSED)
        newest = run_dir(settings, run_id) / "checkpoints" / (store.run(run_id).checkpoint or "")
        newest.write_bytes(newest.read_bytes()[:5000])
        actions.resume(store, run_id)
        run = finished(store, run_id)
        assert "The one before it is used" in RunFolder.of(settings, run_id).read_log()
        check_same(store, run, left_alone)


@pytest.mark.parametrize("database", ["sqlite"])
def test_a_store_that_is_locked_for_twenty_seconds_loses_nothing(
    settings: Settings, store: RunStore, left_alone: Whole
) -> None:
    run_id = submit(store, CONFIG).id
    with served(settings):
        training(store, run_id)
        locked = sqlite3.connect(settings.home / "cnn-dash.db", isolation_level=None, check_same_thread=False)
        locked.execute("BEGIN IMMEDIATE")
        threading.Timer(20.0, locked.close).start()
        run = finished(store, run_id)
        assert run.attempt == 1, "a living worker was given up"
        check_same(store, run, left_alone)


# ---- a disk that is full, the database on it


@pytest.fixture
def little_home(tmp_path: Path) -> Iterator[Path]:
    """A file system of eight megabytes."""
    place = tmp_path / "little"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(place)]
    try:
        done = subprocess.run(command, capture_output=True).returncode == 0
    except OSError:
        done = False
    if not done:
        pytest.skip("a file system of eight megabytes cannot be mounted here; it takes root")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


@pytest.mark.parametrize("database", ["sqlite"])
def test_a_run_outlives_a_full_disk_with_the_database_on_it(
    settings: Settings, little_home: Path, left_alone: Whole
) -> None:
    settings = Settings(home=little_home, data_dir=settings.data_dir, takeover_s=3.0)
    store = RunStore(settings)
    run_id = submit(store, CONFIG).id
    with served(settings):
        training(store, run_id)
        assert comes_true(lambda: store.run(run_id).epoch >= 2)
        filler = fill(little_home)
        recorded = len(store.changes(run_id).epochs)
        time.sleep(6.0)
        assert store.run(run_id).status in (Status.RUNNING, Status.INTERRUPTED), store.run(run_id)
        filler.unlink()
        run = finished(store, run_id)
        assert recorded < CONFIG.train.epochs, "it was finished before the disk was full"
        check_same(store, run, left_alone)
    for process in workers(settings):
        process.kill()
    store.close()


def fill(place: Path) -> Path:
    """Take all space that is left."""
    filler = place / "filler"
    with contextlib.suppress(OSError), filler.open("wb", 0) as file:
        while True:
            file.write(b"x" * 4096)
    return filler


@pytest.mark.parametrize("database", ["postgresql"])
def test_requests_are_heard_by_real_workers(settings: Settings, store: RunStore) -> None:
    """Paused, resumed, stopped, trained on: what the page and the command line do."""
    run_id = submit(store, CONFIG).id
    asked: list[tuple[Callable[[RunStore, int], Run], Status]] = [
        (actions.pause, Status.PAUSED),
        (actions.stop, Status.STOPPED),
    ]
    with served(settings):
        training(store, run_id)
        for ask, after in asked:
            assert comes_true(lambda: store.run(run_id).epoch >= 1)
            ask(store, run_id)
            assert comes_true(lambda after=after: status(store, run_id) is after), store.run(run_id)
        stopped = store.run(run_id)
        assert stopped.result is not None, "what it had learned was not tested"
        actions.resume(store, run_id)
        run = finished(store, run_id)
        assert run.recipe == CONFIG
        longer = actions.train_longer(store, run_id, 2)
        assert longer.result == run.result
        assert finished(store, run_id).epoch == CONFIG.train.epochs + 2


if sys.platform == "win32":
    pytest.skip("signals are sent to workers here", allow_module_level=True)
