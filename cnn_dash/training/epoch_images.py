"""What the last epoch looked like: the best and worst validation images, and a training batch as the network gets it.

Nothing here draws from a generator or runs the network, so a run is the same with it or without it.
"""

import base64
import io
import logging
import time
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cnn_dash.datasets.dataset import Split
from cnn_dash.runs import epoch_images
from cnn_dash.runs.folder import RunFolder
from cnn_dash.strict_json import dumps
from cnn_dash.training.engine import Engine
from cnn_dash.training.randomness import order

log = logging.getLogger(__name__)

EACH, OF_BATCH = 8, 16
SHARE = 1 / 100
"""Of the time at most. Where epochs are too short for that, some of them are passed over, but never the last."""


@dataclass(frozen=True, eq=False)
class _Chosen:
    """Validation images of an epoch, the worst and then the best: indices, predicted classes, probabilities."""

    epoch: int
    indices: NDArray[np.intp]
    predicted: NDArray[np.intp]
    probabilities: NDArray[np.float32]


class EpochImages:
    """Writes the images of epochs, the last one's in any case.

    Args:
        engine: What is trained.
        validation: The images that are measured after each epoch.
        class_names: One name for each class.
        folder: Of the run.
        attempt: The claim that it is trained under.
    """

    def __init__(
        self, engine: Engine, validation: Split, class_names: tuple[str, ...], folder: RunFolder, attempt: int
    ) -> None:
        self._engine = engine
        self._validation = validation
        self._names = class_names
        self._folder = folder
        self._attempt = attempt
        self._due = 0.0
        self._pending: _Chosen | None = None

    def take(self, epoch: int, p: NDArray[np.float32]) -> None:
        """Choose images of an epoch, counted from 1, by the predictions `p` (N, classes) on the validation images."""
        own = p[np.arange(len(p)), self._validation.labels]
        indices = np.concatenate([_least(own, EACH), _least(-own, EACH)])
        self._pending = _Chosen(epoch, indices, p[indices].argmax(axis=1), own[indices])
        if time.perf_counter() >= self._due:
            self._write(self._pending)

    def finish(self) -> None:
        """Write the images of the last epoch, unless that has been done."""
        if self._pending is not None:
            self._write(self._pending)

    def _write(self, chosen: _Chosen) -> None:
        began = time.perf_counter()
        self._pending = None
        try:
            epoch_images.write(self._folder, self._attempt, chosen.epoch, dumps(self._content(chosen)).encode())
        except OSError as error:  # the disk is full, say: training does not depend on it
            log.warning("The images of epoch %d could not be written (%s).", chosen.epoch, error)
        ended = time.perf_counter()
        self._due = ended + (ended - began) * (1 / SHARE - 1)

    def _content(self, chosen: _Chosen) -> dict[str, Any]:
        train, images = self._engine.train, self._engine.images
        batch = order(images, train.seed, chosen.epoch - 1)[: train.batch_size]
        first_step = (chosen.epoch - 1) * -(-images // train.batch_size)
        shown = self._engine.as_trained(batch, first_step, OF_BATCH)
        labels = self._validation.labels[chosen.indices]
        answers = [
            {"class": self._names[label], "predicted": self._names[predicted], "probability": float(p)}
            for label, predicted, p in zip(labels, chosen.predicted, chosen.probabilities, strict=True)
        ]
        each = len(answers) // 2
        return {
            "epoch": chosen.epoch,
            "height": shown.shape[1],
            "width": shown.shape[2],
            "strip": _strip(np.concatenate([self._validation.images[chosen.indices], shown])),
            "worst": answers[:each],
            "best": answers[each:],
            "batch": [{"class": self._names[label]} for label in self._engine.labels[batch[:OF_BATCH]]],
            "batch_size": len(batch),
            "augmented": self._engine.augments,
        }


def _least(values: NDArray[np.float32], count: int) -> NDArray[np.intp]:
    """Return the indices of the smallest values, the smallest first; of equal ones that which comes first."""
    if count < len(values):
        limit = np.partition(values, count - 1)[count - 1]
        candidates = np.flatnonzero(values <= limit)
    else:
        candidates = np.arange(len(values))
    return candidates[np.argsort(values[candidates], kind="stable")][:count]


def _strip(images: NDArray[np.uint8]) -> str:
    """Return images (N, H, W, C) side by side as the `data:` URL of a PNG."""
    count, height, width, channels = images.shape
    pixels = images.transpose(1, 0, 2, 3).reshape(height, count * width, channels)
    file = io.BytesIO()
    Image.fromarray(pixels[..., 0] if channels == 1 else pixels).save(file, "PNG", compress_level=1)
    return f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode('ascii')}"
