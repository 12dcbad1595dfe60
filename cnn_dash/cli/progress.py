"""How far a run is, as a bar with a line for each finished epoch above it."""

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

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

    Of a run that goes on, only what is new is drawn.

    Attributes:
        epochs: Finished epochs drawn so far.
        steps: Number of the last step heard of.
    """

    def __init__(self, run: Run, console: Console) -> None:
        self.epochs = run.epoch
        self.steps = run.epoch * (run.batches or 0) + run.batch
        self._val_accuracy: float | None = None
        self._asked: Request | None = None
        self._progress = Progress(
            TextColumn(f"run {run.id}", markup=False),
            BarColumn(BAR_WIDTH),
            TextColumn("{task.description}", markup=False),
            TimeRemainingColumn(compact=True),
            console=console,
        )
        self._progress.console.print(f"run {run.id}: {run.name}, seed {run.recipe.train.seed}")
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
            self.epochs, self._val_accuracy = record.epoch, record.val_accuracy
            self._progress.console.print(_epoch_line(record, run.recipe.train.epochs), soft_wrap=True)
        if changes.points:
            self.steps = changes.points[-1].step
        if run.request is not self._asked:
            self._asked = run.request
            if run.request is not None:
                self._progress.console.print(f"run {run.id} is asked to {ASKED[run.request]}", soft_wrap=True)
        batches = run.batches or 0
        self._progress.update(
            self._task,
            total=batches * run.recipe.train.epochs or None,
            completed=run.epoch * batches + run.batch,
            description=_words(run, self._val_accuracy),
        )


def _words(run: Run, val_accuracy: float | None) -> str:
    """What the run is doing, in a line."""
    if run.status is Status.QUEUED:
        return "waiting for a worker, which takes some seconds to start"
    if run.status is Status.INTERRUPTED:
        return "interrupted; another worker goes on from its last checkpoint"
    if run.status is not Status.RUNNING:
        return run.status.value
    if run.message:
        return run.message
    if not run.batches or not run.images_per_second:
        return "getting ready"
    if run.epoch == run.recipe.train.epochs:
        return "testing"
    figures = [f"epoch {run.epoch + 1}/{run.recipe.train.epochs}", f"batch {run.batch}/{run.batches}"]
    figures.append(f"{run.images_per_second:,.0f} images/s")
    if val_accuracy is not None:
        figures.append(f"val accuracy {val_accuracy:.4f}")
    return " · ".join(figures)


def _epoch_line(record: EpochMetrics, epochs: int) -> str:
    return (
        f"epoch {record.epoch}/{epochs}: loss {record.loss:.4f}, accuracy {record.accuracy:.4f}, "
        f"val loss {record.val_loss:.4f}, val accuracy {record.val_accuracy:.4f}, {record.seconds:.1f} s"
    )
