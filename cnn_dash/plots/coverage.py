"""Accuracy against the share of predictions that is kept, the most confident ones."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from cnn_dash.plots.layout import layout, percent
from cnn_dash.plots.palette import ACCENT

HEIGHT_PX = 360


@dataclass(frozen=True, eq=False)
class CoverageInfo:
    """The curve.

    Attributes:
        share: float64 (M,), share of the predictions that is kept, rising to 1.
        accuracy: float64 (M,), among them, 0–1.
        threshold: float64 (M,), the least confidence among them, 0–1.
    """

    share: npt.NDArray[np.float64]
    accuracy: npt.NDArray[np.float64]
    threshold: npt.NDArray[np.float64]


def coverage_info(share: npt.ArrayLike, accuracy: npt.ArrayLike, threshold: npt.ArrayLike) -> CoverageInfo:
    """Pair shares with accuracies and thresholds.

    Raises:
        ValueError: If the three do not have the same length.
    """
    x, y, t = (np.asarray(one, np.float64) for one in (share, accuracy, threshold))
    if not x.shape == y.shape == t.shape or x.ndim != 1:
        raise ValueError(f"Each share needs both. Received: shapes {x.shape}, {y.shape} and {t.shape}.")
    return CoverageInfo(x, y, t)


def coverage_plot(info: CoverageInfo) -> go.Figure:
    """Draw the curve."""
    figure = go.Figure(
        go.Scatter(
            x=info.share,
            y=info.accuracy,
            mode="lines",
            customdata=info.threshold,
            line={"color": ACCENT, "width": 2},
            hovertemplate="%{x:.1%} kept, from confidence %{customdata:.1%}<br>accuracy %{y:.2%}<extra></extra>",
        )
    )
    low = float(info.accuracy.min(initial=1))
    figure.update_xaxes(title="share of predictions kept", range=[0, 1.02], tickformat=".0%", automargin=True)
    figure.update_yaxes(
        title="accuracy", range=[max(0.0, low - 0.1 * (1 - low) - 0.005), 1.003], tickformat=".3~%", automargin=True
    )
    figure.update_layout(layout(HEIGHT_PX))
    return figure


def describe(info: CoverageInfo) -> str:
    """Return the curve in words."""
    if not len(info.share):
        return "Accuracy against the share of predictions kept: no predictions."
    half = int(np.searchsorted(info.share, 0.5).clip(0, len(info.share) - 1))
    return (
        f"Accuracy against the share of predictions kept: {percent(float(info.accuracy[-1]))} of all, "
        f"{percent(float(info.accuracy[half]))} of the {info.share[half]:.0%} with the largest confidence."
    )
