"""What happens in one or several `fit` calls, as entries for the writer of a run."""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any, Literal

from cnn_dash.recording.ending import Ending, FitWatch, callback_list, ending_of, sentence
from cnn_dash.recording.fit_facts import count, data_size
from cnn_dash.recording.hold import hold_while_paused
from cnn_dash.recording.model_facts import LearningRate, layers_of, parameters_of, params_of
from cnn_dash.recording.numbers import Numbers
from cnn_dash.recording.steps import Place, StepCounter
from cnn_dash.recording.target import RunTarget, Told
from cnn_dash.recording.usage import UsageMeter
from cnn_dash.recording.writer import RunWriter

log = logging.getLogger(__name__)

LogFreq = int | Literal["auto", "epoch", "batch"]

# As for runs of ours: the first moments are watched closely.
DENSE_FOR_S, DENSE_EVERY_S, SPARSE_EVERY_S = 30.0, 0.2, 0.5
# How long the end of a `fit` waits for what is not written yet; the rest is written while the program goes on.
END_PATIENCE_S = 3.0
# Steps of an epoch whose length is not known: so many are shown at a guessed place, and so many more kept for its end.
_MOST_GUESSED, _MOST_HELD_BACK = 2_000, 500


class FitRecorder:
    """Records the fits of one callback as one run.

    Args:
        told: What the person says of the run.
        log_freq: How often metrics within an epoch are recorded: "auto" (some times a second), "batch", every so many
            batches, or not at all ("epoch").
        config: The person's own settings; they have precedence over what the model says.
        settings: The store's; None for those of the environment.
    """

    def __init__(self, told: Told, log_freq: LogFreq, config: Mapping[str, Any], settings: Any = None) -> None:
        self._told = told
        self._log_freq = log_freq
        self._config = dict(config)
        self._settings = settings
        self.counter = StepCounter()
        self.writer: RunWriter | None = None
        self.loss: float | None = None
        self._numbers = Numbers()
        self._usage = UsageMeter()
        self._model: Any = None
        self._rate = LearningRate(None)
        self._watch: FitWatch | None = None
        self._callbacks: list[Any] = []
        self._stages: list[int] = []
        self._params: dict[str, Any] = {}
        self._lock = threading.Lock()
        self._in_stage = False
        self._stop_asked = False
        self._fitting = False
        self._ending = Ending("finished")
        self._began = time.monotonic()

    def begin_fit(self, model: Any, params: Mapping[str, Any] | None) -> None:
        """Note that a `fit` begins; which epoch it begins with is told by its first epoch."""
        self._model = model
        self._planned, self._batches = (count((params or {}).get(name)) for name in ("epochs", "steps"))
        self._batch_size, self._images = data_size(self._batches)
        self._callbacks = callback_list(2)
        self._in_stage, self._stop_asked, self._fitting = False, False, True
        if self.writer is None:
            self._began = time.monotonic()
        self._guessed: list[tuple[Place, dict[str, float]]] = []
        self._held_back: list[tuple[Place, dict[str, float]]] = []
        self._guess = 0
        self._next_at, self._last_at, self._last_step = 0.0, time.monotonic(), 0
        self._params = self._params_now()
        if self.writer is None:
            columns = {"parameters": parameters_of(model)}
            told = Told(**(vars(self._told) | {"params": self._params, "layers": layers_of(model), "columns": columns}))
            self.writer = RunWriter(RunTarget(told, self._settings), on_beat=self._beat)
        if self._watch is not None:
            self._watch.end()
        self._watch = FitWatch(self._left)
        self._usage.start()

    def begin_epoch(self, epoch: int) -> None:
        """Note that an epoch begins, the first of a `fit` or a later one; `fit` counts from 0."""
        if not self._in_stage:
            self._begin_stage(epoch)
        self.counter.begin_epoch()
        self._rate.begin_epoch()
        self._epoch_began = self._last_at = time.monotonic()
        self._last_step = self.counter.steps

    def _begin_stage(self, epoch: int) -> None:
        writer = self._writer()
        first = self.counter.begin_stage(epoch, self._batches)
        self._in_stage = True
        self._rate = LearningRate(self._model)
        step, batches, planned = self.counter.steps, self._batches, self.counter.planned(self._planned)
        writer.put(lambda target: target.begin(first, step, batches, planned))
        told: dict[str, Any] = {"train_images": self._images}
        if self._stages:  # a later one may have another optimizer and other layers that learn
            told |= {"params": self._params | {"stages": [*self._stages]}, "layers": layers_of(self._model)}
        writer.put(lambda target: target.describe(**told))
        optimizer, rate = (self._params.get(name, "?") for name in ("optimizer", "learning_rate"))
        self.say(f"stage {len(self._stages) + 1} begins after epoch {first}: {optimizer}, learning rate {rate}")

    def _params_now(self) -> dict[str, Any]:
        size = {} if self._batch_size is None else {"batch_size": self._batch_size}
        monitor = {name: value for name, value in self._told.params.items() if value is not None}
        return params_of(self._model) | size | self._config | monitor

    def batch(self, batch: int, logs: Mapping[str, Any] | None) -> None:
        """Record a batch; `logs` are means since the epoch began, as Keras gives them. Any thread may call."""
        freq = self._log_freq
        if freq == "auto":
            now = time.monotonic()
            if now < self._next_at:
                self.counter.touch(batch)
                return
            self._next_at = now + (DENSE_EVERY_S if now - self._began < DENSE_FOR_S else SPARSE_EVERY_S)
        elif freq == "epoch" or (isinstance(freq, int) and (batch + 1) % freq):
            self.counter.touch(batch)
            return
        with self._lock:
            self._put_step(self.counter.count(batch), self._numbers.of(logs))

    def _put_step(self, place: Place, metrics: dict[str, float], position: float | None = None) -> None:
        from cnn_dash.runs.records import StepMetrics

        if place.step <= self._last_step:
            return
        now = time.monotonic()
        if self._batch_size is not None and now > self._last_at:
            metrics["images_per_second"] = (place.step - self._last_step) * self._batch_size / (now - self._last_at)
        self._last_at, self._last_step = now, place.step
        rate = self._rate.now(place.batch)
        if rate is not None:
            metrics.setdefault("learning_rate", rate)
        metrics |= {name: value for name, value in asdict(self._usage.now).items() if value is not None}
        at = place.position if position is None else position
        if at is not None:
            self._writer().put_step(StepMetrics(place.step, at, metrics), place.epoch, place.batch)
        else:
            self._put_guessed(place, metrics)

    def _put_guessed(self, place: Place, metrics: dict[str, float]) -> None:
        """Record a step of an epoch whose length will be known at its end, at a place that is guessed until then."""
        if len(self._guessed) >= _MOST_GUESSED:
            self._held_back.append((place, metrics))
            if len(self._held_back) > _MOST_HELD_BACK:
                del self._held_back[::2]
            return
        self._guessed.append((place, metrics))
        guess = 1 << (2 * place.batch - 1).bit_length()  # of all so far, and as many again at least
        moved = self._guessed if guess != self._guess else self._guessed[-1:]
        self._guess = guess
        self._put_at_their_place(moved, guess)

    def _put_at_their_place(self, steps: list[tuple[Place, dict[str, float]]], batches: int) -> None:
        from cnn_dash.runs.records import StepMetrics

        for place, metrics in steps:
            position = place.epoch + min(1.0, place.batch / batches)
            self._writer().put_step(StepMetrics(place.step, position, metrics), place.epoch, place.batch)

    def end_epoch(self, logs: Mapping[str, Any] | None) -> dict[str, float]:
        """Record an epoch, validation included, and return its metrics."""
        from cnn_dash.runs.records import EpochMetrics

        writer = self._writer()
        seconds = time.monotonic() - self._epoch_began
        metrics = self._numbers.of(logs)
        self.loss = metrics.get("loss", self.loss)
        with self._lock:
            before = self.counter.epochs
            place = self.counter.end_epoch()
            self._put_at_their_place([*self._guessed, *self._held_back], max(1, place.batch))
            self._guessed.clear()
            self._held_back.clear()
            if self._log_freq != "epoch" and place.batch:  # the last batch: from here the next stage counts on
                last = {name: value for name, value in metrics.items() if not name.startswith("val_")}
                self._put_step(Place(place.step, None, before, place.batch), last, float(place.epoch))
        rate = self._rate.now(place.batch)
        if rate is not None:
            metrics.setdefault("learning_rate", rate)
        if self._batch_size is not None and seconds > 0:
            images = self._images or place.batch * self._batch_size
            metrics.setdefault("images_per_second", images / seconds)
        record = EpochMetrics(place.epoch, metrics, seconds)
        writer.put(lambda target: target.log_epoch(record))
        text = ", ".join(f"{name} {value:.5g}" for name, value in metrics.items())
        self.say(f"epoch {place.epoch}: {text}, {seconds:.1f} s")
        return metrics

    def end_fit(self) -> Ending:
        """Return how a `fit` has come to its end. The run has ended too, unless another `fit` follows."""
        ending = ending_of(
            self._callbacks, self._model, stop_asked=self._stop_asked, epoch=self.counter.epochs, loss=self.loss
        )
        self._ending = ending
        return ending

    def end_run(self) -> None:
        """Record how the run has ended, after all that is to be recorded of it."""
        self._end(self._ending)

    def close_fit(self) -> None:
        """Wait a little until all is written."""
        if self.writer is not None and not self.writer.flush(END_PATIENCE_S):
            log.warning("CNN Dash: the run store is not reachable; what is not written yet is written later.")

    @property
    def callbacks(self) -> list[Any]:
        """All callbacks of the `fit` that is going on, as far as they are known."""
        return self._callbacks

    def obey(self) -> None:
        """Do what was asked on the page: stop after this batch, or hold until training may go on."""
        from cnn_dash.runs.status import Request

        writer = self._writer()
        if writer.request is Request.PAUSE:
            self.say(f"paused in epoch {self.counter.epochs + 1}")
            hold_while_paused(writer)
            self.say("goes on")
            self._last_at = time.monotonic()
        if writer.request is Request.STOP and not self._stop_asked:
            self._stop_asked = True
            writer.put(lambda target: target.acknowledge())
            self.say("stops, as it was asked to")
            if self._model is not None:
                self._model.stop_training = True

    def say(self, text: str) -> None:
        """Add a line to the log of the run."""
        now = datetime.now()
        self._writer().put(lambda target: target.write_log(text, now))

    @property
    def seconds(self) -> float:
        """Seconds since the first `fit` began."""
        return time.monotonic() - self._began

    def after_end(self, record: Callable[[], dict[str, float]]) -> dict[str, float]:
        """Record something more of a run that may have ended; it ends again as it did."""
        found = record()
        if not self._fitting:
            self._put_end(self._ending)
            self.close_fit()
        return found

    def _left(self, error: BaseException | None) -> None:
        """End the run: `fit` was left by an exception. Called from another thread."""
        self._end(sentence(error, self.counter.epochs))

    def _end(self, ending: Ending) -> None:
        if self._watch is not None:
            self._watch.end()
        self._usage.stop()
        self._stages.append(self.counter.epochs)
        if ending.message:
            self.say(ending.message)
        self._put_end(ending)

    def _put_end(self, ending: Ending) -> None:
        from cnn_dash.runs.status import Status

        self._fitting, self._ending = False, ending
        self._writer().put(lambda target: target.end(Status(ending.status), ending.message))

    def _beat(self) -> None:
        if self._watch is not None:
            self._watch.look()

    def _writer(self) -> RunWriter:
        if self.writer is None:
            raise RuntimeError("on_train_begin has not been called")
        return self.writer
