"""The loop over the epochs. It can be paused after any group of batches and resumed elsewhere, exactly.

Its progress is told to Keras callbacks, by Keras' hooks; what these cannot tell the loop is asked of a `Listener`.
"""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from cnn_dash.datasets.dataset import Split
from cnn_dash.errors import TrainingError
from cnn_dash.evaluation.metrics import accuracy, cross_entropy, macro_auc
from cnn_dash.runs.status import Request
from cnn_dash.training.call_sizing import CallSizer, ResumableTimer
from cnn_dash.training.checkpoint import Checkpoint
from cnn_dash.training.engine import Engine
from cnn_dash.training.listener import Listener
from cnn_dash.training.metric_monitor import MetricMonitor
from cnn_dash.training.metric_sums import MetricSums
from cnn_dash.training.randomness import order, seed_dropout
from cnn_dash.training.schedule import learning_rate

OnValidated = Callable[[int, NDArray[np.float32]], None]


@dataclass(frozen=True)
class Fitted:
    """Result of a training.

    Attributes:
        best_epoch: The best epoch, 0 if none was finished.
        images_per_second: Its speed. Here as in step metrics and epochs, it excludes the first call, which traces the
            graph; 0 if nothing else was timed.
        asked: The request that ended it early, or None.
        steps: The batches that were trained, by earlier workers too.
        seconds_before: What earlier workers spent on it.
    """

    best_epoch: int
    images_per_second: float
    asked: Request | None
    steps: int
    seconds_before: float


def fit(
    engine: Engine,
    validation: Split,
    listener: Listener,
    checkpoint: Checkpoint | None = None,
    callbacks: Sequence[keras.callbacks.Callback] = (),
    on_validated: OnValidated | None = None,
) -> Fitted:
    """Train the engine's network for as many epochs as its settings say, or until it stops getting better.

    Args:
        engine: The network, the training images and the settings.
        validation: The images measured after every epoch: for the record, the best epoch, and a plateau.
        listener: May put the training down after any group of batches.
        checkpoint: Where to resume; None begins anew.
        callbacks: Called as `Model.fit` calls them, with these differences: a batch begins and ends for them whenever
            step metrics are reported, some times a second, with means since the last report; the batches of the
            validation are not told; `model.stop_training` ends the training at the end of the epoch. The learning rate
            is that of the settings, whatever a callback sets.
        on_validated: Called with an epoch, counted from 1, and the predictions on the validation images after it,
            float32 (N, classes), before the epoch is reported.

    Raises:
        TrainingError: If the loss is no longer a finite number.
        StoreError: If the checkpoint does not fit the network.
    """
    loop = _Loop(engine, validation, listener, callbacks, on_validated)
    if checkpoint is not None:
        loop.restore(checkpoint)
    return loop.run()


