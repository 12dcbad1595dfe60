"""Widths and heights of pictures before they were resized."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from cnn_dash.plots.layout import layout
from cnn_dash.plots.palette import ACCENT

HEIGHT_PX = 300
SMALLEST_PX, LARGEST_PX = 7, 28
"""Of a dot: one picture, and the most of one size."""
MAX_SIZES = 3_000
"""Of more different sizes, the most frequent ones are drawn."""


@dataclass(frozen=True, eq=False)
class ImageSizesInfo:
    """Different sizes, the most frequent first.

    Attributes:
        widths: int64 (n,), pixels.
        heights: int64 (n,), pixels.
        counts: int64 (n,), pictures of that size.
    """

    widths: npt.NDArray[np.int64]
    heights: npt.NDArray[np.int64]
    counts: npt.NDArray[np.int64]


def image_sizes_info(sizes: npt.ArrayLike) -> ImageSizesInfo:
    """Count how often each size occurs.

    Args:
        sizes: int (N, 2), width and height of each picture in pixels.
    """
    values = np.asarray(sizes, np.int64).reshape(-1, 2)
    different, counts = np.unique(values, axis=0, return_counts=True)
    order = np.argsort(-counts, kind="stable")
    return ImageSizesInfo(different[order, 0], different[order, 1], counts[order].astype(np.int64))


def image_sizes_plot(info: ImageSizesInfo) -> go.Figure:
    """Draw a dot for each size, larger where more pictures have it."""
    shown = slice(0, MAX_SIZES)
    counts = info.counts[shown]
    share = (counts - 1) / max(1, int(counts.max(initial=1)) - 1)
    figure = go.Figure(
        go.Scatter(
            x=info.widths[shown],
            y=info.heights[shown],
            customdata=counts,
            mode="markers",
            marker={
                "size": SMALLEST_PX + (LARGEST_PX - SMALLEST_PX) * np.sqrt(share),
                "color": ACCENT,
                "opacity": 0.55,
                "line": {"width": 0},
            },
            hovertemplate="%{x} × %{y} pixels: %{customdata:,} pictures<extra></extra>",
        )
    )
    figure.update_xaxes(title="width in pixels", rangemode="tozero", automargin=True)
    figure.update_yaxes(title="height in pixels", rangemode="tozero", automargin=True)
    figure.update_layout(layout(HEIGHT_PX, dragmode="zoom"))
    return figure


def describe(info: ImageSizesInfo) -> str:
    """Return the sizes in words."""
    if not len(info.counts):
        return "No sizes are known."
    total = int(info.counts.sum())
    first = f"{info.widths[0]} × {info.heights[0]} pixels"
    if len(info.counts) == 1:
        return f"All {total:,} pictures have {first}."
    wide = f"{info.widths.min()} to {info.widths.max()} pixels wide"
    high = f"{info.heights.min()} to {info.heights.max()} high"
    sizes = f"{len(info.counts):,} different sizes of {total:,} pictures"
    return f"{sizes}, {wide} and {high}; {info.counts[0]:,} have {first}."
