"""Runs and data sets as tables to read."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from rich.console import Group, RenderableType
from rich.table import Table

from cnn_dash.metrics import Format, in_reading_order, metric
from cnn_dash.runs.records import EpochMetrics, Run


def table(*columns: str, right: Iterable[str] = ()) -> Table:
    """Return an empty table with these columns; those in `right` hold numbers."""
    made = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for column in columns:
        made.add_column(column, justify="right" if column in right else "left", overflow="fold")
    return made


def percent(share: float | None) -> str:
    """Return a share of 0–1: `96.12 %`; `–` if there is none."""
    return "–" if share is None else f"{100 * share:.2f} %"


def runs_table(runs: Iterable[Run]) -> Table:
    """Return one row for each run."""
    made = table(
        "run", "name", "status", "epochs", "accuracy", "parameters", "started", right=("run", "accuracy", "parameters")
    )
    for run in runs:
        made.add_row(
            str(run.id),
            run.name,
            run.status.value,
            f"{run.epoch}/{run.epochs or '?'}",
            percent(run.result.accuracy if run.result else None),
            _count(run.parameters),
            f"{run.created_at.astimezone():%Y-%m-%d %H:%M}",
        )
    return made


def run_head(run: Run) -> Table:
    """Return how a run went, in a few lines."""
    made = Table.grid(padding=(0, 2))
    made.add_row(f"run {run.id}", run.name)
    made.add_row("status", f"{run.status.value}, {run.epoch} of {run.epochs or '?'} epochs")
    if run.request is not None:
        made.add_row("", f"asked to {run.request}")
    if run.message:
        made.add_row("", run.message)
    made.add_row("parameters", _count(run.parameters))
    if run.result is not None:
        made.add_row("test accuracy", percent(run.result.accuracy))
        made.add_row("test loss", f"{run.result.loss:.4f}")
        made.add_row("took", f"{run.result.seconds:.1f} s, {run.result.images_per_second:,.0f} images/s")
    return made


def run_view(run: Run, epochs: Sequence[EpochMetrics], folder: Path) -> RenderableType:
    """Return everything about a run: how it went, every epoch, every setting."""
    head = run_head(run)
    head.add_row("workers so far", str(run.attempt))
    for ended, planned in run.config.train.plans if run.config is not None else ():
        head.add_row("trained longer", f"after {ended} of {planned} epochs")
    head.add_row("folder", str(folder))
    if run.result is not None:
        head.add_row("SHA-256 of weights", run.result.weights_sha256)
    settings = table("setting", "value")
    for path, value in run.settings.items():
        settings.add_row(path, str(value))
    middle: list[RenderableType] = [_epochs_table(epochs), ""] if epochs else []
    return Group(head, "", *middle, settings)


def _epochs_table(epochs: Sequence[EpochMetrics]) -> Table:
    """Return one row for each epoch, with the metrics that any of them has; the speed is that of the whole run."""
    names = in_reading_order(name for epoch in epochs for name in epoch.metrics if name != "images_per_second")
    heads = ["epoch", *(name.replace("_", " ") for name in names), "seconds"]
    made = table(*heads, right=heads)
    for epoch in epochs:
        values = (_number(epoch.metrics.get(name), metric(name).format) for name in names)
        made.add_row(str(epoch.epoch), *values, "–" if epoch.seconds is None else f"{epoch.seconds:.1f}")
    return made


def _number(value: float | None, form: Format) -> str:
    if value is None:
        return "–"
    return f"{value:.3g}" if form is Format.SIGNIFICANT else f"{value:.5f}"


def _count(number: int | None) -> str:
    return "–" if number is None else f"{number:,}"