class _Loop:
    """One training, wherever it stands.

    `_epoch` epochs and `_batch` batches of the next one are done. What decides how it continues is in the checkpoint;
    call sizes and timers are this process's own.
    """

    def __init__(
        self,
        engine: Engine,
        validation: Split,
        listener: Listener,
        callbacks: Sequence[keras.callbacks.Callback],
        on_validated: OnValidated | None,
    ) -> None:
        self._engine = engine
        self._validation = validation
        self._listener = listener
        self._on_validated = on_validated
        self._train = engine.train
        self._batches = -(-engine.images // engine.train.batch_size)
        self._callbacks = keras.callbacks.CallbackList(
            list(callbacks), model=engine.model, epochs=engine.train.epochs, steps=self._batches
        )
        self._epoch = 0
        self._batch = 0
        self._drops = 0  # how often a plateau has lowered the learning rate
        self._monitor = MetricMonitor(self._train.monitor, self._train.patience)
        self._plateau = MetricMonitor("val_loss", self._train.plateau_patience)
        self._best_weights: list[NDArray[Any]] | None = None
        self._of_epoch = MetricSums()
        self._total = MetricSums()
        self._epoch_timer = ResumableTimer()
        self._timer = ResumableTimer()
        self._since_step = MetricSums()
        self._call_sizer = CallSizer()
        self._traced = False
        self._rate = 0.0

    # ---- from and to a checkpoint

    def save(self) -> Checkpoint:
        """Copy everything that decides how the training continues."""
        best = {f"best/{index}": weight for index, weight in enumerate(self._best_weights or [])}
        loop = {
            "epoch": self._epoch,
            "batch": self._batch,
            "drops": self._drops,
            "watched": self._monitor.state(),
            "plateau": self._plateau.state(),
            "of_epoch": asdict(self._of_epoch),
            "total": asdict(self._total),
            "rate": self._rate,
            "epoch_seconds": self._epoch_timer.seconds,
            "seconds": self._timer.seconds,
        }
        return Checkpoint(self._engine.state() | best, loop)

    def restore(self, checkpoint: Checkpoint) -> None:
        """Go on from a checkpoint."""
        self._engine.restore(checkpoint.arrays)
        best = [name for name in checkpoint.arrays if name.startswith("best/")]
        if best:
            self._best_weights = [checkpoint.arrays[f"best/{index}"] for index in range(len(best))]
        loop = checkpoint.loop
        self._epoch, self._batch, self._drops = checkpoint.epoch, checkpoint.batch, loop["drops"]
        self._rate = loop["rate"]
        self._monitor.restore(loop["watched"])
        self._plateau.restore(loop["plateau"])
        self._of_epoch, self._total = MetricSums(**loop["of_epoch"]), MetricSums(**loop["total"])
        self._epoch_timer, self._timer = ResumableTimer(loop["epoch_seconds"]), ResumableTimer(loop["seconds"])

    # ---- the loop

    def run(self) -> Fitted:
        """Train to the end, or until something is asked."""
        asked = None
        self._engine.model.stop_training = False
        self._callbacks.on_train_begin()
        while asked is None and not self._done():
            asked = self._train_epoch() or self._validate()
        if asked is not None:
            self._listener.checkpoint(self.save)
        if asked is not Request.PAUSE and self._best_weights is not None:
            self._engine.model.set_weights(self._best_weights)
        self._callbacks.on_train_end()
        speed = (self._total + self._of_epoch).images_per_second
        return Fitted(self._monitor.epoch, speed, asked, self._step, self._timer.before)

    def _done(self) -> bool:
        if self._batch == 0 and any(ended == self._epoch for ended, _ in self._train.plans):
            self._monitor.reset_wait()  # somebody wanted it to continue although it had ended here
        stops = self._engine.model.stop_training or (self._train.early_stopping and self._monitor.exhausted)
        return self._epoch >= self._train.epochs or (stops and self._batch == 0)

    def _train_epoch(self) -> Request | None:
        """Train what is left of an epoch; return what was asked before it was done."""
        images, size = self._engine.images, self._train.batch_size
        indices = order(images, self._train.seed, self._epoch)
        if self._batch == 0:
            seed_dropout(self._engine.model, self._train.seed, self._epoch)
        self._callbacks.on_epoch_begin(self._epoch)
        while self._batch < self._batches:
            if (asked := self._listener.pending_request()) is not None:
                return asked
            if not self._since_step.images:
                self._callbacks.on_train_batch_begin(self._batch)
            first = not self._traced
            steps = min(self._call_sizer.steps, images // size - self._batch) or 1  # the smaller last batch goes alone
            chosen = indices[self._batch * size : (self._batch + steps) * size].reshape(steps, -1)
            seconds = self._train_on(chosen)
            if not first:
                self._call_sizer.update(steps, seconds)
            keeps = self._batch < self._batches and self._listener.wants_checkpoint
            # What is less than a call at the end of an epoch goes into its last step metrics: alone it were a spike.
            left = self._batches - self._batch
            if first or keeps or left == 0 or (left > steps and self._listener.wants_step_metrics):
                self._report()
            if keeps:
                self._listener.checkpoint(self.save)
        return None

    def _train_on(self, chosen: NDArray[np.int32]) -> float:
        """Train on the next batches, int32 (steps, batch), and return the seconds that it took."""
        places = [self._epoch + (self._batch + step) / self._batches for step in range(len(chosen))]
        rates = [learning_rate(self._train, place, self._drops) for place in places]
        began = time.perf_counter()
        loss_sum, right = self._engine.steps(chosen, np.array(rates, np.float32), self._step)
        seconds = time.perf_counter() - began
        # The first call of a process traces the graph: its time says nothing about the speed.
        timed = (chosen.size, seconds) if self._traced else (0, 0.0)
        self._traced = True
        call = MetricSums(loss_sum, right, chosen.size, *timed)
        self._of_epoch += call
        self._since_step += call
        self._rate = rates[-1]
        self._batch += len(chosen)
        if not math.isfinite(loss_sum):  # so that a person sees where the curve ends
            self._report()
        require_finite(loss_sum, f"in epoch {self._epoch + 1}")
        return seconds

    def _validate(self) -> Request | None:
        """Measure the validation images and close the epoch; return what was asked before that was done."""
        self._callbacks.on_test_begin()
        parts = []
        for part in self._engine.predictions(self._validation.inputs):
            parts.append(part)
            if (asked := self._listener.pending_request()) is not None:
                return asked
        p = np.concatenate(parts)
        measured = self._measure(p)
        self._callbacks.on_test_end(measured)
        if self._on_validated is not None:
            self._on_validated(self._epoch + 1, p)
        metrics = self._metrics_of(self._of_epoch) | {f"val_{name}": value for name, value in measured.items()}
        epoch, seconds = self._epoch + 1, self._epoch_timer.seconds
        if self._monitor.update(epoch, metrics.get(self._train.monitor)) and self._train.keep_best:
            self._best_weights = self._engine.model.get_weights()
        self._plateau.update(epoch, metrics["val_loss"])
        if self._plateau.exhausted:
            self._drops += 1
            self._plateau.reset_wait()
        self._total += self._of_epoch
        self._epoch, self._batch, self._of_epoch, self._epoch_timer = epoch, 0, MetricSums(), ResumableTimer()
        self._listener.prepare_epoch_end(seconds, self.save)
        self._callbacks.on_epoch_end(epoch - 1, metrics)  # Keras counts from 0
        return None

    @property
    def _step(self) -> int:
        """Steps of the whole run that are done."""
        return self._epoch * self._batches + self._batch

    def _measure(self, p: NDArray[np.float32]) -> dict[str, float]:
        """Return the metrics on the validation images, for which the predictions are `p`."""
        labels = self._validation.labels
        loss = cross_entropy(labels, p, self._train.label_smoothing)
        require_finite(loss, f"in epoch {self._epoch + 1}")
        measured = {"loss": loss, "accuracy": accuracy(labels, p), "auc": macro_auc(labels, p)}
        return {name: value for name, value in measured.items() if value is not None}

    def _report(self) -> None:
        """Tell the callbacks the metrics since the last report, as those of a batch."""
        sums, self._since_step = self._since_step, MetricSums()
        self._callbacks.on_train_batch_end(self._batch - 1, self._metrics_of(sums))  # Keras counts from 0

    def _metrics_of(self, sums: MetricSums) -> dict[str, float]:
        return {
            "loss": sums.loss,
            "accuracy": sums.accuracy,
            "learning_rate": self._rate,
            "images_per_second": sums.images_per_second,
        }


def require_finite(loss: float, where: str) -> float:
    """Return the loss itself, if it is a finite number.

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
