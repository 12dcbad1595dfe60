"""Several runs side by side: the settings in which they differ, and what came of it."""

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from cnn_dash.config import ConvBlock, DenseLayer, ModelConfig, RunConfig
from cnn_dash.hyperparameters import flatten
from cnn_dash.metrics import Direction, in_reading_order, metric
from cnn_dash.runs.field_names import canonical
from cnn_dash.runs.records import EpochMetrics, MetricSummary, Run
from cnn_dash.runs.status import Source

# What another program calls so means something else.
_OURS_ALONE = ("preset", "train.stages")


@dataclass(frozen=True)
class Difference:
    """A setting that is not the same in all runs.

    Attributes:
        path: The setting, e.g. `train.learning_rate`, or a param of another program.
        values: Its value in each run; None where the run has no such setting, layer or preset.
        only: Where runs of both sources are compared: the source of those that alone can have it; else None.
    """

    path: str
    values: tuple[Any, ...]
    only: Source | None = None


@dataclass(frozen=True)
class Value:
    """A metric of one run, and the epoch in which it was measured, if it belongs to one."""

    number: float
    epoch: int | None = None


@dataclass(frozen=True)
class Result:
    """One metric of each run.

    Attributes:
        name: What it is, e.g. `val_accuracy`: a metric, or what the run cost.
        which: The `best` or the `last` of all epochs; None for what there is only one of.
        direction: Whether a larger ("max") or a smaller ("min") value is better; None if neither is.
        values: One for each run; None where there is none (yet).
    """

    name: str
    which: Literal["best", "last"] | None
    direction: Direction | None
    values: tuple[Value | None, ...]

    def best(self) -> frozenset[int]:
        """Return the places of the best values; none if all are alike, or there is nothing to compare.

        NaN and infinity are never the best.
        """
        found = {
            place: value.number
            for place, value in enumerate(self.values)
            if value is not None and math.isfinite(value.number)
        }
        if self.direction is None or len(set(found.values())) < 2:
            return frozenset()
        best = (max if self.direction == "max" else min)(found.values())
        return frozenset(place for place, number in found.items() if number == best)


def paths(configs: Sequence[RunConfig]) -> list[str]:
    """Return all settings of several runs, in the order of a network that has the layers of all of them."""
    blocks = max((len(config.model.blocks) for config in configs), default=1)
    dense = max((len(config.model.dense) for config in configs), default=0)
    return list(flatten(RunConfig(model=ModelConfig(blocks=(ConvBlock(),) * blocks, dense=(DenseLayer(),) * dense))))


def differences(runs: Sequence[Run]) -> list[Difference]:
    """Return the settings in which several runs differ, in the order in which a person reads them.

    A layer that only some of the networks have differs in all its settings. The params of other programs follow, by
    name; one that is called like a setting of ours, as `lr` or `optim.learning_rate`, is in the row of that setting.
    What only runs of one source can have comes last.
    """
    ours = paths([run.config for run in runs if run.config]) if any(run.config for run in runs) else []
    params = sorted({path for run in runs if not run.config for path in run.settings})
    called = _called_alike(ours, params)
    rows = [
        Difference(path, tuple(_value(run, path, called) for run in runs), _only(path, ours, params, called))
        for path in dict.fromkeys([*ours, *(path for path in params if path not in called.values())])
    ]
    apart = [row for row in rows if any(value != row.values[0] for value in row.values)]
    return sorted(apart, key=lambda row: (None, Source.RECIPE, Source.EXTERNAL).index(row.only))


def _called_alike(ours: Sequence[str], params: Sequence[str]) -> dict[str, str]:
    """Return our settings that exactly one param is called like, and that param."""
    by_name: dict[str, list[str]] = {}
    for path in params:
        by_name.setdefault(canonical(path.rpartition(".")[2]), []).append(path)
    names = Counter(path.rpartition(".")[2] for path in ours)
    return {
        path: found[0]
        for path in ours
        for name in [path.rpartition(".")[2]]
        if path not in _OURS_ALONE and names[name] == 1 and len(found := by_name.get(name, [])) == 1
    }


def _value(run: Run, path: str, called: Mapping[str, str]) -> Any:
    return run.settings.get(path if run.config else called.get(path, path))


def _only(path: str, ours: Sequence[str], params: Sequence[str], called: Mapping[str, str]) -> Source | None:
    if not ours or not params or path in called or (path in ours and path in params):
        return None
    return Source.RECIPE if path in ours else Source.EXTERNAL


def results(runs: Sequence[Run], epochs: Sequence[Sequence[EpochMetrics]]) -> list[Result]:
    """Return what came of several runs: test, then the best and the last of every metric they have, then what it cost.

    Args:
        runs: The runs, with or without a result.
        epochs: The finished epochs of each.
    """

    def once(
        name: str, direction: Direction | None, value: Callable[[Run, Sequence[EpochMetrics]], float | None]
    ) -> Result:
        found = (value(run, records) for run, records in zip(runs, epochs, strict=True))
        return Result(name, None, direction, tuple(None if one is None else Value(one) for one in found))

    recorded = in_reading_order(name for run in runs for name in run.metrics if metric(name).tracked)
    return [
        once("test_accuracy", metric("test_accuracy").direction, _test_accuracy),
        once("test_loss", metric("test_loss").direction, _test_loss),
        *(row for name in recorded for row in _best_and_last(name, [run.metrics.get(name) for run in runs])),
        once("epochs", None, lambda run, _: run.epoch),
        once("seconds", None, _seconds),
        once("images_per_second", metric("images_per_second").direction, lambda run, _: run.images_per_second or None),
        once("parameters", None, lambda run, _: run.parameters),
    ]


def best_epoch(run: Run) -> int | None:
    """Return the epoch in which the monitored metric was best, the first if there are several; None without any."""
    summary = run.metrics.get(run.monitor)
    return None if summary is None else summary.best_epoch


def _best_and_last(name: str, summaries: Sequence[MetricSummary | None]) -> list[Result]:
    direction = metric(name).direction
    best = tuple(None if one is None or one.best is None else Value(one.best, one.best_epoch) for one in summaries)
    last = Result(name, "last", direction, tuple(None if one is None else Value(one.last) for one in summaries))
    return [last] if direction is None else [Result(name, "best", direction, best), last]


def _test_accuracy(run: Run, _records: Sequence[EpochMetrics]) -> float | None:
    return None if run.result is None else run.result.accuracy


def _test_loss(run: Run, _records: Sequence[EpochMetrics]) -> float | None:
    return None if run.result is None else run.result.loss


def _seconds(run: Run, records: Sequence[EpochMetrics]) -> float | None:
    """Return the time of the whole run, or of the epochs so far."""
    if run.result is not None and not run.active:
        return run.result.seconds
    known = [record.seconds for record in records if record.seconds is not None]
    return sum(known) if known else None
