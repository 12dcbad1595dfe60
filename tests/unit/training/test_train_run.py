"""One claimed run from beginning to end, in this process."""

import contextlib
import itertools
import json
import logging
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from cnn_dash.config import ConvBlock, DataConfig, DenseLayer, ModelConfig, RunConfig, TrainConfig
from cnn_dash.datasets import catalogue
from cnn_dash.evaluation.report import read_report
from cnn_dash.inference.model_input import ModelInput
from cnn_dash.inference.predictor import Predictor
from cnn_dash.runs import actions, disk
from cnn_dash.runs import folder as runs_folder
from cnn_dash.runs.folder import ResultFolder, RunFolder
from cnn_dash.runs.lease import Lease, LeaseLost
from cnn_dash.runs.records import EpochMetrics, Run
from cnn_dash.runs.schema import runs
from cnn_dash.runs.status import Request, Status
from cnn_dash.runs.store import RunStore, Worker
from cnn_dash.runs.submit import submit
from cnn_dash.settings import Settings
from cnn_dash.training import device_memory, networks
from cnn_dash.training import run as module
from cnn_dash.training.run import train_run, weights_sha256
from tests.factories import on_disk, run_dir
from tests.memory_artifacts import MemoryArtifactStore

SMALL = ModelConfig(blocks=(ConvBlock(filters=4, kernel_size=5, stride=4),))


def settings_in(home: Path) -> Settings:
    return Settings(home=home)


def claimed(settings: Settings, model: ModelConfig = SMALL, dataset: str = "mnist-5k", **train: Any) -> Lease:
    store = RunStore(settings)
    values = {"epochs": 2, "learning_rate": 0.01, **train}
    submit(
        store,
        RunConfig(data=DataConfig(dataset=dataset), model=model, train=TrainConfig.model_validate(values)),
    )
    lease = Lease.claim(store, Worker("w", 1, "here"))
    assert lease is not None
    return lease


@dataclass
class Trained:
    run: Run
    epochs: list[EpochMetrics]
    folder: Path
    log: str
    status: Status

    @property
    def result(self) -> Path:
        return self.folder / "result-0001"


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """A run of two epochs that finished."""
    settings = settings_in(tmp_path_factory.mktemp("trained"))
    lease = claimed(settings)
    status = train_run(lease, settings)
    run = lease.store.run(lease.run.id)
    log = RunFolder.of(settings, run.id).read_log()
    return Trained(run, lease.store.epochs(run.id), run_dir(settings, run.id), log, status)


def test_a_finished_run_has_all_its_files_and_nothing_half_done(trained: Trained) -> None:
    assert trained.status is trained.run.status is Status.FINISHED
    names = {path.name for path in trained.folder.iterdir()}
    assert names == {"result-0001", "checkpoints", "epoch-images", "config.json", "log.txt"}
    kept = {"model.keras", "input.json", "familiarity.npz", "evaluation.npz"}
    assert {path.name for path in trained.result.iterdir()} == kept
    kept = {path.name for path in (trained.folder / "checkpoints").iterdir()}
    assert kept == {trained.run.checkpoint, trained.run.checkpoint_before}
    assert RunConfig.model_validate_json((trained.folder / "config.json").read_text("utf-8")) == trained.run.recipe


def test_a_finished_run_has_its_epochs_and_its_size(trained: Trained) -> None:
    assert [record.epoch for record in trained.epochs] == [1, 2]
    assert (trained.run.train_images, trained.run.batches) == (3600, 57)
    assert (trained.run.epoch, trained.run.batch, trained.run.progress) == (2, 0, 1.0)
    assert trained.run.first_metric_at is not None
    assert trained.run.data_sha256 == catalogue.load("mnist-5k", trained.folder).content_hash


