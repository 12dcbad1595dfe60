"""The loop over the epochs."""

import math
import time
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from cnn_dash.datasets.dataset import Split
from cnn_dash.errors import TrainingError
from cnn_dash.evaluation.metrics import accuracy, cross_entropy, macro_auc
from cnn_dash.runs.records import EpochRecord, Point
from cnn_dash.training.engine import Engine
from cnn_dash.training.progress import Best
from cnn_dash.training.randomness import order, seed_dropout
from cnn_dash.training.schedule import learning_rate
from cnn_dash.training.tally import Tally

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
    """How a training went: the best epoch (0 if none was finished), its speed, and whether it was asked to stop.

    The first call into the graph, which traces it, is in no speed, neither here nor in a point or an epoch; a stretch
    that has no other call has the speed 0.
    """

    best_epoch: int
    images_per_second: float
    stopped: bool


def fit(engine: Engine, validation: Split, listener: Listener) -> Fitted:
    """Train the engine's network for as many epochs as its settings say, or until it stops getting better.

    Args:
        engine: The network, the training pictures and the settings.
        validation: What is looked at after every epoch: for the record, for the best epoch, for a plateau.
        listener: Hears of every point and epoch, and may end the training after any group of batches.

    Raises:
        TrainingError: If the loss is no longer a finite number.
    """
    train = engine.train
    watched = Best(train.monitor, train.patience)
    plateau = Best("val_loss", train.plateau_patience)
    best_weights = None
    drops = 0
    pace = _Pace()
    total = Tally()
    stopped = False
    for epoch in range(train.epochs):
        began = time.perf_counter()
        loop = _Epoch(engine, epoch, drops)
        stopped = loop.run(pace, listener)
        total += loop.tally
        if stopped:
            break
        p = engine.probabilities(validation.images)
        val_loss = cross_entropy(validation.labels, p, train.label_smoothing)
        record = EpochRecord(
            epoch=epoch + 1,
            loss=loop.tally.loss,
            accuracy=loop.tally.accuracy,
            val_loss=finite(val_loss, f"in epoch {epoch + 1}"),
            val_accuracy=accuracy(validation.labels, p),
            val_auc=macro_auc(validation.labels, p),
            learning_rate=loop.rate,
            seconds=time.perf_counter() - began,
            images_per_second=loop.tally.images_per_second,
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
    return Fitted(best_epoch=watched.epoch, images_per_second=total.images_per_second, stopped=stopped)


class _Pace:
    """How many steps go in one call, so that it lasts about `CALL_S`; it grows by degrees, as one time says little."""

    def __init__(self) -> None:
        self.steps = 1

    def update(self, steps: int, seconds: float) -> None:
        """Take the time of a call of so many steps."""
        fitting = int(CALL_S / max(seconds / steps, 1e-6))
        self.steps = min(max(fitting, 1), MAX_STEPS_A_CALL, self.steps * 4)


class _Epoch:
    """One pass over the training pictures; `tally` says how it has gone so far, `rate` how large the last step was.

    Args:
        engine: Trains its network in place.
        epoch: Number of the epoch, from 0.
        drops: How often a plateau has lowered the learning rate so far.
    """

    def __init__(self, engine: Engine, epoch: int, drops: int) -> None:
        self._engine = engine
        self._epoch = epoch
        self._drops = drops
        self._batches = -(-engine.images // engine.train.batch_size)
        self._batch = 0  # the next one
        self._since_point = Tally()
        self.tally = Tally()
        self.rate = 0.0

    def run(self, pace: _Pace, listener: Listener) -> bool:
        """Train; True if it was asked to stop before the end."""
        images, size, seed = self._engine.images, self._engine.train.batch_size, self._engine.train.seed
        indices = order(images, seed, self._epoch)
        seed_dropout(self._engine.model, seed, self._epoch)
        while self._batch < self._batches:
            first = self._step == 0
            steps = min(pace.steps, images // size - self._batch) or 1  # the smaller last batch goes alone
            chosen = indices[self._batch * size : (self._batch + steps) * size].reshape(steps, -1)
            seconds = self._train(chosen)
            if not first:
                pace.update(steps, seconds)
            if first or self._batch == self._batches or listener.wants_point:
                listener.point(self._point(), epoch=self._epoch, batch=self._batch)
            if self._batch < self._batches and listener.stop_requested:
                return True
        return False

    @property
    def _step(self) -> int:
        """Steps of the whole run that are done."""
        return self._epoch * self._batches + self._batch

    def _train(self, chosen: NDArray[np.int32]) -> float:
        """Train on the next batches, int32 (steps, batch), and return the seconds that it took."""
        places = [self._epoch + (self._batch + step) / self._batches for step in range(len(chosen))]
        rates = np.array([learning_rate(self._engine.train, place, self._drops) for place in places], np.float32)
        began = time.perf_counter()
        loss_sum, right = self._engine.steps(chosen, rates, self._step)
        seconds = time.perf_counter() - began
        finite(loss_sum, f"in epoch {self._epoch + 1}")
        # The first call of a run traces the graph: its time says nothing about the speed.
        timed = (chosen.size, seconds) if self._step else (0, 0.0)
        call = Tally(loss_sum, right, chosen.size, *timed)
        self.tally += call
        self._since_point += call
        self.rate = float(rates[-1])
        self._batch += len(chosen)
        return seconds

    def _point(self) -> Point:
        """The figures since the point before."""
        tally, self._since_point = self._since_point, Tally()
        return Point(
            step=self._step,
            position=self._epoch + self._batch / self._batches,
            loss=tally.loss,
            accuracy=tally.accuracy,
            learning_rate=self.rate,
            images_per_second=tally.images_per_second,
        )


def finite(loss: float, where: str) -> float:
    """The loss itself, if it is a finite number.

    Raises:
        TrainingError: If it is none. The sentence says `where` it was met, e.g. `in epoch 3`.
    """
    if not math.isfinite(loss):
        raise TrainingError(
            f"The loss is no longer a number (received: {loss}, {where}): the steps were so large that "
            "the weights overflowed. Lower the learning rate by a factor of 10, add a warm-up, or turn on batch "
            "normalization."
        )
    return loss
