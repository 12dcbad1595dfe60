"""One claimed run, trained from its beginning or its last checkpoint to its recorded end."""

import hashlib
import logging
import os
import time
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray

from cnn_dash.artifacts.protocol import is_full
from cnn_dash.datasets import catalogue
from cnn_dash.datasets.dataset import Dataset, Split
from cnn_dash.errors import CnnDashError, DataError
from cnn_dash.evaluation.metrics import accuracy, cross_entropy
from cnn_dash.evaluation.report import write_report
from cnn_dash.inference import framing_of
from cnn_dash.inference.familiarity import IMAGES, Familiarity
from cnn_dash.inference.model_input import ModelInput
from cnn_dash.models.forward import forward_with_features
from cnn_dash.recording.hooks import RecordingCallback
from cnn_dash.runs.actions import NOTHING_LEARNED
from cnn_dash.runs.folder import ResultFolder, RunFolder
from cnn_dash.runs.lease import Lease, LeaseLost
from cnn_dash.runs.records import Run, TestResult
from cnn_dash.runs.status import Request, Status
from cnn_dash.runs.temporary_files import temporary_files
from cnn_dash.settings import Settings
from cnn_dash.training.checkpoint import Checkpoint, newest_readable
from cnn_dash.training.device_memory import image_budget
from cnn_dash.training.engine import PREDICT_BATCH, Engine
from cnn_dash.training.epoch_images import EpochImages
from cnn_dash.training.fit import fit, require_finite
from cnn_dash.training.networks import OnStep, network_of
from cnn_dash.training.recorder import Recorder
from cnn_dash.training.run_log import logging_to

log = logging.getLogger(__name__)

MESSAGE_EVERY_S = 0.5
NO_MORE_LEARNED = "Stopped before there was a better result to keep; the network it had is kept."


class _NothingToKeep(Exception):
    """Something was asked of the run before it had learned anything, or as much as it had before."""


EXPECTED = (CnnDashError, OSError, MemoryError, _NothingToKeep)
"""Errors of which the run's message says all."""


def train_run(lease: Lease, settings: Settings) -> Status:
    """Train the run that the lease holds; what goes wrong ends it as failed, with a sentence.

    Raises:
        StoreError: If the end cannot be recorded: the store cannot be written, or the run was taken away (`LeaseLost`).
    """
    folder = RunFolder.of(settings, lease.run.id)
    with Recorder(lease, folder) as recorder:
        message = None
        try:
            settings_text = lease.run.recipe.model_dump_json(indent=2)
            folder.config.put(lambda file: file.write_text(settings_text, "utf-8"))
            with temporary_files(settings, lease.run), logging_to(folder.log, no_traceback=EXPECTED):
                status, result = _train(lease, settings, folder, recorder)
        except LeaseLost:
            raise
        except _NothingToKeep:
            status, result = (
                (Status.PAUSED, None) if recorder.pending_request() is Request.PAUSE else (Status.STOPPED, None)
            )
            if status is Status.STOPPED:
                message = NO_MORE_LEARNED if lease.run.result else NOTHING_LEARNED
        except Exception as error:
            status, result, message = Status.FAILED, None, _why(error)
        recorder.write(lambda: lease.end(status, message=message, result=result))
    if result is not None:
        folder.keep_result(result.folder)
    return status


