"""Runs and data sets as tables to read."""

from collections.abc import Iterable, Sequence

from rich.console import Group, RenderableType
from rich.table import Table

from cnn_dash.metrics import DECLARED, Format, in_reading_order, metric, number_text, percent
from cnn_dash.runs.fields import BY_NAME
from cnn_dash.runs.records import EpochMetrics, Run
from cnn_dash.runs.run_field import Kind
from cnn_dash.runs.status import Source

_COLUMNS = ("run", "name", "status", "trained_epochs", "accuracy", "parameters", "created")


def table(*columns: str, right: Iterable[str] = ()) -> Table:
    """Return an empty table with these columns; those in `right` hold numbers."""
    made = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for column in columns:
        made.add_column(column, justify="right" if column in right else "left", overflow="fold")
    return made


def runs_table(runs: Iterable[Run]) -> Table:
    """Return a table with one row for each run."""
    fields = [BY_NAME[name] for name in _COLUMNS]
    numbers = [field for field in fields if field.kind in (Kind.NUMBER, Kind.SHARE)]
    made = table(*(field.label.lower() for field in fields), right=[field.label.lower() for field in numbers])
    for run in runs:
        made.add_row(*(field.text(run) for field in fields))
    return made


def run_head(run: Run) -> Table:
    """Return how a run went, in a few lines."""
    made = Table.grid(padding=(0, 2))
    made.add_row(f"run {run.id}", run.name)
    planned = f" of {run.epochs}" if run.epochs else ""
    made.add_row("status", f"{run.status.value}, {run.epoch}{planned} epochs")
    if run.source is Source.EXTERNAL:
        made.add_row("", "recorded by another program")
    if run.request is not None:
        made.add_row("", f"asked to {run.request}")
    if run.message:
        made.add_row("", run.message)
    if run.parameters is not None:
        made.add_row("parameters", f"{run.parameters:,}")
    if run.result is not None:
        made.add_row("test accuracy", percent(run.result.accuracy))
        made.add_row("test loss", f"{run.result.loss:.4f}")
        made.add_row("took", f"{run.result.seconds:.1f} s, {run.result.images_per_second:,.0f} images/s")
    return made


def run_view(run: Run, epochs: Iterable[EpochMetrics], folder: str) -> RenderableType:
    """Return everything about a run: how it went, every epoch, its layers if it lists them, every setting."""
    head = run_head(run)
    head.add_row("workers so far", str(run.attempt))
    for ended, planned in run.config.train.plans if run.config else ():
        head.add_row("trained longer", f"after {ended} of {planned} epochs")
    head.add_row("folder", folder)
    if run.result is not None:
        head.add_row("SHA-256 of weights", run.result.weights_sha256)
    if run.data_sha256 is not None:
        head.add_row("SHA-256 of data", run.data_sha256)
    tables = [_curves(list(epochs)), _layers(run), table("setting", "value")]
    for path, value in run.settings.items():
        tables[-1].add_row(path, str(value))
    return Group(head, *(part for one in tables if one.row_count for part in ("", one)))


def column_name(name: str) -> str:
    """Return what a metric is called in a terminal: its name, in words; one that is not declared as it was recorded."""
    short = {"learning_rate": "rate", "images_per_second": "images/s"}
    return short.get(name, name.replace("_", " ") if name in DECLARED else name)


def plain_number(name: str, value: float) -> str:
    """Write the value of a metric with as many digits as make sense: `0.9872`, `0.0003`, `2,950`, `1.234e+9`, `NaN`."""
    form = metric(name).format
    if form in (Format.COUNT, Format.BYTES) or 1000 <= abs(value) < 1e6:
        return number_text(value, Format.COUNT)
    return number_text(value, Format.DECIMAL if value == 0 or abs(value) >= 0.01 else Format.SIGNIFICANT)


def _curves(epochs: Sequence[EpochMetrics]) -> Table:
    """Return the metrics that the run has, one row for each epoch."""
    names = in_reading_order(name for record in epochs for name in record.metrics)
    columns = ("epoch", *map(column_name, names), "seconds")
    made = table(*columns, right=columns)
    for record in epochs:
        values = ("–" if name not in record.metrics else plain_number(name, record.metrics[name]) for name in names)
        made.add_row(str(record.epoch), *values, "–" if record.seconds is None else f"{record.seconds:.1f}")
    return made


def _layers(run: Run) -> Table:
    """Return the layers that another program has listed, with whatever it says of each."""
    columns = list(dict.fromkeys(key for layer in run.layers for key in layer))
    made = table("layer", *columns)
    for number, layer in enumerate(run.layers, start=1):
        made.add_row(str(number), *(str(layer.get(key, "–")) for key in columns))
    return made
