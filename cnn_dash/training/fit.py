"""The loop over the epochs."""

import math
import time
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from cnn_dash.config import TrainConfig
from cnn_dash.datasets.dataset import Split
from cnn_dash.errors import TrainingError
from cnn_dash.evaluation.metrics import accuracy, cross_entropy, macro_auc
from cnn_dash.runs.records import EpochRecord, Point
from cnn_dash.training.engine import Engine
from cnn_dash.training.progress import Best
from cnn_dash.training.randomness import order, seed_dropout
from cnn_dash.training.schedule import learning_rate

# A call into the graph lasts about this long: often enough for the curve and the stop button.
CALL_S = 0.15
MAX_STEPS_A_CALL = 64


class Listener(Protocol):
    """Whoever wants to know how the training goes, and may end it."""

    @property
    def stop_requested(self) -> bool:
        """Asked after every group of batches."""

    @property
    def wants_point(self) -> bool:
        """Asked after every group of batches; the first one is always reported."""

    def point(self, point: Point, *, epoch: int, batch: int) -> None:
        """Called with running figures."""

    def epoch(self, record: EpochRecord) -> None:
        """Called when an epoch is done."""


@dataclass(frozen=True)
class Fitted:
    """How a training went: the best epoch (0 if none was finished), its speed, and whether it was asked to stop."""

    best_epoch: int
    images_per_second: float
    stopped: bool


def fit(engine: Engine, train: TrainConfig, images: int, validation: Split, listener: Listener) -> Fitted:
    """Train the engine's network for `train.epochs` epochs over `images` pictures, or until it stops getting better.

    Raises:
        TrainingError: If the loss is no longer a finite number.
    """
    clock = _Clock()
    watched = Best(train.monitor, train.patience)
    plateau = Best("val_loss", train.plateau_patience)
    best_weights = None
    drops = 0
    stopped = False
    for epoch in range(train.epochs):
        began = time.perf_counter()
        loop = _Epoch(engine, train, images, epoch, drops, listener, clock)
        stopped = loop.run()
        if stopped:
            break
        p = engine.probabilities(validation.images)
        record = EpochRecord(
            epoch=epoch + 1,
            loss=loop.loss_sum / images,
            accuracy=loop.right / images,
            val_loss=_finite(cross_entropy(validation.labels, p, train.label_smoothing), epoch),
            val_accuracy=accuracy(validation.labels, p),
            val_auc=macro_auc(validation.labels, p),
            learning_rate=loop.rate,
            seconds=time.perf_counter() - began,
            images_per_second=loop.images_per_second,
        )
        listener.epoch(record)
        if watched.update(epoch + 1, getattr(record, train.monitor)) and train.keep_best:
            best_weights = engine.model.get_weights()
        plateau.update(epoch + 1, record.val_loss)
        if plateau.exhausted:
            drops += 1
            plateau.wait_again()
        stopped = listener.stop_requested and epoch + 1 < train.epochs
        if stopped or (train.early_stopping and watched.exhausted):
            break
    if best_weights is not None:
        engine.model.set_weights(best_weights)
    return Fitted(best_epoch=watched.epoch, images_per_second=clock.images_per_second, stopped=stopped)


class _Clock:
    """Pictures and seconds of training, without the first call, in which the graph is traced."""

    def __init__(self) -> None:
        self.images = 0
        self.seconds = 0.0
        self.steps_a_call = 1
        self._traced = False

    def add(self, images: int, seconds: float, steps: int) -> None:
        if self._traced:
            self.images += images
            self.seconds += seconds
            fitting = int(CALL_S / max(seconds / steps, 1e-6))
            self.steps_a_call = min(max(fitting, 1), MAX_STEPS_A_CALL, self.steps_a_call * 4)
        self._traced = True

    @property
    def images_per_second(self) -> float:
        return self.images / self.seconds if self.seconds else 0.0


class _Epoch:
    """One pass over the training pictures."""

    def __init__(
        self, engine: Engine, train: TrainConfig, images: int, epoch: int, drops: int, listener: Listener, clock: _Clock
    ) -> None:
        self._engine = engine
        self._train = train
        self._epoch = epoch
        self._drops = drops
        self._listener = listener
        self._clock = clock
        self._images = images
        self.loss_sum = 0.0
        self.right = 0
        self.rate = 0.0
        self._seconds = 0.0
        self._seen = 0
        # Since the last point: loss, right answers, pictures, seconds.
        self._fresh = [0.0, 0, 0, 0.0]

    @property
    def images_per_second(self) -> float:
        return self._seen / self._seconds

    def run(self) -> bool:
        """Train; True if it was asked to stop before the end."""
        size = self._train.batch_size
        whole, rest = divmod(self._images, size)
        batches = whole + (rest > 0)
        indices = order(self._images, self._train.seed, self._epoch)
        seed_dropout(self._engine.model, self._train.seed, self._epoch)
        batch = 0
        while batch < batches:
            steps = min(self._clock.steps_a_call, whole - batch) or 1  # the smaller last batch goes alone
            chosen = indices[batch * size : (batch + steps) * size].reshape(steps, -1)
            self._call(chosen, batch, batches)
            batch += steps
            first = self._epoch == 0 and batch == steps
            if first or batch == batches or self._listener.wants_point:
                self._point(batch, batches)
            if batch < batches and self._listener.stop_requested:
                return True
        return False

    def _call(self, chosen: NDArray[np.int32], batch: int, batches: int) -> None:
        places = [self._epoch + (batch + step) / batches for step in range(len(chosen))]
        rates = np.array([learning_rate(self._train, place, self._drops) for place in places], np.float32)
        began = time.perf_counter()
        loss_sum, right = self._engine.steps(chosen, rates, self._epoch * batches + batch)
        seconds = time.perf_counter() - began
        _finite(loss_sum, self._epoch)
        self._clock.add(chosen.size, seconds, len(chosen))
        self.loss_sum += loss_sum
        self.right += right
        self.rate = float(rates[-1])
        self._seen += chosen.size
        self._seconds += seconds
        self._fresh = [a + b for a, b in zip(self._fresh, (loss_sum, right, chosen.size, seconds), strict=True)]

    def _point(self, batch: int, batches: int) -> None:
        loss_sum, right, images, seconds = self._fresh
        point = Point(
            step=self._epoch * batches + batch,
            position=self._epoch + batch / batches,
            loss=loss_sum / images,
            accuracy=right / images,
            learning_rate=self.rate,
            images_per_second=images / seconds,
        )
        self._listener.point(point, epoch=self._epoch, batch=batch)
        self._fresh = [0.0, 0, 0, 0.0]


def _finite(loss: float, epoch: int) -> float:
    if not math.isfinite(loss):
        raise TrainingError(
            f"The loss is no longer a number (received: {loss}, in epoch {epoch + 1}): the steps were so large that "
            "the weights overflowed. Lower the learning rate by a factor of 10, add a warm-up, or turn on batch "
            "normalization."
        )
    return loss