def _train(lease: Lease, settings: Settings, folder: RunFolder, recorder: Recorder) -> tuple[Status, TestResult | None]:
    began = time.perf_counter()
    run = lease.run
    train = run.recipe.train
    report = _report(lease, recorder)
    log.info("run %d: %s, seed %d", run.id, run.name, train.seed)
    data = catalogue.load(
        run.recipe.data.dataset,
        data_dir_of(run, settings),
        train.validation_fraction,
        train.seed,
        lambda progress: report(f"Downloading {progress}."),
        settings.imported_dir,
    )
    checkpoint = _checkpoint(folder, run)
    if checkpoint is not None:
        _require_same_data(run, data)
    log.info("%d training, %d validation, %d test images", len(data.train), len(data.validation), len(data.test))
    model, data, engine = network_of(run, settings, data, report)
    batches = -(-len(data.train) // train.batch_size)
    place = {"epoch": checkpoint.epoch, "batch": checkpoint.batch} if checkpoint else {}
    size = {"train_images": len(data.train), "batches": batches}
    recorder.write(lambda: lease.begin(**size, **place, data_sha256=data.content_hash))
    validation = data.validation.in_memory() if data.validation.images.nbytes <= image_budget() else data.validation
    images = EpochImages(engine, validation, data.class_names, folder, run.attempt)
    fitted = fit(engine, validation, recorder, checkpoint, [RecordingCallback(recorder)], images.take)
    images.finish()
    if fitted.asked is Request.PAUSE:
        log.info("paused")
        return Status.PAUSED, None
    if fitted.asked is Request.STOP and fitted.steps == 0 and run.result is None:
        raise _NothingToKeep  # first weights are no result
    if fitted.asked is Request.STOP and run.result is not None and fitted.steps < run.result.steps:
        raise _NothingToKeep  # its checkpoints were freed, so it had begun anew
    p = _predictions(engine, data.test, recorder)
    # A run that is stopped right after a step that was too large has met no loss that is not a number until here.
    test_loss = require_finite(cross_entropy(data.test.labels, p), "on the test images")
    name = folder.result_name(run.attempt)
    _keep(folder.result(name), model, engine.model, data, p, recorder)
    result = TestResult(
        accuracy=accuracy(data.test.labels, p),
        loss=test_loss,
        best_epoch=fitted.best_epoch,
        seconds=fitted.seconds_before + time.perf_counter() - began,
        images_per_second=fitted.images_per_second,
        weights_sha256=weights_sha256(model),
        folder=name,
        steps=fitted.steps,
    )
    log.info("test accuracy %.4f, test loss %.4f, %.1f s in all", result.accuracy, result.loss, result.seconds)
    return Status.STOPPED if fitted.asked is Request.STOP else Status.FINISHED, result


def data_dir_of(run: Run, settings: Settings) -> Path:
    """Return the folder from which the data set of a run is to be read, or to which it is to be downloaded.

    That of whoever queued the run comes first, if this machine has it: which process takes a run must not decide
    whether its data are found.
    """
    places = [Path(run.data_dir)] if run.data_dir else []
    places.append(settings.data_dir)
    found = catalogue.find(run.recipe.data.dataset, places)
    return found or next((place for place in places if os.access(place, os.W_OK)), settings.data_dir)


def _checkpoint(folder: RunFolder, run: Run) -> Checkpoint | None:
    """Return where the run resumes: its newest checkpoint that can be read."""
    named = [name for name in (run.checkpoint, run.checkpoint_before) if name]
    found, problems = newest_readable(map(folder.checkpoint, named))
    for problem in problems:
        log.warning("%s The one before it is used.", problem)
    if found is not None:
        log.info("resumes after %d epochs and %d batches of the next one", found.epoch, found.batch)
    elif named:
        log.warning("No checkpoint can be read: it begins anew, which gives the same weights.")
    return found


def _require_same_data(run: Run, data: Dataset) -> None:
    """Refuse to go on with other images than those that the network has learned from so far.

    Raises:
        DataError: If the data set has changed. A run of an older version did not record which it was.
    """
    if run.data_sha256 not in (None, data.content_hash):
        raise DataError(
            f"{data.title} has changed since run {run.id} began, and to go on would mix two data sets. Received: data "
            f"with the SHA-256 {data.content_hash[:12]}…. Allowed: that of the run, {run.data_sha256[:12]}…. Put the "
            "former files back and try again, or train the same settings as a new run."
        )


def _report(lease: Lease, recorder: Recorder) -> OnStep:
    """Return a callback that says what is done before the training, and aborts it if something is asked."""
    last = 0.0

    def report(text: str) -> None:
        nonlocal last
        if recorder.pending_request() is not None:
            raise _NothingToKeep
        if time.monotonic() - last > MESSAGE_EVERY_S:
            last = time.monotonic()
            recorder.write(lambda: lease.set_message(text))

    return report


def _predictions(engine: Engine, split: Split, recorder: Recorder) -> NDArray[np.float32]:
    """Return the probabilities that the network gives for a split, float32 (N, classes)."""
    parts = []
    for part in engine.predictions(split.inputs):
        parts.append(part)
        recorder.show_progress()
    return np.concatenate(parts)


def _keep(
    folder: ResultFolder,
    model: keras.Model,
    trained: keras.Model,
    data: Dataset,
    p: NDArray[np.float32],
    recorder: Recorder,
) -> None:
    """Write what outlives the run: the network, its input, what it has seen, its predictions `p` on the test set.

    Args:
        folder: Where to.
        model: The whole network.
        trained: What of it takes the inputs of the splits: all of it, or what comes after its base.
        data: The data set.
        p: float32 (N, classes).
        recorder: Told of the progress.
    """
    folder.model.put(model.save)
    recorder.show_progress()
    folder.model_input.put(ModelInput(data.class_names, data.image_shape, framing_of(data.train.images)).write)
    folder.familiarity.put(_familiarity(trained, data).write)
    recorder.show_progress()
    folder.evaluation.put(lambda file: write_report(file, data.test.labels, p))
    recorder.show_progress()


def _familiarity(model: keras.Model, data: Dataset) -> Familiarity:
    """Measure what the network has seen; without validation images, the test images say how sure it is."""
    network = forward_with_features(model, dtype=data.train.inputs.dtype)
    known = data.validation if len(data.validation) else data.test

    def outputs(split: Split) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.int64]]:
        sample = slice(None, None, -(-len(split) // IMAGES) or 1)
        images = split.inputs[sample]
        parts = [network(images[begin : begin + PREDICT_BATCH]) for begin in range(0, len(images), PREDICT_BATCH)]
        probabilities, features = (np.concatenate(one) for one in zip(*parts, strict=True))
        return probabilities, features, split.labels[sample]

    _, seen, _ = outputs(data.train)
    probabilities, features, labels = outputs(known)
    return Familiarity.measure(seen, features, probabilities, labels)


def weights_sha256(model: keras.Model) -> str:
    """Return the SHA-256 over the bytes of all weights, float32 little-endian, in layer order."""
    digest = hashlib.sha256()
    for weight in model.get_weights():
        digest.update(np.ascontiguousarray(weight, "<f4").tobytes())
    return digest.hexdigest()


def _why(error: Exception) -> str:
    """Return the sentence that a person reads when a run has failed."""
    if isinstance(error, CnnDashError):
        return str(error)
    if is_full(error):
        return "The disk is full. Free some space, then retry the run: it continues from its last checkpoint."
    if isinstance(error, OSError):
        return (
            f"A file of the run could not be read or written. Received: {error}. See that the folder of the runs can "
            "be written and that its disk is well, then try the run again."
        )
    if isinstance(error, MemoryError) or type(error).__name__ == "ResourceExhaustedError":
        return "The machine ran out of memory. Choose a smaller batch size or fewer filters, then start again."
    return f"Training ended with an error that CNN Dash does not know ({type(error).__name__}: {error}). See the log."
