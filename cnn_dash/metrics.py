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
EXPONENT_FROM = 1e6  # from here on a number is written with an exponent
_COUNTED_TO = 1e15  # … and a count
MAX_NAME = 120  # characters of a name, as many as the store has room for


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
        chart: Metrics of the same chart share its axes: `loss` and `val_loss`, `cpu` and `gpu`. None: it is not drawn.
        optional: Whether a run of ours may well lack it, such as the use of a graphics card: it has no place on a page
            before its first value.
        tracked: Whether a run is judged by it, so that the best of all epochs is of interest.
        bounded: Whether its values are from 0 to 1, and its axis is as well.
    """

    name: str
    label: str
    unit: str
    format: Format
    direction: Direction | None
    part: Part | None
    chart: str | None
    optional: bool = False
    tracked: bool = True
    bounded: bool = False

    def better(self, value: float, than: float | None) -> bool:
        """Return whether a value is better than another one.

        Any number is better than None, NaN or infinity, which are never better than anything. Of
        a metric without a direction no value is better than another.
        """
        if self.direction is None or not math.isfinite(value):
            return False
        if than is None or not math.isfinite(than):
            return True
        return value > than if self.direction == "max" else value < than

    def text(self, value: float | None) -> str:
        """Return a value as a person reads it: `98.72 %`, `0.0421`, `1.234e+9`, `NaN`, `∞`; `–` if there is none."""
        return "–" if value is None else number_text(value, self.format)

    @property
    def phrase(self) -> str:
        """What it is called within a sentence: `validation AUC`; one that is not declared as it was recorded."""
        return in_sentence(self.label.partition(" (")[0]) if self.name in DECLARED else self.label


def number_text(value: float, form: Format) -> str:
    """Return a number in a format; the live panel writes it alike (`formatted` in `live_panel/words.js`).

    A large number has an exponent, or it would have up to 309 digits; a count has one where nobody counts any more.
    """
    if not math.isfinite(value):
        return non_finite_text(value)
    match form:
        case Format.PERCENT:
            return f"{_decimal(100 * value, 2)} %"
        case Format.SIGNIFICANT:
            return _short_exponent(f"{float(f'{value:.3g}'):g}")
        case Format.COUNT:
            return _count(value)
        case Format.BYTES:
            return f"{_count(value / 1e6)} MB"
    return _decimal(value, 4)


def percent(share: float | None) -> str:
    """Return a share of 0–1: `96.12 %`; `–` if there is none."""
    return "–" if share is None else number_text(share, Format.PERCENT)


def _decimal(value: float, places: int) -> str:
    return f"{value:.{places}f}" if abs(value) < EXPONENT_FROM else _short_exponent(f"{value:.3e}")


def _count(value: float) -> str:
    return f"{value:,.0f}" if abs(value) < _COUNTED_TO else _short_exponent(f"{value:.3e}")


def _short_exponent(text: str) -> str:
    """Return `1.5e+9` for `1.5e+09`, as JavaScript writes it."""
    mantissa, sign, exponent = text.partition("e")
    return f"{mantissa}{sign}{int(exponent):+d}" if sign else text


def non_finite_text(value: float) -> str:
    """Return `NaN`, `∞` or `−∞` for a number that is not finite."""
    return "NaN" if math.isnan(value) else "∞" if value > 0 else "−∞"


def in_sentence(label: str) -> str:
    """Return a label as it stands within a sentence: `learning rate`, but `CPU`."""
    return f"{label[:1].lower()}{label[1:]}" if label[1:2].islower() else label


def _measured(name: str, label: str, unit: str, form: Format, direction: Direction) -> tuple[Metric, Metric, Metric]:
    """Return a metric of the data, with those of validation and test."""
    train = Metric(name, label, unit, form, direction, "train", name, bounded=direction == "max")
    return (
        train,
        replace(train, name=f"{VALIDATION}{name}", label=f"Validation {in_sentence(label)}", part="validation"),
        replace(train, name=f"{TEST}{name}", label=f"Test {in_sentence(label)}", part="test", optional=True),
    )


def _system(
    name: str, label: str, unit: str, form: Format, chart: str | None = None, *, optional: bool = False
) -> Metric:
    bounded = form is Format.PERCENT
    return Metric(name, label, unit, form, None, None, chart, optional, tracked=False, bounded=bounded)


# A run may record a metric called `memory`: charts of the machine have names that no metric is likely to have.
_USAGE, _MEMORY = "system/usage", "system/memory"
_AUC, *_HELD_BACK_AUC = _measured("auc", "AUC (macro, one-vs-rest)", "", Format.DECIMAL, "max")

DECLARED: dict[str, Metric] = {
    metric.name: metric
    for metric in (
        *_measured("loss", "Loss", "nats", Format.DECIMAL, "min"),
        *_measured("accuracy", "Accuracy", "", Format.PERCENT, "max"),
        replace(_AUC, optional=True),  # our own runs measure it on what is held back
        *_HELD_BACK_AUC,
        _system("learning_rate", "Learning rate", "", Format.SIGNIFICANT, "learning_rate"),
        replace(_system("images_per_second", "Images per second", "images/s", Format.COUNT), direction="max"),
        _system("cpu", "CPU", "", Format.PERCENT, _USAGE),
        _system("gpu", "GPU", "", Format.PERCENT, _USAGE, optional=True),
        _system("memory_bytes", "Worker memory", "MB", Format.BYTES, _MEMORY),
    )
}
"""The metrics of our own runs, by name, in the order in which a person reads them."""

EXPECTED_EPOCH_METRICS = tuple(
    one.name for one in DECLARED.values() if not one.optional and (one.part or one.name == "learning_rate")
)
"""What every epoch of a run of ours has, before there is one."""
TRACKED_METRICS = tuple(name for name in EXPECTED_EPOCH_METRICS if DECLARED[name].tracked)
"""Those of them that a run is judged by."""
EXPECTED_STEP_METRICS = tuple(one.name for one in DECLARED.values() if not one.optional and one.part in ("train", None))
"""What is recorded within the epochs of a run of ours."""

_PLACES = {name: place for place, name in enumerate(DECLARED)}

# As the monitors of Keras guess it: what a name ends with tells which way is better.
_LARGER_IS_BETTER = ("accuracy", "acc", "auc", "f1", "f1_score", "fbeta_score", "precision", "recall", "iou", "top5")
_SMALLER_IS_BETTER = ("loss", "error", "mae", "mse", "rmse", "crossentropy", "perplexity")


@lru_cache(maxsize=1024)  # names come from outside, so there is no end to them
def metric(name: str) -> Metric:
    """Return the metric of this name; one that is not declared is described by its name, which is also its label."""
    if name in DECLARED:
        return DECLARED[name]
    prefix = next((one for one in (VALIDATION, TEST) if name.startswith(one) and len(name) > len(one)), "")
    base = name.removeprefix(prefix)
    part: Part = "validation" if prefix == VALIDATION else "test" if prefix == TEST else "train"
    direction: Direction | None = None
    if _ends(base, _SMALLER_IS_BETTER):  # first: top_5_error ends so, and begins like an accuracy
        direction = "min"
    elif _ends(base, _LARGER_IS_BETTER) or base.startswith("top_"):
        direction = "max"
    form = Format.PERCENT if _ends(base, ("accuracy", "acc")) else Format.DECIMAL
    bounded = form is Format.PERCENT
    return Metric(name, name, "", form, direction, part, base, optional=True, bounded=bounded)


def in_reading_order(names: Iterable[str]) -> list[str]:
    """Return names of metrics, each once: the declared ones first, in their order, then the others by name."""
    return list(_ordered(frozenset(names)))


@lru_cache(maxsize=1024)  # thousands of steps of a run have the same names
def _ordered(names: frozenset[str]) -> tuple[str, ...]:
    # Of the others, what is measured on held-back data comes behind its training metric.
    def place(name: str) -> tuple[int, str, int, str]:
        other = metric(name)
        parts: tuple[Part | None, ...] = (None, "train", "validation", "test")
        return _PLACES.get(name, len(_PLACES)), other.chart or "", parts.index(other.part), name

    return tuple(sorted(names, key=place))


def _ends(name: str, endings: tuple[str, ...]) -> bool:
    return any(name == ending or name.endswith(f"_{ending}") for ending in endings)


@dataclass(frozen=True)
class Chart:
    """Metrics that share the axes of one chart.

    Attributes:
        name: A name that does not change, for the page and the address.
        title: Its heading.
        unit: What its axis is measured in; empty for none.
        format: How its values are written.
        metrics: What it shows, in reading order.
    """

    name: str
    title: str
    unit: str
    format: Format
    metrics: tuple[Metric, ...]

    @property
    def bounded(self) -> bool:
        """Whether all that it shows is from 0 to 1."""
        return all(one.bounded for one in self.metrics)

    @property
    def from_zero(self) -> bool:
        """Whether its axis begins at zero; where larger is better, the differences near the top are of interest."""
        return self.metrics[0].direction != "max"


def charts(names: Iterable[str]) -> list[Chart]:
    """Group metrics by their chart, in reading order; those that are not drawn are left out."""
    groups: dict[str, list[Metric]] = {}
    for one in map(metric, in_reading_order(names)):
        if one.chart is not None:
            groups.setdefault(one.chart, []).append(one)
    return [Chart(name, _title(shown), shown[0].unit, shown[0].format, tuple(shown)) for name, shown in groups.items()]


def _title(shown: list[Metric]) -> str:
    """Return the name of what is measured, whatever the data; of several measured things, the names of all."""
    measured = [metric(one.chart or one.name).label if one.part else one.label for one in shown]
    return " and ".join(dict.fromkeys(measured))
