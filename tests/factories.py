"""Runs that nobody has trained, for tests of what is shown of runs and done with them."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from cnn_dash import presets
from cnn_dash.datasets import catalogue
from cnn_dash.evaluation.report import write_report
from cnn_dash.hyperparameters import override
from cnn_dash.runs.annotations import annotate
from cnn_dash.runs.folder import RunFile, RunFolder
from cnn_dash.runs.lease import Lease
from cnn_dash.runs.records import EpochMetrics, Run, StepMetrics, TestResult
from cnn_dash.runs.schema import runs
from cnn_dash.runs.status import Status
from cnn_dash.runs.store import RunStore, Worker
from cnn_dash.runs.submit import submit
from cnn_dash.settings import Settings

NO_PROCESS = 2**31 - 1

EPOCH_METRICS = ("loss", "accuracy", "val_loss", "val_accuracy", "val_auc", "learning_rate")
STEP_METRICS = ("loss", "accuracy", "learning_rate", "images_per_second", "cpu", "gpu", "memory_bytes")


def epoch_metrics(epoch: int, *values: float | None) -> EpochMetrics:
    """An epoch as our own runs record it: the values of `EPOCH_METRICS`, then seconds and images per second."""
    *metrics, seconds, images_per_second = values
    named = dict(zip(EPOCH_METRICS, metrics, strict=True)) | {"images_per_second": images_per_second}
    return EpochMetrics(epoch, {name: value for name, value in named.items() if value is not None}, seconds)


def step_metrics(step: int, position: float, *values: float) -> StepMetrics:
    """Metrics within an epoch as our own runs record them: the first values of `STEP_METRICS`."""
    return StepMetrics(step, position, dict(zip(STEP_METRICS, values, strict=False)))


CHECKPOINT = "0001-00005-0000000.npz"


def make_run(
    store: RunStore,
    status: Status = Status.FINISHED,
    *,
    accuracy: float | None = 0.95,
    settings: Mapping[str, Any] | None = None,
    preset: str = "compact-valid",
    file_bytes: int = 0,
    **annotations: Any,
) -> Run:
    """A run in the given status, tested if it is one that ends so; with a checkpoint of some size if that is not 0."""
    config = override(presets.get(preset).config(), settings or {})
    run = store.create(config, parameters=93_322, multiply_adds=2_800_000)
    values: dict[str, Any] = {"status": status}
    if status is not Status.QUEUED:
        # Alive for ever, in a process that is nowhere: what stops a server kills the processes of the runs it has.
        values |= {"attempt": 1, "worker_id": "made-up", "worker_pid": NO_PROCESS}
        values |= {"heartbeat_at": run.created_at.timestamp() + 1e9}
    if status in (Status.FINISHED, Status.STOPPED) and accuracy is not None:
        values |= {"test_accuracy": accuracy, "test_loss": 1 - accuracy, "best_epoch": 5, "seconds": 9.0, "epoch": 5}
        values |= {"weights_sha256": "0" * 64, "result_folder": "result-0001", "images_per_second": 3000.0}
        values |= {"ended_at": run.created_at.timestamp()}
    if file_bytes:
        RunFolder.of(store.settings, run.id).checkpoint(CHECKPOINT).put(
            lambda file: file.write_bytes(b"0" * file_bytes)
        )
        values["checkpoint"] = CHECKPOINT
    with store.transaction() as connection:
        connection.execute(runs.update().where(runs.c.id == run.id).values(values))
    return annotate(store, run.id, **annotations)


def make_external_run(store: RunStore, epochs: Sequence[Mapping[str, float]] = (), **told: Any) -> Lease:
    """A run of another program, with the metrics of its epochs, and the lease through which it continues recording."""
    told = {"title": "their run", "params": {"lr": 0.1, "model": {"depth": 3}}, **told}
    lease = Lease(store, store.record_external(Worker("their-program", NO_PROCESS, "elsewhere"), **told))
    for epoch, metrics in enumerate(epochs, start=1):
        lease.log_epoch(EpochMetrics(epoch, metrics))
    return lease


def make_tested_run(store: RunStore, status: Status = Status.FINISHED, wrong_every: int = 10) -> Run:
    """Put a tested run into the store: one epoch, every tenth test picture wrong, no network."""
    run = submit(store, presets.get("compact-valid").config())
    lease = Lease.claim(store, Worker("w", 1, "host"))
    assert lease is not None
    lease.log_epoch(epoch_metrics(1, 0.5, 0.8, 0.4, 0.9, 0.99, 0.001, 1.0, 3000.0))
    labels = catalogue.load("mnist-5k", store.settings.data_dir).test.labels
    predicted = np.where(np.arange(1, len(labels) + 1) % wrong_every == 0, (labels + 1) % 10, labels)
    folder = RunFolder.of(store.settings, run.id).result("result-0001")
    probabilities = np.full((len(labels), 10), 0.01, np.float32)
    probabilities[np.arange(len(labels)), predicted] = 0.91
    folder.evaluation.put(lambda file: write_report(file, labels, probabilities))
    lease.end(status, result=TestResult(0.9, 0.3, 1, 5.0, 3000.0, "0" * 64, "result-0001"))
    return store.run(run.id)


def run_dir(settings: Settings, run_id: int) -> Path:
    """Where the files of a run lie on the disk."""
    return settings.runs_dir / RunFolder.of(settings, run_id).key


def on_disk(settings: Settings, file: RunFile) -> Path:
    """Where a file of a run lies on the disk."""
    return settings.runs_dir / file.key
