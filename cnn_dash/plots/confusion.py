"""Draws the confusion matrix. The mistakes carry the colour, not the diagonal."""

from collections.abc import Mapping
from math import sqrt
from typing import Any

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from cnn_dash.plots.confusion_counts import ConfusionInfo, confusion_info, describe
from cnn_dash.plots.layout import layout
from cnn_dash.plots.palette import ACCENT, INK, SHARE_RIGHT, SHARE_WRONG

__all__ = ["ConfusionInfo", "cell_of", "confusion_info", "confusion_plot", "describe", "left_out"]

HEIGHT_PX = 400
FULL_SHADE_FROM = 0.02
"""The colour scale never ends below this share of a class, or one lone mistake would look like a disaster."""
FAINT = "rgba(128, 128, 128, 0.07)"
"""The cells in which there is nothing."""
MAX_COUNTED_CLASSES = 16
"""With more classes the cells are too small for their counts."""
MAX_NAMED_CLASSES = 24
"""With more classes their names at the axes would lie on each other; hovering tells them."""
MAX_CELL_CLASSES = 40
"""With more classes only the cells with something in them are drawn: all others would be most of what is sent."""
MAX_MISTAKE_CELLS = 5_000
"""Of these cells, so many mistakes at most: the browser draws them in a moment, and more would lie on each other."""


def confusion_plot(info: ConfusionInfo) -> go.Figure:
    """Draw a table of cells, to be shown with `on_select="rerun", selection_mode="points"`.

    The cells fill height and width, whatever they are: square ones would leave a hole below in a narrow column.
    Up to `MAX_CELL_CLASSES` classes each cell is there to be clicked, and of a few classes each has its count. Of more
    classes only the cells with something in them are drawn, as dots. `cell_of` reads which one was clicked.
    """
    size = len(info.class_names)
    many = size > MAX_CELL_CLASSES
    figure = go.Figure(_dots(info) if many else _cells(info))
    upright = max((len(name) for name in info.class_names), default=0) <= 2
    axis = {
        "tickmode": "array",
        "tickvals": np.arange(size, dtype=np.int16),
        "ticktext": list(info.class_names),  # the hover text takes the names from here
        "showticklabels": size <= MAX_NAMED_CLASSES,
        "ticks": "",
        "showgrid": False,
        "zeroline": False,
        "fixedrange": not many,
        "automargin": True,
    }
    ends = [-0.5, size - 0.5]
    figure.update_xaxes(axis, title="predicted class", range=ends, tickangle=0 if upright else -45)
    figure.update_yaxes(axis, title="true class", range=ends[::-1])
    figure.update_layout(
        layout(HEIGHT_PX, hoverdistance=40, clickmode="event+select", dragmode="zoom" if many else False)
    )
    return figure


def cell_of(event: Mapping[str, Any] | None) -> tuple[int, int] | None:
    """Return the cell a person clicked on, as (true, predicted) class, or None.

    Args:
        event: What `st.plotly_chart(..., on_select="rerun")` returns or keeps under its key:
            `{"selection": {"points": [{"x": 1, "y": 7, ...}], ...}}`.
    """
    points = ((event or {}).get("selection") or {}).get("points") or []
    return (int(points[0]["y"]), int(points[0]["x"])) if points else None


def left_out(info: ConfusionInfo) -> int:
    """Return how many cells with mistakes the plot leaves out, the least frequent ones."""
    if len(info.class_names) <= MAX_CELL_CLASSES:
        return 0
    return max(0, int(np.count_nonzero(info.off_diagonal)) - MAX_MISTAKE_CELLS)


