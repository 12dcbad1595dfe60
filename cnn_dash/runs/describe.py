"""A run as plain JSON: the same for the HTTP side and for the command line.

Accuracies are in 0–1, times in seconds or ISO 8601; a number that is not finite is `"NaN"`, `"Infinity"` or
`"-Infinity"`, since JSON has no word for it.
"""

from collections.abc import Container, Iterable, Sequence
from typing import Any

from cnn_dash import strict_json
from cnn_dash.metrics import EXPECTED_EPOCH_METRICS, Part, in_reading_order, metric
from cnn_dash.runs.fields import entry
from cnn_dash.runs.folder import RunFolder
from cnn_dash.runs.records import EpochMetrics, Run
from cnn_dash.runs.run_field import Place
from cnn_dash.settings import Settings

_PARTS: tuple[Part | None, ...] = ("train", "validation", "test", None)
USUAL_METRICS = (
    *sorted(EXPECTED_EPOCH_METRICS, key=lambda name: _PARTS.index(metric(name).part)),
    "images_per_second",
)
"""Metrics that every epoch has in JSON and CSV, null where a run does not measure it."""


def summary(run: Run) -> dict[str, Any]:
    """Return what a list of runs shows."""
    return entry(run, Place.LIST)


def details(run: Run, epochs: Sequence[EpochMetrics], settings: Settings) -> dict[str, Any]:
    """Return everything about one run: the summary, its settings, its folder, and the metrics of every epoch."""
    more = {"folder": RunFolder.of(settings, run.id).location, "metrics": epoch_entries(epochs)}
    return entry(run, Place.DETAILS) | {"settings": settings_entry(run)} | more


def settings_entry(run: Run) -> Any:
    """Return the settings of a run of ours as its configuration has them, the params of one of another program."""
    return run.config.model_dump(mode="json") if run.config is not None else strict_json.encode(run.params)


def epoch_entries(epochs: Sequence[EpochMetrics]) -> list[dict[str, Any]]:
    """Return epochs as JSON can carry them; each has all metrics that any of them has."""
    names = metric_names(name for epoch in epochs for name in epoch.metrics)
    return [
        {"epoch": epoch.epoch}
        | {
            prefixed("metrics.", name, ("epoch", "seconds")): strict_json.encode(epoch.metrics.get(name))
            for name in names
        }
        | {"seconds": epoch.seconds}
        for epoch in epochs
    ]


def metric_names(names: Iterable[str]) -> list[str]:
    """Return the usual metrics, then the others of some names, in reading order."""
    return [*USUAL_METRICS, *(name for name in in_reading_order(names) if name not in USUAL_METRICS)]


def prefixed(prefix: str, name: str, taken: Container[str]) -> str:
    """Return the name of what another program recorded; with a prefix if it is taken, so that no two are the same."""
    return f"{prefix}{name}" if name in taken or name.startswith(prefix) else name
