"""What happens in one or several `fit` calls, as entries for the writer of a run."""

import logging
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cnn_dash.recording.ending import Ending, FitWatch, callback_list, ending_of, sentence
from cnn_dash.recording.hold import hold_while_paused
from cnn_dash.recording.metric_recorder import LogFreq, MetricRecorder
from cnn_dash.recording.model_facts import layers_of, parameters_of, params_of
from cnn_dash.recording.target import RunTarget, Told
from cnn_dash.recording.writer import RunWriter

if TYPE_CHECKING:
    from cnn_dash.runs.records import EpochMetrics, StepMetrics

log = logging.getLogger(__name__)

# How long the end of a `fit` waits for what is not written yet; the rest is written while the program goes on.
END_PATIENCE_S = 3.0


class FitRecorder(MetricRecorder):
    """Records the fits of one callback as one run; nothing waits for the store.

    Args:
        told: What the person says of the run.
        log_freq: How often metrics within an epoch are recorded.
        config: The person's own settings; they have precedence over what the model says.
        settings: The store's; None for those of the environment.
    """

    def __init__(self, told: Told, log_freq: LogFreq, config: Mapping[str, Any], settings: Any = None) -> None:
        super().__init__(log_freq)
        self.writer: RunWriter | None = None
        self.loss: float | None = None
        self._told = told
        self._config = dict(config)
        self._settings = settings
        self._watch: FitWatch | None = None
        self._callbacks: list[Any] = []
        self._stages: list[int] = []
        self._params: dict[str, Any] = {}
        self._stop_asked = False
        self._fitting = False
        self._ending = Ending("finished")
        self._began = time.monotonic()

    def begin_fit(self, model: Any, params: Mapping[str, Any] | None) -> None:
        """Note that a `fit` begins; which epoch it begins with is told by its first epoch."""
        super().begin_fit(model, params)
        self._callbacks = callback_list()
        self._stop_asked, self._fitting = False, True
        if self.writer is None:
            self._began = time.monotonic()
        self._params = self._params_now()
        if self.writer is None:
            columns = {"parameters": parameters_of(model)}
            told = Told(**(vars(self._told) | {"params": self._params, "layers": layers_of(model), "columns": columns}))
            self.writer = RunWriter(RunTarget(told, self._settings), on_beat=self._beat)
        if self._watch is not None:
            self._watch.end()
        self._watch = FitWatch(self._left)
        self.usage.start()

    def begin_stage(self, epoch: int) -> None:
        """Note that a stage begins after so many epochs, and describe it."""
        writer = self._writer()
        step, batches, planned = self.counter.steps, self._batches, self.counter.planned(self._planned)
        writer.put(lambda target: target.begin(epoch, step, batches, planned))
        told: dict[str, Any] = {"train_images": self._images}
        if self._stages:  # a later one may have another optimizer and other layers that learn
            told |= {"params": self._params | {"stages": [*self._stages]}, "layers": layers_of(self._model)}
        writer.put(lambda target: target.describe(**told))
        optimizer, rate = (self._params.get(name, "?") for name in ("optimizer", "learning_rate"))
        self.say(f"stage {len(self._stages) + 1} begins after epoch {epoch}: {optimizer}, learning rate {rate}")

    def _params_now(self) -> dict[str, Any]:
        size = {} if self._batch_size is None else {"batch_size": self._batch_size}
        monitor = {name: value for name, value in self._told.params.items() if value is not None}
        return params_of(self._model) | size | self._config | monitor

    def log_step(self, step: "StepMetrics", *, epoch: int, batch: int) -> None:
        """Have metrics within an epoch written."""
        self._writer().put_step(step, epoch, batch)

    def log_epoch(self, record: "EpochMetrics") -> None:
        """Have an epoch written."""
        self._writer().put(lambda target: target.log_epoch(record))

    def end_epoch(self, epoch: int, logs: Mapping[str, Any] | None) -> dict[str, float]:
        """Record an epoch, validation included, and return its metrics; `fit` counts from 0."""
        metrics = super().end_epoch(epoch, logs)
        self.loss = metrics.get("loss", self.loss)
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
        self.usage.stop()
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
