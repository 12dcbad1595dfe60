"""The metrics that a run may record: label, unit, format and better direction of each, declared once.

A run may record any other metric as well. What is not declared here is described by its name, as Keras does it:
`val_f1` is the validation metric that belongs to `f1`, and larger is taken for better where the name says so.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from typing import Literal

Direction = Literal["max", "min"]
Part = Literal["train", "validation", "test"]

VALIDATION, TEST = "val_", "test_"


class Format(StrEnum):
    """How the value of a metric is written."""

    PERCENT = "percent"  # 0.9872 → 98.72 %
    DECIMAL = "decimal"  # 0.0421
    SIGNIFICANT = "significant"  # 0.0003
    COUNT = "count"  # 12,345
    BYTES = "bytes"  # 412 MB


@dataclass(frozen=True)
class Metric:
    """What is known of a metric.

    Attributes:
        name: Its name in the store, in searches and in files, as Keras has it in its logs.
        label: What a page calls it.
        unit: The unit of its axis; empty if it has none.
        format: How a value is written.
        direction: Whether a larger ("max") or a smaller ("min") value is better; None if neither is.
        part: The data it was measured on; None for what belongs to no data, such as the learning rate.
        chart: Metrics of the same chart share its axes: `loss` and `val_loss`, `cpu` and `gpu`.
        optional: Whether a run of ours may lack it: an area under the curve without two classes, a graphics card.
        tracked: Whether a run is judged by it, so that the best of all epochs is of interest.
    """

    name: str
    label: str
    unit: str
    format: Format
    direction: Direction | None
    part: Part | None
    chart: str
    optional: bool = False
    tracked: bool = True

    def better(self, value: float, than: float | None) -> bool:
        """Return whether a value is better than another one; any number is better than None, NaN never is.

        Of a metric without a direction no value is better than another.
        """
        if self.direction is None or math.isnan(value):
            return False
        if than is None or math.isnan(than):
            return True
        return value > than if self.direction == "max" else value < than


def _measured(
    name: str, label: str, unit: str, form: Format, direction: Direction | None, *, optional: bool = False
) -> tuple[Metric, Metric, Metric]:
    """Return a metric of the data, with those of validation and test."""
    train = Metric(name, label, unit, form, direction, "train", name, optional)
    low = f"{label[0].lower()}{label[1:]}" if label[1:2].islower() else label
    return (
        train,
        replace(train, name=f"{VALIDATION}{name}", label=f"Validation {low}", part="validation"),
        replace(train, name=f"{TEST}{name}", label=f"Test {low}", part="test"),
    )


def _system(name: str, label: str, unit: str, form: Format, chart: str, *, optional: bool = True) -> Metric:
    return Metric(name, label, unit, form, None, None, chart, optional, tracked=False)


DECLARED: dict[str, Metric] = {
    metric.name: metric
    for metric in (
        *_measured("loss", "Loss", "nats", Format.DECIMAL, "min"),
        *_measured("accuracy", "Accuracy", "", Format.PERCENT, "max"),
        *_measured("auc", "AUC (macro, one-vs-rest)", "", Format.DECIMAL, "max", optional=True),
        _system("learning_rate", "Learning rate", "", Format.SIGNIFICANT, "learning_rate", optional=False),
        _system("images_per_second", "Images per second", "images/s", Format.COUNT, "images_per_second"),
        _system("cpu", "CPU", "%", Format.PERCENT, "usage"),
        _system("gpu", "GPU", "%", Format.PERCENT, "usage"),
        _system("memory_bytes", "Worker memory", "MB", Format.BYTES, "memory"),
    )
}
"""The metrics of our own runs, by name, in the order in which a person reads them."""

# As the monitors of Keras guess it: what a name ends with tells which way is better.
_LARGER_IS_BETTER = ("accuracy", "acc", "auc", "f1", "f1_score", "fbeta_score", "precision", "recall", "iou", "top5")
_SMALLER_IS_BETTER = ("loss", "error", "mae", "mse", "rmse", "crossentropy", "perplexity")


@lru_cache(maxsize=1024)  # names come from outside, so there is no end to them
def metric(name: str) -> Metric:
    """Return the metric of this name; one that is not declared is described by its name."""
    if name in DECLARED:
        return DECLARED[name]
    prefix = next((one for one in (VALIDATION, TEST) if name.startswith(one) and len(name) > len(one)), "")
    base = name.removeprefix(prefix)
    words = base.replace("_", " ").replace("/", " ")
    label = {VALIDATION: f"Validation {words}", TEST: f"Test {words}"}.get(prefix, f"{words[:1].upper()}{words[1:]}")
    part: Part = "validation" if prefix == VALIDATION else "test" if prefix == TEST else "train"
    direction: Direction | None = None
    if _ends(base, _LARGER_IS_BETTER) or base.startswith("top_"):
        direction = "max"
    elif _ends(base, _SMALLER_IS_BETTER):
        direction = "min"
    form = Format.PERCENT if _ends(base, ("accuracy", "acc")) else Format.DECIMAL
    return Metric(name, label, "", form, direction, part, base, optional=True)


def in_reading_order(names: Iterable[str]) -> list[str]:
    """Return names of metrics, each once: the declared ones first, in their order, then the others by name."""
    places = {name: place for place, name in enumerate(DECLARED)}
    return sorted(set(names), key=lambda name: (places.get(name, len(places)), name))


def _ends(name: str, endings: tuple[str, ...]) -> bool:
    return any(name == ending or name.endswith(f"_{ending}") for ending in endings)
