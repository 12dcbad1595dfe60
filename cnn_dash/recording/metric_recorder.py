"""What Keras' hooks give, made into the metrics that a run records: once for all trainings, whoever calls `fit`."""

import threading
import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

from cnn_dash.metrics import in_reading_order
from cnn_dash.recording.fit_facts import count, data_size
from cnn_dash.recording.guessed_positions import GuessedPositions
from cnn_dash.recording.model_facts import LearningRate
from cnn_dash.recording.numbers import Numbers
from cnn_dash.recording.step_clock import StepClock
from cnn_dash.recording.steps import Place, StepCounter
from cnn_dash.recording.usage import UsageMeter

if TYPE_CHECKING:
    from cnn_dash.runs.records import EpochMetrics, StepMetrics

LogFreq = int | Literal["auto", "epoch", "batch"]

# With PyTorch and JAX, Keras tells the ends of batches from a pool of threads: they may overtake each other by so many.
_MOST_OVERTAKEN = 64


class MetricRecorder(ABC):
    """Makes step and epoch metrics of what a callback is given; a subclass says where they go.

    What the logs do not have is added: learning rate and speed, and the resource usage of each step while `usage` runs.

    Args:
        log_freq: How often metrics within an epoch are recorded: "auto" (some times a second), "batch" (whenever a
            batch ends), every so many batches, or not at all ("epoch").

    Attributes:
        counter: Where the run stands.
        usage: Measures the machine; whoever owns the recorder starts and stops it.
        epoch_seconds: Time of the epoch that is about to end, where the loop takes it itself; else it is taken here.
    """

    def __init__(self, log_freq: LogFreq) -> None:
        self.counter = StepCounter()
        self.usage = UsageMeter()
        self.epoch_seconds: float | None = None
        self._log_freq = log_freq
        self._model: Any = None
        self._clock = StepClock()
        self._numbers = Numbers()
        self._recent: deque[int] = deque(maxlen=_MOST_OVERTAKEN)  # steps that were recorded last
        self._lock = threading.Lock()

    @abstractmethod
    def log_step(self, step: "StepMetrics", *, epoch: int, batch: int) -> None:
        """Record metrics within an epoch, after `epoch` whole epochs and `batch` batches."""

    @abstractmethod
    def log_epoch(self, record: "EpochMetrics") -> None:
        """Record a finished epoch."""

    @abstractmethod
    def say(self, text: str) -> None:
        """Add a line to the log of the run."""

    def begin_stage(self, epoch: int) -> None:  # noqa: B027 - most have nothing to do
        """Note that training begins, or goes on, after so many epochs of the run."""

    def begin_fit(self, model: Any, params: Mapping[str, Any] | None) -> None:
        """Note that a `fit` begins; which epoch it begins with is told by its first epoch."""
        self._model = model
        self._planned, self._batches = (count((params or {}).get(name)) for name in ("epochs", "steps"))
        self._batch_size, self._images = data_size(self._batches)
        self._clock = StepClock()
        self._guessed = GuessedPositions()
        self._in_stage = self._in_epoch = False
        self._next_epoch = 0
        self._epoch_began = time.monotonic()

    def begin_epoch(self, epoch: int) -> None:
        """Note that an epoch begins, the first of a `fit` or a later one; `fit` counts from 0."""
        if not self._in_stage:
            self._in_stage = True
            self._rate = LearningRate(self._model)
            self._recent.clear()  # a stage may begin where one before has been already
            self.begin_stage(self.counter.begin_stage(epoch, self._batches))
        self._next_epoch = epoch + 1
        self.counter.begin_epoch()
        self._rate.begin_epoch()
        self._epoch_began = self._last_at = time.monotonic()
        self._last_step = self.counter.steps
        self._in_epoch = True  # last: other threads ask for it

    @property
    def wants_step_metrics(self) -> bool:
        """Whether it is time for step metrics, if nobody has said how often."""
        return self._clock.due

    def batch(self, batch: int, logs: Mapping[str, Any] | None) -> None:
        """Record a batch, if its turn has come; any thread may call."""
        if not self._in_epoch:
            self._begin_untold(self._next_epoch)
        freq = self._log_freq
        if freq == "auto":
            due = self.wants_step_metrics
        else:
            due = freq == "batch" or (isinstance(freq, int) and (batch + 1) % freq == 0)
        if not due:
            self.counter.touch(batch)
            return
        with self._lock:
            self._put_step(self.counter.count(batch), self._numbers.of(logs))
        self._clock.restart()

    def _put_step(self, place: Place, metrics: dict[str, float], position: float | None = None) -> None:
        from cnn_dash.runs.records import StepMetrics

        if place.step in self._recent or place.step <= self._last_step - _MOST_OVERTAKEN:
            return
        self._recent.append(place.step)
        now = time.monotonic()
        if place.step > self._last_step:  # else it was overtaken
            if self._batch_size is not None and now > self._last_at:
                metrics["images_per_second"] = (place.step - self._last_step) * self._batch_size / (now - self._last_at)
            self._last_at, self._last_step = now, place.step
        self._add_rate(metrics, place)
        metrics |= self.usage.now.metrics()
        at = place.position if position is None else position
        if at is not None:
            self.log_step(StepMetrics(place.step, at, metrics), epoch=place.epoch, batch=place.batch)
        else:
            self._put_all(self._guessed.add(place, metrics, self.counter.last_batches))

    def _put_all(self, steps: "list[tuple[StepMetrics, Place]]") -> None:
        for step, place in steps:
            self.log_step(step, epoch=place.epoch, batch=place.batch)

    def _add_rate(self, metrics: dict[str, float], place: Place) -> None:
        """Add the learning rate, if the logs do not have it."""
        rate = None if "learning_rate" in metrics else self._rate.now(place.batch)
        if rate is not None:
            metrics["learning_rate"] = rate

    def _begin_untold(self, epoch: int) -> None:
        """Begin an epoch whose beginning a loop of one's own has not told: it began when the one before ended."""
        with self._lock:
            if not self._in_epoch:  # two batches may have come at once
                began = self._epoch_began
                self.begin_epoch(epoch)
                self._epoch_began = self._last_at = began

    def end_epoch(self, epoch: int, logs: Mapping[str, Any] | None) -> dict[str, float]:
        """Record an epoch, validation included, and return its metrics; `fit` counts from 0."""
        from cnn_dash.runs.records import EpochMetrics

        if not self._in_epoch:
            self._begin_untold(epoch)
        measured = time.monotonic() - self._epoch_began
        seconds = measured if self.epoch_seconds is None else self.epoch_seconds
        metrics = self._numbers.of(logs)
        with self._lock:
            before = self.counter.epochs
            place = self.counter.end_epoch()
            self._put_all(self._guessed.settle(place.batch))
            # From the last batch the next stage counts on. If all are recorded, it is already.
            if self._log_freq not in ("epoch", "batch") and place.batch:
                last = {name: value for name, value in metrics.items() if not name.startswith("val_")}
                self._put_step(Place(place.step, None, before, place.batch), last, float(place.epoch))
        self._add_rate(metrics, place)
        if self._batch_size is not None and seconds > 0:
            images = self._images or place.batch * self._batch_size
            metrics.setdefault("images_per_second", images / seconds)
        self._in_epoch, self._epoch_began = False, time.monotonic()
        self.log_epoch(EpochMetrics(place.epoch, metrics, seconds))
        text = ", ".join(f"{name} {metrics[name]:.5g}" for name in in_reading_order(metrics))
        self.say(f"epoch {place.epoch}: {text}, {seconds:.1f} s")
        return metrics
