"""Several runs side by side: the settings in which they differ, and what came of it."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from cnn_dash.config import ConvBlock, DenseLayer, ModelConfig, Monitor, RunConfig
from cnn_dash.hyperparameters import flatten
from cnn_dash.runs.records import EpochMetrics, Run

Goal = Literal["high", "low"]


@dataclass(frozen=True)
class Difference:
    """A setting that is not the same in all runs.

    Attributes:
        path: The setting, e.g. `train.learning_rate`.
        values: Its value in each run; None where the run has no such layer, or no preset.
    """

    path: str
    values: tuple[Any, ...]


@dataclass(frozen=True)
class Value:
    """A figure of one run, and the epoch in which it was measured, if it belongs to one."""

    number: float
    epoch: int | None = None


@dataclass(frozen=True)
class Result:
    """One figure of each run.

    Attributes:
        name: What it is, e.g. `val_accuracy`: the name of a column of the epochs or of the run's result.
        which: The `best` or the `last` of all epochs; None for what there is only one of.
        goal: Whether a high or a low value is the better one; None if neither is.
        values: One for each run; None where there is none (yet).
    """

    name: str
    which: Literal["best", "last"] | None
    goal: Goal | None
    values: tuple[Value | None, ...]

    def best(self) -> frozenset[int]:
        """The places of the best values; none if all are alike, or there is nothing to compare."""
        found = {place: value.number for place, value in enumerate(self.values) if value is not None}
        if self.goal is None or len(set(found.values())) < 2:
            return frozenset()
        best = (max if self.goal == "high" else min)(found.values())
        return frozenset(place for place, number in found.items() if number == best)


def paths(configs: Sequence[RunConfig]) -> list[str]:
    """All settings of several runs, in the order of a network that has the layers of all of them."""
    blocks = max((len(config.model.blocks) for config in configs), default=1)
    dense = max((len(config.model.dense) for config in configs), default=0)
    return list(flatten(RunConfig(model=ModelConfig(blocks=(ConvBlock(),) * blocks, dense=(DenseLayer(),) * dense))))


def differences(configs: Sequence[RunConfig]) -> list[Difference]:
    """The settings in which several runs differ, in the order in which a person reads them.

    A layer that only some of the networks have differs in all its settings.
    """
    settings = [flatten(config) for config in configs]
    rows = [Difference(path, tuple(one.get(path) for one in settings)) for path in paths(configs)]
    return [row for row in rows if any(value != row.values[0] for value in row.values)]


def results(runs: Sequence[Run], epochs: Sequence[Sequence[EpochMetrics]]) -> list[Result]:
    """What came of several runs: test, then the best and the last epoch, then what it cost.

    Args:
        runs: The runs, with or without a result.
        epochs: The finished epochs of each.
    """

    def once(name: str, goal: Goal | None, value: Callable[[Run, Sequence[EpochMetrics]], float | None]) -> Result:
        found = (value(run, records) for run, records in zip(runs, epochs, strict=True))
        return Result(name, None, goal, tuple(None if one is None else Value(one) for one in found))

    by_epoch = [
        result
        for name, goal in _GOALS.items()
        for result in (
            Result(name, "best", goal, tuple(_best(records, name, goal) for records in epochs)),
            Result(name, "last", goal, tuple(_last(records, name) for records in epochs)),
        )
    ]
    return [
        once("test_accuracy", "high", lambda run, _: run.result.accuracy if run.result else None),
        once("test_loss", "low", lambda run, _: run.result.loss if run.result else None),
        *by_epoch,
        once("epochs", None, lambda run, _: run.epoch),
        once("seconds", None, _seconds),
        once("images_per_second", "high", lambda run, _: run.images_per_second or None),
        once("parameters", None, lambda run, _: run.parameters),
    ]


def best_epoch(records: Sequence[EpochMetrics], monitor: Monitor) -> int | None:
    """The epoch in which the watched figure was best, the first of them if there are several; None if it has none."""
    best = _best(records, monitor, _GOALS[monitor])
    return None if best is None else best.epoch


_GOALS: dict[str, Goal] = {
    "val_accuracy": "high",
    "val_loss": "low",
    "val_auc": "high",
    "accuracy": "high",
    "loss": "low",
}


def _values(records: Sequence[EpochMetrics], name: str) -> list[Value]:
    found = ((record.epoch, getattr(record, name)) for record in records)
    return [Value(number, epoch) for epoch, number in found if number is not None and math.isfinite(number)]


def _best(records: Sequence[EpochMetrics], name: str, goal: Goal) -> Value | None:
    sign = -1 if goal == "high" else 1
    return min(_values(records, name), key=lambda value: sign * value.number, default=None)


def _last(records: Sequence[EpochMetrics], name: str) -> Value | None:
    found = _values(records[-1:], name)
    return found[0] if found else None


def _seconds(run: Run, records: Sequence[EpochMetrics]) -> float | None:
    """Of the whole run, or of the epochs so far."""
    if run.result is not None and not run.status.active:
        return run.result.seconds
    return sum(record.seconds for record in records) if records else None
