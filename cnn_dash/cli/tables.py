"""Runs and data sets as tables to read."""

from collections.abc import Iterable

from rich.console import Group, RenderableType
from rich.table import Table

from cnn_dash.hyperparameters import flatten
from cnn_dash.runs.records import EpochMetrics, Run


def table(*columns: str, right: Iterable[str] = ()) -> Table:
    """An empty table with these columns; those in `right` hold numbers."""
    made = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for column in columns:
        made.add_column(column, justify="right" if column in right else "left", overflow="fold")
    return made


def percent(share: float | None) -> str:
    """A share of 0–1: `96.12 %`; `–` if there is none."""
    return "–" if share is None else f"{100 * share:.2f} %"


def runs_table(runs: Iterable[Run]) -> Table:
    """One row for each run."""
    made = table(
        "run", "name", "status", "epochs", "accuracy", "parameters", "started", right=("run", "accuracy", "parameters")
    )
    for run in runs:
        made.add_row(
            str(run.id),
            run.name,
            run.status.value,
            f"{run.epoch}/{run.recipe.train.epochs}",
            percent(run.result.accuracy if run.result else None),
            f"{run.parameters:,}",
            f"{run.created_at.astimezone():%Y-%m-%d %H:%M}",
        )
    return made


def run_head(run: Run) -> Table:
    """How a run went, in a few lines."""
    made = Table.grid(padding=(0, 2))
    made.add_row(f"run {run.id}", run.name)
    made.add_row("status", f"{run.status.value}, {run.epoch} of {run.recipe.train.epochs} epochs")
    if run.request is not None:
        made.add_row("", f"asked to {run.request}")
    if run.message:
        made.add_row("", run.message)
    made.add_row("parameters", f"{run.parameters:,}")
    if run.result is not None:
        made.add_row("test accuracy", percent(run.result.accuracy))
        made.add_row("test loss", f"{run.result.loss:.4f}")
        made.add_row("took", f"{run.result.seconds:.1f} s, {run.result.images_per_second:,.0f} images/s")
    return made


def run_view(run: Run, epochs: Iterable[EpochMetrics], folder: str) -> RenderableType:
    """Everything about a run: how it went, every epoch, every setting."""
    head = run_head(run)
    head.add_row("workers so far", str(run.attempt))
    for ended, planned in run.recipe.train.plans:
        head.add_row("trained longer", f"after {ended} of {planned} epochs")
    head.add_row("folder", folder)
    if run.result is not None:
        head.add_row("SHA-256 of weights", run.result.weights_sha256)
    names = ("epoch", "loss", "accuracy", "val loss", "val accuracy", "val AUC", "rate", "seconds")
    figures = table(*names, right=names)
    for record in epochs:
        figures.add_row(
            str(record.epoch),
            *(f"{value:.4f}" for value in (record.loss, record.accuracy, record.val_loss, record.val_accuracy)),
            "–" if record.val_auc is None else f"{record.val_auc:.5f}",
            f"{record.learning_rate:.3g}",
            f"{record.seconds:.1f}",
        )
    settings = table("setting", "value")
    for path, value in flatten(run.recipe).items():
        settings.add_row(path, str(value))
    middle: list[RenderableType] = [figures, ""] if figures.row_count else []
    return Group(head, "", *middle, settings)
