"""The progress of a run: a bar, with a line for each finished epoch above it."""

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from cnn_dash.cli.tables import column_name, plain_number
from cnn_dash.metrics import metric
from cnn_dash.runs.records import EpochMetrics, Run
from cnn_dash.runs.status import Request, Status
from cnn_dash.runs.store import Changes

BAR_WIDTH = 20
ASKED = {
    Request.STOP: "stop: what it has learned is tested and kept. Ctrl-C leaves at once.",
    Request.PAUSE: "pause: it keeps everything and can be resumed.",
}


class RunProgress:
    """Draws one run on a console; where that is no terminal, the lines alone and the bar's last state.

    Of a run that continues, only what is new is drawn.

    Attributes:
        epochs: Finished epochs drawn so far.
        steps: Number of the last step drawn.
    """

    def __init__(self, run: Run, console: Console) -> None:
        self.epochs = run.epoch
        self.steps = run.epoch * (run.batches or 0) + run.batch
        self._last: EpochMetrics | None = None
        self._asked: Request | None = None
        self._progress = Progress(
            TextColumn(f"run {run.id}", markup=False),
            BarColumn(BAR_WIDTH),
            TextColumn("{task.description}", markup=False),
            TimeRemainingColumn(compact=True),
            console=console,
        )
        self._progress.console.print(f"run {run.id}: {run.name}{_seed(run)}")
        self._task = self._progress.add_task(_words(run, None), total=None)

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def update(self, changes: Changes) -> None:
        """Draw what has been recorded since the last call."""
        run = changes.run
        for record in changes.epochs:
            self.epochs, self._last = record.epoch, record
            self._progress.console.print(_epoch_line(record, run.epochs), soft_wrap=True)
        if changes.steps:
            self.steps = changes.steps[-1].step
        if run.request is not self._asked:
            self._asked = run.request
            if run.request is not None:
                self._progress.console.print(f"run {run.id} is asked to {ASKED[run.request]}", soft_wrap=True)
        batches = run.batches or 0
        self._progress.update(
            self._task,
            total=batches * (run.epochs or 0) or None,
            completed=run.epoch * batches + run.batch,
            description=_words(run, self._last),
        )


def _seed(run: Run) -> str:
    return f", seed {run.config.train.seed}" if run.config else ""


def _words(run: Run, last: EpochMetrics | None) -> str:
    """Return what the run is doing, in a line."""
    if run.status is Status.QUEUED:
        return "waiting for a worker, which takes some seconds to start"
    if run.status is Status.INTERRUPTED:
        return "interrupted" + ("; another worker continues from its last checkpoint" if run.active else "")
    if run.status is not Status.RUNNING:
        return run.status.value
    if run.message:
        return run.message
    if not run.batches or not run.images_per_second:
        return "getting ready"
    if run.epoch == run.epochs:
        return "testing"
    parts = [_place(run.epoch + 1, run.epochs), f"batch {run.batch}/{run.batches}"]
    parts.append(f"{run.images_per_second:,.0f} images/s")
    if last is not None and (shown := _judged_by(last)) is not None:
        parts.append(f"{column_name(shown)} {plain_number(shown, last.metrics[shown])}")
    return " · ".join(parts)


def _judged_by(record: EpochMetrics) -> str | None:
    """Return the metric that stands beside the bar: the first on validation data for which larger is better."""
    rising = [name for name in record.metrics if metric(name).direction == "max" and metric(name).part == "validation"]
    return next(iter(rising), next(iter(record.metrics), None))


def _place(epoch: int, epochs: int | None) -> str:
    return f"epoch {epoch}/{epochs}" if epochs else f"epoch {epoch}"


def _epoch_line(record: EpochMetrics, epochs: int | None) -> str:
    parts = [
        f"{column_name(name)} {plain_number(name, value)}"
        for name, value in record.metrics.items()
        if metric(name).tracked
    ]
    if record.seconds is not None:
        parts.append(f"{record.seconds:.1f} s")
    return f"{_place(record.epoch, epochs)}: {', '.join(parts)}"
