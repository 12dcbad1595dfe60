"""From the epochs of a run to the points of a line: what is usable of them, smoothed, and not more than can be seen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from cnn_dash.metrics import Metric

Axis = Literal["epoch", "time"]

MAX_POINTS = 500
"""A line has at most this many; more cannot be told apart on a screen, and cost the browser time."""


@dataclass(frozen=True)
class RunCurves:
    """One run in plain numbers.

    Attributes:
        run_id: Its number.
        label: What the plot calls it.
        place: Which mark it wears (`run_marks.mark`).
        epochs: Numbers of its N finished epochs, in order; N may be 0.
        seconds: How long each of them took; None where that is not known.
        values: N values of each metric that the run has, by name; None where an epoch has none.
        best_epoch: The epoch to be marked, or None.
    """

    run_id: int
    label: str
    place: int
    epochs: Sequence[int]
    seconds: Sequence[float | None]
    values: Mapping[str, Sequence[float | None]]
    best_epoch: int | None


@dataclass(frozen=True, eq=False)
class Line:
    """One line. Where the metric was NaN or infinite it has a gap: y and raw are NaN there.

    Attributes:
        run_id, label, place: Of its run.
        metric: What it shows.
        x: float64 (M,), epochs or seconds since the run began; M is 1 to `MAX_POINTS`.
        y: float64 (M,), the values, smoothed if that was asked for.
        raw: float64 (M,), the values as they were measured.
        epochs: int64 (M,), the epoch of each point.
    """

    run_id: int
    label: str
    place: int
    metric: Metric
    x: npt.NDArray[np.float64]
    y: npt.NDArray[np.float64]
    raw: npt.NDArray[np.float64]
    epochs: npt.NDArray[np.int64]

    @property
    def last(self) -> tuple[int, float]:
        """The last epoch with a number, and that number."""
        at = np.flatnonzero(np.isfinite(self.raw))[-1]
        return int(self.epochs[at]), float(self.raw[at])


@dataclass(frozen=True)
class Mark:
    """One epoch of a run as it was measured: its best, or one in which the metric was NaN or infinite."""

    run_id: int
    label: str
    place: int
    metric: Metric
    epoch: int
    x: float
    y: float


@dataclass(frozen=True, eq=False)
class Measured:
    """The values of one metric of a run that have a place on the axes, or are NaN or infinite.

    Attributes:
        run: Whose they are.
        metric: What was measured.
        epochs: int64 (N,), their epochs.
        x: float64 (N,), their places on the x axis, in epochs or seconds.
        y: float64 (N,), the values.
    """

    run: RunCurves
    metric: Metric
    epochs: npt.NDArray[np.int64]
    x: npt.NDArray[np.float64]
    y: npt.NDArray[np.float64]

    @classmethod
    def of(cls, run: RunCurves, metric: Metric, by: Axis, *, log: bool) -> "Measured":
        """Read a metric; epochs without it are left out, for a log axis also those in which it is 0 or less."""
        values = run.values.get(metric.name, [None] * len(run.epochs))
        epochs = np.asarray(run.epochs, np.int64)
        x = epochs.astype(np.float64) if by == "epoch" else np.cumsum(np.array(run.seconds, np.float64))
        y = np.array([np.nan if value is None else value for value in values], np.float64)
        known = np.array([value is not None for value in values], bool)
        usable = known & np.isfinite(x) & ((y > 0) | ~np.isfinite(y) | (not log))
        return cls(run, metric, epochs[usable], x[usable], y[usable])

    def line(self, smoothing: float) -> list[Line]:
        """Return the line of these values; none if there is no number among them."""
        finite = np.isfinite(self.y)
        if not finite.any():
            return []
        raw, smooth = np.where(finite, self.y, np.nan), np.full(self.y.size, np.nan)
        smooth[finite] = smoothed(self.y[finite], smoothing)
        kept = np.linspace(0, self.y.size - 1, min(self.y.size, MAX_POINTS)).round().astype(np.int64)  # with both ends
        run = self.run
        return [
            Line(
                run.run_id, run.label, run.place, self.metric, self.x[kept], smooth[kept], raw[kept], self.epochs[kept]
            )
        ]

    def best(self) -> list[Mark]:
        """Return the mark of the best epoch; none if there is no number in it."""
        return self._marks((self.epochs == self.run.best_epoch) & np.isfinite(self.y))

    def non_finite(self) -> list[Mark]:
        """Return the marks of the epochs in which the metric was NaN or infinite."""
        return self._marks(~np.isfinite(self.y))

    def _marks(self, chosen: npt.NDArray[np.bool_]) -> list[Mark]:
        run = self.run
        return [
            Mark(
                run.run_id,
                run.label,
                run.place,
                self.metric,
                int(self.epochs[at]),
                float(self.x[at]),
                float(self.y[at]),
            )
            for at in np.flatnonzero(chosen)
        ]


def smoothed(values: npt.ArrayLike, weight: float) -> npt.NDArray[np.float64]:
    """Return the exponential moving average, corrected for its beginning (Kingma & Ba, 2014, section 3).

    Args:
        values: float (N,).
        weight: 0 to below 1, the share of what came before.
    """
    series = pd.Series(np.asarray(values, np.float64))
    return series.ewm(alpha=1 - weight, adjust=True).mean().to_numpy(np.float64)
