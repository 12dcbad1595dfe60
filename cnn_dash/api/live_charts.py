"""What the live panel draws of a run: charts and lines of the metrics that it has, ready for the browser."""

from collections.abc import Collection, Iterator
from dataclasses import asdict
from typing import Any

from cnn_dash.metrics import (
    EXPECTED_EPOCH_METRICS,
    EXPECTED_STEP_METRICS,
    Metric,
    charts,
    in_reading_order,
    metric,
)
from cnn_dash.plots.palette import CLASS_COLORS, MUTED, TRAIN, TRAIN_DASH, VALIDATION, VALIDATION_DASH
from cnn_dash.runs.records import Run
from cnn_dash.runs.status import Source

_COLORS = {"train": TRAIN, "validation": VALIDATION, "test": CLASS_COLORS[2]}
_DASHES = {"train": TRAIN_DASH, "validation": VALIDATION_DASH}
_PART_NAMES = {"train": "training", "validation": "validation", "test": "test"}
_OTHERS = (TRAIN, VALIDATION, *CLASS_COLORS[2:])


def expected(run: Run) -> tuple[frozenset[str], frozenset[str]]:
    """Return the metrics of steps and of epochs that have a place before their first value: those of a run of ours."""
    if run.source is Source.EXTERNAL or not (run.active or not run.metrics):
        return frozenset(), frozenset()
    return frozenset(EXPECTED_STEP_METRICS if run.active else ()), frozenset(EXPECTED_EPOCH_METRICS)


def live_charts(step_names: Collection[str], epoch_names: Collection[str]) -> dict[str, Any]:
    """Return what the panel shows, as plain JSON.

    Args:
        step_names: The metrics that are recorded within epochs.
        epoch_names: The metrics of epochs.

    Returns:
        `metrics` describes each by name (label, unit, format, direction, part, chart), `charts` lists the charts with
        their lines, `headline` the metrics of the numbers above them.
    """
    known = [metric(name) for name in in_reading_order({*step_names, *epoch_names})]
    return {
        "metrics": {one.name: {**asdict(one), "text": one.phrase} for one in known},
        "headline": _headline(epoch_names),
        "charts": [
            {
                "name": chart.name,
                "title": chart.title,
                "unit": chart.unit,
                "format": chart.format,
                "from_zero": chart.from_zero,
                "bounded": chart.bounded,
                "lines": [
                    line
                    for place, one in enumerate(chart.metrics)
                    for line in _lines(one, place, one.name in step_names, one.name in epoch_names)
                ],
            }
            for chart in charts(one.name for one in known)
        ],
    }


def _headline(epoch_names: Collection[str]) -> list[str]:
    """Return the numbers above the charts: of each chart the validation metric, else the training metric."""
    chosen: list[str] = []
    for chart in charts(epoch_names):
        of_parts = {one.part: one.name for one in chart.metrics}
        name = of_parts.get("validation", of_parts.get("train"))
        chosen += [] if name is None else [name]
    return chosen


def _lines(one: Metric, place: int, by_step: bool, by_epoch: bool) -> Iterator[dict[str, Any]]:
    """Return the lines of a metric: within epochs, by epoch, or both if it was measured on data."""
    if one.part is None:
        color = _OTHERS[place % len(_OTHERS)]
        by = "step" if by_step else "epoch"
        yield {
            "metric": one.name,
            "by": by,
            "label": one.phrase,
            "color": color,
            "dash": "solid",
            "width": 2,
        }
        return
    name, color = _PART_NAMES[one.part], _COLORS[one.part]
    if by_step:
        label = "batches" if one.part == "train" else f"{name} batches"
        yield {"metric": one.name, "by": "step", "label": label, "color": MUTED, "dash": "solid", "width": 1.5}
    if by_epoch:
        dash = _DASHES.get(one.part, "dash")
        yield {"metric": one.name, "by": "epoch", "label": name, "color": color, "dash": dash, "width": 2}
