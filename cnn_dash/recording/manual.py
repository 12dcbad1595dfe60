"""`cnn_dash.run`: a training loop of any library, recorded by hand.

with cnn_dash.run("my net", config={"lr": 0.1}) as run:
    for step in range(1000):
        run.log({"loss": 0.3}, step=step)
    run.log_epoch(1, {"loss": 0.2, "val_loss": 0.25})
"""

import logging
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from types import TracebackType
from typing import Any, Self

from cnn_dash.recording.ending import Ending, sentence
from cnn_dash.recording.hold import hold_while_paused
from cnn_dash.recording.never_raises import never_raises
from cnn_dash.recording.numbers import Numbers
from cnn_dash.recording.target import RunTarget, Told
from cnn_dash.recording.usage import UsageMeter
from cnn_dash.recording.writer import LAST_PATIENCE_S, RunWriter

log = logging.getLogger(__name__)

# Without epochs, so often a step counts as one, so that tables have its values.
SUMMARY_EVERY_S = 0.5


class ManualRun:
    """A run that a program records itself; a context manager, whose end is the end of the run.

    Attributes:
        stop_requested: Whether somebody pressed Stop: leave the loop then.
    """

    def __init__(self, told: Told, steps_per_epoch: int | None, settings: Any = None) -> None:
        self._writer = RunWriter(RunTarget(told, settings))
        self._steps_per_epoch = steps_per_epoch
        self._numbers = Numbers()
        self._usage = UsageMeter()
        self._step = -1
        self._epoch = 0
        self._latest: tuple[int, dict[str, float]] | None = None
        self._summary_at = 0.0
        self._epoch_began = time.monotonic()
        self.stop_requested = False

    def __enter__(self) -> Self:
        self._writer.put(lambda target: target.begin(0, 0, self._steps_per_epoch, None))
        self._usage.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        from cnn_dash.runs.status import Status

        if error is not None:
            ending = sentence(error, self._epoch)
        elif self.stop_requested:
            ending = Ending("stopped", "Stopped from CNN Dash.")
        else:
            ending = Ending("finished")
        self._usage.stop()
        self._summarise()
        self._writer.put(lambda target: target.end(Status(ending.status), ending.message))
        self._writer.close(LAST_PATIENCE_S)

    @property
    def id(self) -> int | None:
        """Number of the run; None until the store could be reached."""
        return self._writer.run_id

    @never_raises
    def log(self, metrics: Mapping[str, Any], step: int | None = None, epoch: float | None = None) -> None:
        """Record metrics of a step.

        Waits while somebody has pressed Pause; sets `stop_requested` when somebody has pressed Stop.

        Args:
            metrics: Numbers by name; `val_` before a name pairs it with the training metric.
            step: Its number, from 0 or 1; the one after the last if it is left out.
            epoch: Where it is in epochs, 1.5 in the middle of the second one; else by `steps_per_epoch`, or by steps.
        """
        from cnn_dash.runs.records import StepMetrics

        self._obey()
        self._step = self._step + 1 if step is None else max(0, int(step))
        each = self._steps_per_epoch or 1
        position = self._step / each if epoch is None else float(epoch)
        values = self._numbers.of(metrics) | self._usage.now.metrics()
        self._writer.put_step(StepMetrics(self._step, position, values), int(position), self._step % each)
        if self._steps_per_epoch is None and epoch is None:
            self._latest = (self._step, self._numbers.of(metrics))
            if time.monotonic() >= self._summary_at:
                self._summarise()

    @never_raises
    def log_epoch(self, epoch: int, metrics: Mapping[str, Any]) -> None:
        """Record metrics of a whole epoch, from 1."""
        now = time.monotonic()
        self._record_epoch(int(epoch), self._numbers.of(metrics), now - self._epoch_began)
        self._epoch_began, self._epoch = now, int(epoch)

    def _summarise(self) -> None:
        """Record the latest step as an epoch, in a run that has none."""
        if self._latest is not None:
            self._record_epoch(*self._latest, None)
            self._latest, self._summary_at = None, time.monotonic() + SUMMARY_EVERY_S

    def _record_epoch(self, epoch: int, metrics: dict[str, float], seconds: float | None) -> None:
        from cnn_dash.runs.records import EpochMetrics

        record = EpochMetrics(epoch, metrics, seconds)
        self._writer.put(lambda target: target.log_epoch(record))

    @never_raises
    def say(self, text: str) -> None:
        """Add a line to the log of the run."""
        now = datetime.now()
        self._writer.put(lambda target: target.write_log(text, now))

    def _obey(self) -> None:
        from cnn_dash.runs.status import Request

        if self._writer.request is None:
            return
        if self._writer.request is Request.PAUSE:
            hold_while_paused(self._writer)
        if self._writer.request is Request.STOP and not self.stop_requested:
            self.stop_requested = True
            self._writer.put(lambda target: target.acknowledge())


def run(
    name: str | None = None,
    *,
    config: Mapping[str, Any] | None = None,
    tags: Sequence[str] = (),
    notes: str | None = None,
    monitor: str | None = None,
    epochs: int | None = None,
    steps_per_epoch: int | None = None,
    resume: int | None = None,
) -> ManualRun:
    """Return a run to be recorded by hand, as a context manager.

    Args:
        name: Title of the run.
        config: Its settings, nested or not.
        tags: Words to find it by.
        notes: Anything else that is to be known of it.
        monitor: Metric by which an epoch is the best.
        epochs: How many are planned, if that is known.
        steps_per_epoch: Steps of an epoch, if there are epochs.
        resume: Number of a run that goes on.
    """
    params = dict(config or {}) | ({} if monitor is None else {"monitor": monitor})
    told = Told(
        name=name,
        params=params,
        columns={"planned_epochs": epochs},
        tags=[tags] if isinstance(tags, str) else list(tags),
        notes=notes,
        resume=resume,
    )
    return ManualRun(told, steps_per_epoch)
