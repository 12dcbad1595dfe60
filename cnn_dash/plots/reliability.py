"""Reliability diagram: accuracy against confidence, before and after temperature scaling."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from cnn_dash.plots.layout import CLEAR, layout, percent
from cnn_dash.plots.palette import ACCENT, MUTED, VALIDATION

HEIGHT_PX = 360
LARGEST_PX = 22


@dataclass(frozen=True, eq=False)
class ReliabilityLine:
    """Accuracy by confidence, in bins; only those with images.

    Attributes:
        name: `as trained`.
        confidence: float64 (B,), mean of each bin, 0–1.
        accuracy: float64 (B,), of each bin, 0–1.
        counts: int64 (B,), images.
        error: Expected calibration error, 0–1.
    """

    name: str
    confidence: npt.NDArray[np.float64]
    accuracy: npt.NDArray[np.float64]
    counts: npt.NDArray[np.int64]
    error: float


@dataclass(frozen=True, eq=False)
class ReliabilityInfo:
    """What the diagram shows.

    Attributes:
        lines: As the network is, and perhaps as it is with temperature scaling.
    """

    lines: tuple[ReliabilityLine, ...]


def reliability_line(
    name: str, confidence: npt.ArrayLike, accuracy: npt.ArrayLike, counts: npt.ArrayLike, error: float
) -> ReliabilityLine:
    """Leave out the empty bins of a line.

    Raises:
        ValueError: If the three do not have the same length.
    """
    x, y, n = np.asarray(confidence, np.float64), np.asarray(accuracy, np.float64), np.asarray(counts, np.int64)
    if not x.shape == y.shape == n.shape or x.ndim != 1:
        raise ValueError(f"Each bin needs all three. Received: shapes {x.shape}, {y.shape} and {n.shape}.")
    some = n > 0
    return ReliabilityLine(name, x[some], y[some], n[some], error)


def reliability_info(*lines: ReliabilityLine) -> ReliabilityInfo:
    """Gather the lines of a diagram."""
    return ReliabilityInfo(lines)


def reliability_plot(info: ReliabilityInfo) -> go.Figure:
    """Draw the lines; the area of a point is the number of images, and on the dotted diagonal confidence is right."""
    figure = go.Figure(
        go.Scatter(
            x=[0, 1],
            y=[0, 1],
            mode="lines",
            line={"color": MUTED, "dash": "dot", "width": 1.5},
            hoverinfo="skip",
            showlegend=False,
        )
    )
    most = max((int(line.counts.max(initial=1)) for line in info.lines), default=1)
    for line, color, symbol in zip(info.lines, (ACCENT, VALIDATION), ("circle", "diamond"), strict=False):
        figure.add_scatter(
            x=line.confidence,
            y=line.accuracy,
            mode="lines+markers",
            name=line.name,
            customdata=line.counts,
            line={"color": color, "width": 2},
            marker={
                "symbol": symbol,
                "color": color,
                "size": np.maximum(5, LARGEST_PX * np.sqrt(line.counts / most)),
                "line": {"width": 0},
            },
            hovertemplate="confidence %{x:.1%}, accuracy %{y:.1%}<br>%{customdata:,} images"
            "<extra>%{fullData.name}</extra>",
        )
    axis = {"range": [-0.02, 1.04], "zeroline": False, "automargin": True, "tickformat": ".0%"}
    figure.update_xaxes(axis, title="confidence")
    figure.update_yaxes(axis, title="accuracy")
    figure.update_layout(
        layout(
            HEIGHT_PX,
            showlegend=len(info.lines) > 1,
            legend={"x": 0.98, "y": 0.03, "xanchor": "right", "yanchor": "bottom", "bgcolor": CLEAR},
        )
    )
    return figure


def describe(info: ReliabilityInfo) -> str:
    """Return the diagram in words."""
    said = ", ".join(f"{line.name} {percent(line.error)}" for line in info.lines)
    return f"Reliability diagram: accuracy against confidence. Expected calibration error: {said}."
