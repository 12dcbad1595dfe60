"""From the epochs of a run to the points of a line: what is usable of them, smoothed, and not more than can be seen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

Part = Literal["train", "validation", "rate"]
Axis = Literal["epoch", "time"]

MAX_POINTS = 500
"""A line has at most this many; more cannot be told apart on a screen, and cost the browser time."""


@dataclass(frozen=True)
class RunCurves:
    """One run in plain numbers.

    Attributes:
        run_id: Its number.
        label: What the figure calls it.
        place: Which mark it wears (`run_marks.mark`).
        epochs: Numbers of its N finished epochs, in order; N may be 0.
        seconds: How long each of them took.
        columns: N values for each name in `curves.COLUMNS`; None where there is none.
        best_epoch: The epoch to be marked, or None.
    """

    run_id: int
    label: str
    place: int
    epochs: Sequence[int]
    seconds: Sequence[float]
    columns: Mapping[str, Sequence[float | None]]
    best_epoch: int | None


@dataclass(frozen=True, eq=False)
class Line:
    """One line, all of it finite.

    Attributes:
        run_id, label, place: Of its run.
        part: What it shows.
        x: float64 (M,), epochs or seconds since the run began; M is 1 to `MAX_POINTS`.
        y: float64 (M,), the values, smoothed if that was asked for.
        raw: float64 (M,), the values as they were measured.
        epochs: int64 (M,), the epoch of each point.
    """

    run_id: int
    label: str
    place: int
    part: Part
    x: npt.NDArray[np.float64]
    y: npt.NDArray[np.float64]
    raw: npt.NDArray[np.float64]
    epochs: npt.NDArray[np.int64]


@dataclass(frozen=True)
class BestMark:
    """The best epoch of a run, as it was measured."""

    run_id: int
    label: str
    place: int
    epoch: int
    x: float
    y: float


@dataclass(frozen=True, eq=False)
class Measured:
    """The usable values of one column of a run.

    Attributes:
        run: Whose they are.
        epochs: int64 (N,), their epochs.
        x: float64 (N,), their places on the x axis, in epochs or seconds.
        y: float64 (N,), the values, all finite.
    """

    run: RunCurves
    epochs: npt.NDArray[np.int64]
    x: npt.NDArray[np.float64]
    y: npt.NDArray[np.float64]

    @classmethod
    def of(cls, run: RunCurves, column: str, by: Axis, *, log: bool) -> "Measured":
        """Read a column; values that are missing or not finite are left out, for a log axis also 0 and less."""
        epochs = np.asarray(run.epochs, np.int64)
        x = epochs.astype(np.float64) if by == "epoch" else np.cumsum(np.asarray(run.seconds, np.float64))
        y = np.array([np.nan if value is None else value for value in run.columns[column]], np.float64)
        usable = np.isfinite(x) & np.isfinite(y) & ((y > 0) | (not log))
        return cls(run, epochs[usable], x[usable], y[usable])

    def line(self, part: Part, smoothing: float) -> list[Line]:
        """The line of these values; none if there is no value."""
        if not self.y.size:
            return []
        kept = np.linspace(0, self.y.size - 1, min(self.y.size, MAX_POINTS)).round().astype(np.int64)  # with both ends
        smooth = smoothed(self.y, smoothing)[kept]
        run = self.run
        return [Line(run.run_id, run.label, run.place, part, self.x[kept], smooth, self.y[kept], self.epochs[kept])]

    def best(self) -> list[BestMark]:
        """The mark of the best epoch; none if there is no value in it."""
        run = self.run
        return [
            BestMark(run.run_id, run.label, run.place, int(self.epochs[at]), float(self.x[at]), float(self.y[at]))
            for at in np.flatnonzero(self.epochs == run.best_epoch)
        ]


def smoothed(values: npt.ArrayLike, weight: float) -> npt.NDArray[np.float64]:
    """Exponential moving average, corrected for its beginning (Kingma & Ba, 2014, section 3): the first value stays.

    Args:
        values: float (N,).
        weight: 0 to below 1, the share of what came before.
    """
    series = pd.Series(np.asarray(values, np.float64))
    return series.ewm(alpha=1 - weight, adjust=True).mean().to_numpy(np.float64)