def _cells(info: ConfusionInfo) -> list[go.Heatmap | go.Scatter]:
    """Draw every cell. Plotly selects points, not cells of a heatmap, so an invisible marker lies on each."""
    size = len(info.class_names)
    diagonal, seen = np.eye(size, dtype=bool), info.matrix > 0
    share = info.matrix / np.maximum(info.totals, 1)[:, None]  # (K, K), of the true class
    mistakes = np.where(seen & ~diagonal, share, np.nan)
    markers = {"symbol": "square-open", "size": min(26, 260 / max(size, 1)), "color": ACCENT, "opacity": 0}
    return [
        _heatmap(info, np.where(seen, np.nan, 0), (FAINT, FAINT), 1),
        _heatmap(info, np.where(seen & diagonal, share, np.nan), SHARE_RIGHT, 1),
        _heatmap(info, np.sqrt(mistakes), SHARE_WRONG, sqrt(_top(mistakes))),  # the root keeps a rare mistake visible
        _markers(
            info,
            *np.indices(info.matrix.shape).reshape(2, -1),
            marker={**markers, "line": {"width": 3}},
            selected={"marker": {"opacity": 1}},
            unselected={"marker": {"opacity": 0}},
        ),
    ]


def _dots(info: ConfusionInfo) -> list[go.Scatter]:
    """Draw a dot for each class and for each of the most frequent mistakes."""
    right = np.flatnonzero(np.diagonal(info.matrix))
    wrong = info.off_diagonal
    true, predicted = np.nonzero(wrong)
    order = np.argsort(-wrong[true, predicted], kind="stable")[:MAX_MISTAKE_CELLS][::-1]  # the most frequent on top
    true, predicted = true[order], predicted[order]
    share = wrong[true, predicted] / info.totals[true]
    side = max(4, 380 / len(info.class_names))

    def dots(true: npt.NDArray[np.intp], predicted: npt.NDArray[np.intp], **color: Any) -> go.Scatter:
        return _markers(
            info,
            true,
            predicted,
            marker={"symbol": "square", "size": side, "line": {"width": 0}, "cmin": 0, **color},
            selected={"marker": {"color": ACCENT, "size": side + 6}},
            unselected={"marker": {"opacity": 0.5}},
        )

    return [
        dots(right, right, color=info.recall[right].astype(np.float32), colorscale=_scale(SHARE_RIGHT), cmax=1),
        dots(
            true,
            predicted,
            color=np.sqrt(share).astype(np.float32),
            colorscale=_scale(SHARE_WRONG),
            cmax=sqrt(_top(share)),
        ),
    ]


def _markers(
    info: ConfusionInfo, true: npt.NDArray[np.intp], predicted: npt.NDArray[np.intp], **style: Any
) -> go.Scatter:
    """Put a marker on each of the cells, with its count to be read on hovering."""
    counts = np.stack([info.matrix[true, predicted], info.totals[true]], axis=1).astype(np.int32)
    return go.Scatter(
        x=predicted.astype(np.int16),
        y=true.astype(np.int16),
        customdata=counts,
        hovertemplate="%{y} predicted as %{x}: %{customdata[0]:,} of %{customdata[1]:,}<extra></extra>",
        mode="markers",
        **style,
    )


def _top(share: npt.NDArray[np.float64]) -> float:
    """Return the end of the colour scale of the mistakes."""
    return max(float(np.nan_to_num(share).max(initial=0)), FULL_SHADE_FROM)


def _scale(ends: tuple[str, str]) -> list[tuple[float, str]]:
    return [(0, ends[0]), (1, ends[1])]


def _heatmap(info: ConfusionInfo, z: npt.NDArray[np.float64], scale: tuple[str, str], top: float) -> go.Heatmap:
    """Draw the cells where `z` is a number, with their counts. Unlike other traces, a selection does not dim them."""
    counted = len(info.class_names) <= MAX_COUNTED_CLASSES
    return go.Heatmap(
        z=z,
        zmin=0,
        zmax=top,
        colorscale=_scale(scale),
        showscale=False,
        text=np.where(np.isnan(z) | (info.matrix == 0), "", info.matrix.astype(str)) if counted else None,
        texttemplate="%{text}" if counted else None,
        textfont={"size": 11, "color": INK},
        hoverinfo="skip",
        xgap=1,
        ygap=1,
    )