def test_a_training_set_larger_than_the_device_gives_the_same_network(
    trained: Trained, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There is no room for any image, so all stay in the memory-mapped files of the data set."""
    monkeypatch.setattr(device_memory, "_free", lambda: 0)
    settings = settings_in(tmp_path)
    lease = claimed(settings)
    assert train_run(lease, settings) is Status.FINISHED
    run = lease.store.run(lease.run.id)
    assert run.result is not None
    assert trained.run.result is not None
    assert run.result.weights_sha256 == trained.run.result.weights_sha256
    assert run.result.accuracy == trained.run.result.accuracy
    assert list(settings.imported_dir.glob("mnist-5k-*/train_images.npy"))


@pytest.mark.parametrize("recorded", [None, "0" * 64])
def test_a_run_does_not_go_on_with_other_data(tmp_path: Path, recorded: str | None) -> None:
    settings = settings_in(tmp_path)
    lease = claimed(settings, epochs=1)
    train_run(lease, settings)
    store = lease.store
    actions.train_longer(store, lease.run.id, 1)
    with store.transaction() as connection:
        connection.execute(runs.update().values(data_sha256=recorded))
    again = Lease.claim(store, Worker("v", 1, "here"))
    assert again is not None
    status, run = train_run(again, settings), store.run(lease.run.id)
    if recorded is None:  # a run of an older version
        assert (status, run.epoch) == (Status.FINISHED, 2)
        assert run.data_sha256 == catalogue.load("mnist-5k", tmp_path).content_hash
        return
    assert (status, run.epoch, run.data_sha256) == (Status.FAILED, 1, recorded)
    assert run.message is not None
    assert "would mix two data sets. Received: " in run.message
    assert run.result is not None
    # Without a checkpoint it begins anew, which mixes nothing.
    RunFolder.of(settings, run.id).keep_checkpoints()
    actions.retry(store, run.id)
    anew = Lease.claim(store, Worker("u", 1, "here"))
    assert anew is not None
    assert train_run(anew, settings) is Status.FINISHED
    assert store.run(run.id).data_sha256 not in (None, recorded)


def test_the_saved_network_is_the_one_that_was_tested(trained: Trained, tmp_path: Path) -> None:
    model = keras.saving.load_model(trained.result / "model.keras", compile=False, safe_mode=True)
    data = catalogue.load("mnist-5k", tmp_path)
    report = read_report(trained.result / "evaluation.npz")
    result = trained.run.result
    assert result is not None
    assert weights_sha256(model) == result.weights_sha256
    assert np.array_equal(report.labels, data.test.labels)
    p = model.predict(data.test.images.astype(np.float32), verbose=0)
    np.testing.assert_allclose(report.probabilities, p, atol=1e-5)
    assert result.accuracy == pytest.approx((p.argmax(1) == data.test.labels).mean(), abs=2e-3)
    assert result.loss == pytest.approx(-np.log(p[np.arange(len(p)), data.test.labels]).mean(), abs=1e-3)
    assert result.accuracy > 0.5
    assert result.best_epoch == min(trained.epochs, key=lambda record: record.metrics["val_loss"]).epoch


def test_the_model_input_and_the_log_can_be_read(trained: Trained) -> None:
    model_input = ModelInput.read(trained.result / "input.json")
    assert (model_input.image_shape, model_input.class_names) == ((28, 28, 1), tuple("0123456789"))
    log = trained.log
    assert "epoch 1: loss" in log
    assert "epoch 2: loss" in log
    assert "test accuracy" in log
    assert json.loads((trained.folder / "config.json").read_text("utf-8"))["train"]["epochs"] == 2


def test_the_hash_of_the_weights_depends_on_every_weight(trained: Trained) -> None:
    model = keras.saving.load_model(trained.result / "model.keras", compile=False)
    before = weights_sha256(model)
    weights = model.get_weights()
    weights[-1][-1] += 1e-6
    model.set_weights(weights)
    assert weights_sha256(model) != before


def test_a_run_that_is_stopped_keeps_what_it_has(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    lease = claimed(settings, epochs=1000)
    log_epoch = lease.log_epoch

    def record_and_stop(record: EpochMetrics, checkpoint: str | None) -> None:
        log_epoch(record, checkpoint)
        if record.epoch == 2:
            actions.stop(lease.store, lease.run.id)

    lease.log_epoch = record_and_stop  # type: ignore[method-assign]
    assert train_run(lease, settings) is Status.STOPPED
    run = lease.store.run(lease.run.id)
    assert run.status is Status.STOPPED
    assert run.result is not None
    assert 2 <= run.epoch < 1000
    assert on_disk(settings, ResultFolder.of(settings, run).model).is_file()


def test_a_run_that_begins_anew_and_is_stopped_early_keeps_the_network_it_had(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings_in(tmp_path)
    lease = claimed(settings, epochs=3)
    assert train_run(lease, settings) is Status.FINISHED
    store, run_id = lease.store, lease.run.id
    before = store.run(run_id)
    assert before.result is not None
    assert disk.free_checkpoints(store, [run_id]) > 0
    actions.train_longer(store, run_id, 500)
    again = Lease.claim(store, Worker("v", 1, "here"))
    assert again is not None
    monkeypatch.setattr(
        module.Recorder, "pending_request", lambda _: Request.STOP if len(store.epochs(run_id)) == 2 else None
    )
    assert train_run(again, settings) is Status.STOPPED
    after = store.run(run_id)
    assert after.epoch == 2
    assert after.message == module.NO_MORE_LEARNED
    assert after.result is not None
    assert (after.result.folder, after.result.accuracy) == (before.result.folder, before.result.accuracy)
    assert on_disk(settings, ResultFolder.of(settings, after).model).is_file()


def test_a_run_that_is_stopped_before_its_first_batch_has_no_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module.Recorder, "pending_request", lambda _: Request.STOP)
    settings = settings_in(tmp_path)
    lease = claimed(settings)
    assert train_run(lease, settings) is Status.STOPPED
    run = lease.store.run(lease.run.id)
    assert (run.result, run.message) == (None, actions.NOTHING_LEARNED)


def failure(settings: Settings, lease: Lease) -> str:
    """Train, expect it to fail, and return the sentence; no half file may be left."""
    assert train_run(lease, settings) is Status.FAILED
    run = lease.store.run(lease.run.id)
    assert run.status is Status.FAILED
    assert run.ended_at is not None
    folder = run_dir(settings, run.id)
    assert not folder.is_dir() or not list(folder.rglob("part-*"))
    return run.message or ""


def test_a_data_set_that_is_not_there_fails_the_run_with_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cnn_dash.datasets.sources import download
    from cnn_dash.errors import DataNotFound

    def offline(*_: object) -> None:
        raise DataNotFound("train-images is nowhere. Put it into the data folder.")

    monkeypatch.setattr(download, "fetch", offline)
    settings = settings_in(tmp_path)
    message = failure(settings, claimed(settings, dataset="kmnist"))
    assert message == "train-images is nowhere. Put it into the data folder."


def test_a_loss_that_turns_to_nan_fails_the_run_with_advice_and_keeps_its_epochs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = module.Engine.steps

    def poisoned(self: Any, indices: Any, rates: Any, first_step: int) -> tuple[float, int]:
        loss, right = steps(self, indices, rates, first_step)
        return (float("nan") if first_step >= 57 else loss), right

    monkeypatch.setattr(module.Engine, "steps", poisoned)
    settings = settings_in(tmp_path)
    lease = claimed(settings)
    assert "Lower the learning rate by a factor of 10" in failure(settings, lease)
    assert [record.epoch for record in lease.store.epochs(lease.run.id)] == [1]


def test_a_run_that_is_stopped_right_after_its_weights_overflowed_fails_with_advice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = module.Engine.steps

    def overflowing(self: Any, indices: Any, rates: Any, first_step: int) -> tuple[float, int]:
        loss, right = steps(self, indices, rates, first_step)
        self.model.set_weights([np.full_like(weight, np.nan) for weight in self.model.get_weights()])
        return loss, right

    monkeypatch.setattr(module.Engine, "steps", overflowing)
    looks = itertools.count()
    monkeypatch.setattr(module.Recorder, "pending_request", lambda _: Request.STOP if next(looks) else None)
    settings = settings_in(tmp_path)
    lease = claimed(settings)
    message = failure(settings, lease)
    assert "received: nan, on the test images" in message
    assert "Lower the learning rate by a factor of 10" in message
    assert lease.store.run(lease.run.id).result is None
    assert not list(run_dir(settings, lease.run.id).rglob("model.keras"))


def test_what_a_run_logs_goes_into_its_own_log_and_nowhere_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise KeyError("surprise")

    package = logging.getLogger("cnn_dash")
    before = package.level, package.propagate, list(package.handlers)
    monkeypatch.setattr(networks, "build", broken)
    settings = settings_in(tmp_path)
    lease = claimed(settings)
    failure(settings, lease)
    log = RunFolder.of(settings, lease.run.id).read_log()
    assert "3600 training, 400 validation, 1000 test images" in log
    assert "Traceback" in log
    assert not [record for record in caplog.records if record.name.startswith("cnn_dash")]
    assert (package.level, package.propagate, package.handlers) == before


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (MemoryError(), "out of memory. Choose a smaller batch size"),
        (KeyError("surprise"), r"does not know (KeyError: 'surprise'). See the log."),
        (PermissionError(13, "Permission denied"), "Permission denied"),
    ],
)
def test_every_error_becomes_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, words: str
) -> None:
    def broken(*_: object) -> None:
        raise error

    monkeypatch.setattr(networks, "build", broken)
    settings = settings_in(tmp_path)
    lease = claimed(settings)
    assert words in failure(settings, lease)
    if isinstance(error, KeyError):
        assert "Traceback" in RunFolder.of(settings, lease.run.id).read_log()


def test_a_worker_that_lost_its_run_records_nothing(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    lease = claimed(settings, epochs=1000)
    log_epoch = lease.log_epoch

    def lose(record: EpochMetrics, checkpoint: str | None) -> None:
        log_epoch(record, checkpoint)
        while not actions.give_up(lease.store, lease.store.run(lease.run.id), "It is gone.", most_crashes=5):
            pass  # a heartbeat came in between

    lease.log_epoch = lose  # type: ignore[method-assign]
    with pytest.raises(LeaseLost):
        train_run(lease, settings)
    run = lease.store.run(lease.run.id)
    assert (run.status, run.epoch) == (Status.INTERRUPTED, 1)
    assert not list(run_dir(settings, run.id).rglob("model.keras"))


# ---- a full disk


@pytest.fixture
def little_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of one megabyte."""
    place = tmp_path / "little"
    place.mkdir()
    mount = shutil.which("mount")
    done = mount and subprocess.run([mount, "-t", "tmpfs", "-o", "size=1m", "tmpfs", place], capture_output=True)
    if not done or done.returncode:
        pytest.skip("a file system of one megabyte cannot be mounted here; it takes root")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


@pytest.mark.parametrize("free_bytes", [1 << 20, 0])
def test_a_full_disk_fails_the_run_with_a_sentence_and_keeps_its_epochs(
    little_disk: Path, tmp_path: Path, free_bytes: int
) -> None:
    settings = Settings(home=little_disk, data_dir=tmp_path, database_url=f"sqlite:///{tmp_path / 'elsewhere.db'}")
    lease = claimed(settings, ModelConfig(blocks=SMALL.blocks, dense=(DenseLayer(units=640),) * 2), epochs=1)
    folder = run_dir(settings, lease.run.id)
    folder.mkdir()
    with contextlib.suppress(OSError), (little_disk / "other").open("wb", 0) as other:
        for _ in range(((1 << 20) - free_bytes) // 4096):
            other.write(b"x" * 4096)
    message = failure(settings, lease)
    assert message == "The disk is full. Free some space, then retry the run: it continues from its last checkpoint."
    assert not list(folder.rglob("model.keras"))
    if free_bytes:
        assert [record.epoch for record in lease.store.epochs(lease.run.id)] == [1]


# ---- where its files and its data are


def test_a_run_whose_files_are_kept_elsewhere_leaves_nothing_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = MemoryArtifactStore()
    monkeypatch.setattr(runs_folder, "artifacts_of", lambda _: memory)
    settings = settings_in(tmp_path)
    lease = claimed(settings, epochs=1)
    assert train_run(lease, settings) is Status.FINISHED
    run = lease.store.run(lease.run.id)
    names = {artifact.key.removeprefix("00001/") for artifact in memory.list()}
    results = {f"result-0001/{name}" for name in ("model.keras", "input.json", "familiarity.npz", "evaluation.npz")}
    of_epoch = {f"checkpoints/{run.checkpoint}", "epoch-images/0001-00001.json"}
    assert names == {"config.json", "log.txt"} | of_epoch | results
    assert [path for path in settings.runs_dir.rglob("*") if path.is_file()] == []
    actions.train_longer(lease.store, run.id, 1)
    again = Lease.claim(lease.store, Worker("v", 1, "here"))
    assert again is not None
    assert train_run(again, settings) is Status.FINISHED
    run = lease.store.run(run.id)
    assert "resumes after 1 epochs" in RunFolder.of(settings, run.id).read_log()
    folder = ResultFolder.of(settings, run)
    with folder.evaluation.local_path() as file:
        report = read_report(file)
    predictor = Predictor(folder)
    p = predictor.probabilities(catalogue.load("mnist-5k", tmp_path).test.images[:50])
    np.testing.assert_allclose(p, report.probabilities[:50], atol=1e-5)
    assert not {artifact.key for artifact in memory.list("00001/result-0001")}, "the result before is of no use"


def test_the_first_version_kept_a_result_in_the_runs_own_folder(trained: Trained, tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    folder = run_dir(settings, trained.run.id)
    shutil.copytree(trained.result, folder)
    old = replace(trained.run, network_folder=".")
    assert Predictor(ResultFolder.of(settings, old)).model_input.class_names == tuple("0123456789")


@pytest.mark.parametrize(
    ("of_the_run", "of_the_worker", "chosen"),
    [
        ("with data", "with data", "of the run"),
        ("with data", "empty", "of the run"),
        ("empty", "with data", "of the worker"),
        ("nowhere", "with data", "of the worker"),
        (None, "with data", "of the worker"),
        ("empty", "empty", "of the run"),  # to be downloaded to, as it is where the person looks
        ("nowhere", "nowhere", "of the worker"),
    ],
)
def test_data_are_looked_for_where_whoever_queued_the_run_had_them_and_then_where_the_worker_has_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, of_the_run: str | None, of_the_worker: str, chosen: str
) -> None:
    places = {"of the run": of_the_run, "of the worker": of_the_worker}
    for name, what in places.items():
        if what in ("with data", "empty"):
            (tmp_path / name).mkdir()
    monkeypatch.setattr(module.catalogue, "is_local", lambda _, place: places[place.name] == "with data")
    settings = settings_in(tmp_path).model_copy(update={"data_dir": tmp_path / "of the worker"})
    run = replace(claimed(settings).run, data_dir=None if of_the_run is None else str(tmp_path / "of the run"))
    assert module.data_dir_of(run, settings) == tmp_path / chosen
