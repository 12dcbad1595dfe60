"""The curves of a run that does not change any more: one figure by epoch, training and validation."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import cycle
from typing import Literal, Protocol

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from cnn_dash.figures.layout import empty_note, layout, thinned
from cnn_dash.figures.palette import TRAIN, TRAIN_DASH, VALIDATION, VALIDATION_DASH

Metric = Literal["loss", "accuracy", "auc", "learning_rate"]
MARKED_POINTS = 40
"""Up to so many epochs every one gets its own mark."""


class EpochRecord(Protocol):
    """What was recorded at the end of an epoch; None where it was not."""

    @property
    def epoch(self) -> int: ...  # noqa: D102
    @property
    def loss(self) -> float | None: ...  # noqa: D102
    @property
    def accuracy(self) -> float | None: ...  # noqa: D102
    @property
    def val_loss(self) -> float | None: ...  # noqa: D102
    @property
    def val_accuracy(self) -> float | None: ...  # noqa: D102
    @property
    def val_auc(self) -> float | None: ...  # noqa: D102
    @property
    def learning_rate(self) -> float | None: ...  # noqa: D102


@dataclass(frozen=True)
class _Kind:
    """How a metric is read from the records and shown."""

    name: str
    axis: str
    train: str | None
    validation: str | None
    better: Literal["low", "high"] | None
    format: str
    unit: str = ""
    scale: float = 1.0
    ceiling: float = math.inf

    def say(self, value: float) -> str:
        """A value as a person reads it: `96.20 %`."""
        return f"{value * self.scale:{self.format}}{self.unit}"


_KINDS: dict[Metric, _Kind] = {
    "loss": _Kind("loss", "loss (cross-entropy)", "loss", "val_loss", "low", ".4f"),
    "accuracy": _Kind("accuracy", "accuracy (%)", "accuracy", "val_accuracy", "high", ".2f", " %", 100.0, 1.0),
    "auc": _Kind("AUC", "AUC (0 to 1)", None, "val_auc", "high", ".4f", ceiling=1.0),
    "learning_rate": _Kind("learning rate", "learning rate", "learning_rate", None, None, ".3g"),
}


@dataclass(frozen=True, eq=False)
class CurveInfo:
    """One metric by epoch.

    Attributes:
        metric: Which one.
        epochs: int64 (N,), rising.
        train: float64 (N,), NaN where it was not recorded or is not finite; for the learning rate, the rate.
        validation: float64 (N,), likewise.
        best: Index of the best epoch by validation (the first of equals), or None.
    """

    metric: Metric
    epochs: npt.NDArray[np.int64]
    train: npt.NDArray[np.float64]
    validation: npt.NDArray[np.float64]
    best: int | None


def curve_info(records: Iterable[EpochRecord], metric: Metric) -> CurveInfo:
    """Gather one metric of a run.

    Args:
        records: What was recorded at each epoch, in any order; may be empty, any value may be None, NaN or infinite.
        metric: Accuracy and AUC are shares of 0–1. The best epoch has the lowest loss or the highest other one; the
            learning rate has none.
    """
    kind = _KINDS[metric]
    rows = sorted(records, key=lambda record: record.epoch)
    validation = _column(rows, kind.validation)
    best = None
    if kind.better and np.isfinite(validation).any():
        best = int(np.nanargmin(validation) if kind.better == "low" else np.nanargmax(validation))
    epochs = np.array([row.epoch for row in rows], dtype=np.int64)
    return CurveInfo(metric, epochs, _column(rows, kind.train), validation, best)


def curve_figure(info: CurveInfo) -> go.Figure:
    """Training dotted, validation solid, a ring around the best epoch."""
    kind = _KINDS[info.metric]
    figure = go.Figure()
    if info.metric == "learning_rate":
        lines = [(kind.name, kind.name, info.train, TRAIN, "solid")]
    else:
        lines = [
            ("training", f"training {kind.name}", info.train, TRAIN, TRAIN_DASH),
            ("validation", f"validation {kind.name}", info.validation, VALIDATION, VALIDATION_DASH),
        ]
    for name, said, values, color, dash in lines:
        if np.isfinite(values).any():
            kept = thinned(values)
            figure.add_scatter(
                x=info.epochs[kept],
                y=values[kept] * kind.scale,
                name=name,
                mode="lines+markers" if len(kept) <= MARKED_POINTS else "lines",
                line={"color": color, "width": 2, "dash": dash},
                marker={"color": color, "size": 5},
                hovertemplate=f"epoch %{{x}}<br>{said} %{{y:{kind.format}}}{kind.unit}<extra></extra>",
            )
    if info.best is not None:
        figure.add_trace(_ring(int(info.epochs[info.best]), float(info.validation[info.best]), kind))
    drawn = bool(figure.data)
    figure.update_xaxes(title="epoch", range=_epoch_range(info.epochs), dtick=_whole_step(info.epochs), automargin=True)
    figure.update_yaxes(title=kind.axis, range=_value_range(info, kind), nticks=6, exponentformat="none")
    figure.update_yaxes(automargin=True, showticklabels=drawn)
    figure.update_layout(
        layout(
            260,
            margin={"l": 8, "r": 8, "t": 32, "b": 8},
            showlegend=True,
            legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
            annotations=[] if drawn else [empty_note(f"No {kind.name} was recorded.")],
        )
    )
    return figure


def describe(info: CurveInfo) -> str:
    """First, last and best value in words."""
    kind = _KINDS[info.metric]
    parts = []
    for name, values in (("training", info.train), ("validation", info.validation)):
        seen = values[np.isfinite(values)]
        if len(seen):
            what = kind.name if info.metric == "learning_rate" else f"{name} {kind.name}"
            parts.append(f"{what} from {kind.say(seen[0])} to {kind.say(seen[-1])}")
    if not parts:
        return f"No {kind.name} was recorded."
    count = f"{len(info.epochs):,} epoch{'s' * (len(info.epochs) != 1)}"
    best = ""
    if info.best is not None:
        best = f" Best: {kind.say(info.validation[info.best])} in epoch {info.epochs[info.best]}."
    return f"Over {count}: {', '.join(parts)}.{best}"


def _column(rows: list[EpochRecord], name: str | None) -> npt.NDArray[np.float64]:
    values = [None if name is None else getattr(row, name) for row in rows]
    return np.array([math.nan if v is None or not math.isfinite(v) else v for v in values], dtype=np.float64)


def _ring(epoch: int, value: float, kind: _Kind) -> go.Scatter:
    return go.Scatter(
        x=[epoch],
        y=[value * kind.scale],
        name=f"best: epoch {epoch}",
        mode="markers",
        cliponaxis=False,
        marker={"symbol": "circle-open", "size": 13, "color": VALIDATION, "line": {"width": 2}},
        hovertemplate=f"best epoch {epoch}<br>validation {kind.name} %{{y:{kind.format}}}{kind.unit}<extra></extra>",
    )


def _value_range(info: CurveInfo, kind: _Kind) -> list[float]:
    """The y axis, in the unit shown. Left alone, Plotly would go beyond 100 % and below 0."""
    values = np.concatenate([info.train, info.validation])
    values = values[np.isfinite(values)]
    low, high = (float(values.min()), float(values.max())) if len(values) else (0.0, 1.0)
    pad = 0.08 * (high - low) or 0.05 * abs(high) or 0.1
    if info.metric == "learning_rate":
        low = 0.0
    top = min(high + pad, kind.ceiling + pad / 8)  # a line at the ceiling keeps its full width
    return [max(0.0, low - pad) * kind.scale, top * kind.scale]


def _epoch_range(epochs: npt.NDArray[np.int64]) -> list[float]:
    first, last = (int(epochs[0]), int(epochs[-1])) if len(epochs) else (1, 5)
    pad = 0.03 * (last - first) or 0.5
    return [first - pad, last + pad]


def _whole_step(epochs: npt.NDArray[np.int64]) -> int:
    """Distance of the ticks of the epoch axis: a round whole number that gives at most nine of them."""
    span = int(epochs[-1] - epochs[0]) if len(epochs) else 0
    step = 1
    for factor in cycle((2, 2.5, 2)):  # 1, 2, 5, 10, 20, 50, …
        if span <= 8 * step:
            break
        step = round(step * factor)
    return step
