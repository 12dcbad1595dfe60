"""Trains one claimed run from beginning to end and records how it ended."""

import contextlib
import errno
import hashlib
import logging
import time
from collections.abc import Iterator
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray

from cnn_dash.datasets import catalogue
from cnn_dash.datasets.dataset import Dataset
from cnn_dash.datasets.download import DownloadProgress, OnProgress
from cnn_dash.errors import CnnDashError
from cnn_dash.evaluation.metrics import accuracy, cross_entropy
from cnn_dash.evaluation.report import write_report
from cnn_dash.inference import framing_of
from cnn_dash.inference.card import InputCard
from cnn_dash.models.build import build
from cnn_dash.runs.folder import RunFolder
from cnn_dash.runs.lease import Lease, LeaseLost
from cnn_dash.runs.records import TestResult
from cnn_dash.runs.status import Status
from cnn_dash.settings import Settings
from cnn_dash.training.engine import Engine
from cnn_dash.training.fit import finite, fit
from cnn_dash.training.recorder import Recorder

log = logging.getLogger(__name__)

SAY_EVERY_S = 0.5


def train_run(lease: Lease, settings: Settings) -> Status:
    """Train the run that the lease holds; what goes wrong ends it as failed, with a sentence.

    Raises:
        StoreError: If the end cannot be recorded: the store cannot be written, or the run was taken away (`LeaseLost`).
    """
    folder = RunFolder.of(settings, lease.run.id)
    try:
        folder.path.mkdir(parents=True, exist_ok=True)
        folder.config.write_text(lease.run.config.model_dump_json(indent=2), "utf-8")
        with _logging_to(folder.log), Recorder(lease) as recorder:
            status, result = _train(lease, settings, folder, recorder)
    except LeaseLost:
        raise
    except Exception as error:
        lease.end(Status.FAILED, message=_why(error))
        return Status.FAILED
    lease.end(status, result=result)
    return status


def _train(lease: Lease, settings: Settings, folder: RunFolder, recorder: Recorder) -> tuple[Status, TestResult]:
    began = time.perf_counter()
    config = lease.run.config
    train = config.train
    log.info("run %d: %s, seed %d", lease.run.id, lease.run.name, train.seed)
    data = catalogue.load(config.data.dataset, settings.data_dir, train.validation_fraction, train.seed, _saying(lease))
    lease.begin(train_images=len(data.train), batches=-(-len(data.train) // train.batch_size))
    log.info("%d training, %d validation, %d test pictures", len(data.train), len(data.validation), len(data.test))
    model = build(config.model, data.image_shape, len(data.class_names), train.seed)
    engine = Engine(model, data.train, train)
    fitted = fit(engine, data.validation, recorder)
    p = engine.probabilities(data.test.images)
    # A run that is stopped right after a step that was too large has met no loss that is not a number until here.
    test_loss = finite(cross_entropy(data.test.labels, p), "on the test pictures")
    _keep(folder, model, data, p)
    result = TestResult(
        accuracy=accuracy(data.test.labels, p),
        loss=test_loss,
        best_epoch=fitted.best_epoch,
        seconds=time.perf_counter() - began,
        images_per_second=fitted.images_per_second,
        weights_sha256=weights_sha256(model),
    )
    log.info("test accuracy %.4f, test loss %.4f, %.1f s in all", result.accuracy, result.loss, result.seconds)
    return Status.STOPPED if fitted.stopped else Status.FINISHED, result


def _saying(lease: Lease) -> OnProgress:
    """Tell whoever watches how far a download is, about twice a second."""
    last = 0.0

    def say(progress: DownloadProgress) -> None:
        nonlocal last
        if time.monotonic() - last > SAY_EVERY_S:
            last = time.monotonic()
            lease.say(f"Downloading {progress}.")

    return say


def _keep(folder: RunFolder, model: keras.Model, data: Dataset, p: NDArray[np.float32]) -> None:
    """Write what outlives the run: the network, how a picture goes into it, its answers `p` on the test set."""
    with _replacing(folder.model) as part:
        model.save(part)
    with _replacing(folder.card) as part:
        InputCard(data.class_names, data.image_shape, framing_of(data.train.images)).write(part)
    with _replacing(folder.evaluation) as part:
        write_report(part, data.test.labels, p)


def weights_sha256(model: keras.Model) -> str:
    """SHA-256 over the bytes of all weights, float32 little-endian, in layer order."""
    digest = hashlib.sha256()
    for weight in model.get_weights():
        digest.update(np.ascontiguousarray(weight, "<f4").tobytes())
    return digest.hexdigest()


@contextlib.contextmanager
def _replacing(path: Path) -> Iterator[Path]:
    """A file beside `path` that takes its place when it is complete: no reader ever meets half a file."""
    part = path.with_name(f"part-{path.name}")
    try:
        yield part
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


@contextlib.contextmanager
def _logging_to(path: Path) -> Iterator[None]:
    """Send what the package logs to the run's log, and only there: the worker's own file is never cut."""
    handler = logging.FileHandler(path, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s  %(message)s", "%H:%M:%S"))
    package = logging.getLogger("cnn_dash")
    before = package.level, package.propagate
    package.addHandler(handler)
    package.setLevel(logging.INFO)
    package.propagate = False
    try:
        yield
    except (CnnDashError, OSError, MemoryError):
        raise  # the run's message says it all
    except Exception:
        log.exception("the run failed")
        raise
    finally:
        package.removeHandler(handler)
        package.setLevel(before[0])
        package.propagate = before[1]
        handler.close()


def _why(error: Exception) -> str:
    """The sentence a person reads when a run has failed."""
    if isinstance(error, CnnDashError):
        return str(error)
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EFBIG, errno.EDQUOT):
        return "The disk is full. Free some space, then start the run again with the same settings."
    if isinstance(error, MemoryError) or type(error).__name__ == "ResourceExhaustedError":
        return "The machine ran out of memory. Choose a smaller batch size or fewer filters, then start again."
    return f"Training ended with an error that CNN Dash does not know ({type(error).__name__}: {error}). See the log."
