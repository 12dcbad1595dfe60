"""How often each pixel value occurs, channel by channel."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from cnn_dash.plots.layout import layout, percent
from cnn_dash.plots.palette import ACCENT, CLASS_COLORS

HEIGHT_PX = 260
NAMES = {1: ("grey",), 3: ("red", "green", "blue")}
_COLORS = {1: (ACCENT,), 3: (CLASS_COLORS[5], CLASS_COLORS[2], CLASS_COLORS[0])}
_DASHES = ("solid", "dash", "dot")


@dataclass(frozen=True, eq=False)
class PixelHistogramInfo:
    """Shares of pixel values.

    Attributes:
        channels: C names.
        shares: float64 (C, 256), of all pixels of the channel, 0–1.
    """

    channels: tuple[str, ...]
    shares: npt.NDArray[np.float64]


def pixel_histogram_info(histogram: npt.ArrayLike) -> PixelHistogramInfo:
    """Turn numbers of pixels, int (C, 256), into shares.

    Raises:
        ValueError: If there are not 256 numbers for 1 or 3 channels.
    """
    counts = np.asarray(histogram, np.float64)
    if counts.ndim != 2 or counts.shape[0] not in NAMES or counts.shape[1] != 256:
        raise ValueError(f"There must be 256 numbers for 1 or 3 channels. Received: shape {counts.shape}.")
    return PixelHistogramInfo(NAMES[len(counts)], counts / np.maximum(counts.sum(axis=1, keepdims=True), 1))


def pixel_histogram_plot(info: PixelHistogramInfo) -> go.Figure:
    """Draw a line for each channel. The axis is logarithmic: most pixels of a drawing are black."""
    values = np.arange(256, dtype=np.int16)
    figure = go.Figure(
        [
            go.Scatter(
                x=values,
                y=np.where(shares > 0, shares, np.nan),
                name=name,
                mode="lines",
                line={"color": color, "width": 1.5, "dash": dash, "shape": "hvh"},
                hovertemplate=f"{name} %{{x}}: %{{y:.3%}} of the pixels<extra></extra>",
            )
            for name, shares, color, dash in zip(
                info.channels, info.shares, _COLORS[len(info.channels)], _DASHES, strict=False
            )
        ]
    )
    figure.update_xaxes(
        title="pixel value", range=[-2, 257], tickvals=[0, 64, 128, 192, 255], fixedrange=True, automargin=True
    )
    figure.update_yaxes(
        title="share of pixels", type="log", tickformat=".4~%", nticks=5, fixedrange=True, automargin=True
    )
    figure.update_layout(
        layout(
            HEIGHT_PX,
            showlegend=len(info.channels) > 1,
            legend={"orientation": "h", "x": 1, "xanchor": "right", "y": 1.02, "yanchor": "bottom"},
        )
    )
    return figure


def describe(info: PixelHistogramInfo) -> str:
    """Return the shares in words."""
    parts = []
    for name, shares in zip(info.channels, info.shares, strict=True):
        mean = float(shares @ np.arange(256))
        parts.append(f"{name}: mean {mean:.0f}, {percent(float(shares[0]))} black, {percent(float(shares[255]))} full")
    return f"Pixel values 0–255. {'; '.join(parts)}."
