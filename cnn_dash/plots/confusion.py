"""The confusion matrix: what was taken for what. The mistakes carry the colour, not the diagonal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from cnn_dash.plots.layout import layout, percent
from cnn_dash.plots.palette import ACCENT, INK, SHARE_RIGHT, SHARE_WRONG

FULL_SHADE_FROM = 0.02
"""The colour scale never ends below this share of a class, or one lone mistake would look like a disaster."""
FAINT = "rgba(128, 128, 128, 0.07)"
"""The cells in which there is nothing."""
MAX_COUNTED_CLASSES = 16
"""With more classes than this the cells are too small for their numbers."""


@dataclass(frozen=True, eq=False)
class ConfusionInfo:
    """How often each class was taken for each.

    Attributes:
        class_names: K names.
        matrix: int64 (K, K), rows are the actual class, columns the predicted one.
        totals: int64 (K,), pictures of each actual class.
        recall: float64 (K,), share of each class that was recognised, 0–1; NaN for a class without pictures.
    """

    class_names: tuple[str, ...]
    matrix: npt.NDArray[np.int64]
    totals: npt.NDArray[np.int64]
    recall: npt.NDArray[np.float64]

    @property
    def count(self) -> int:
        """All pictures."""
        return int(self.totals.sum())

    @property
    def mistakes(self) -> int:
        """Pictures that were taken for another class."""
        return self.count - int(np.trace(self.matrix))


def confusion_info(labels: npt.ArrayLike, predicted: npt.ArrayLike, class_names: Sequence[str]) -> ConfusionInfo:
    """Count what was taken for what.

    Args:
        labels: int (N,), actual classes, 0 to K-1; N may be 0.
        predicted: int (N,), predicted classes, 0 to K-1.
        class_names: K names.

    Raises:
        ValueError: If the two do not have the same length, or hold a class that has no name.
    """
    actual, answer = np.asarray(labels, dtype=np.int64), np.asarray(predicted, dtype=np.int64)
    if actual.ndim != 1 or actual.shape != answer.shape:
        raise ValueError(
            f"Labels and predictions must be two lists of the same length. "
            f"Received: shapes {actual.shape} and {answer.shape}."
        )
    size = len(class_names)
    both = np.concatenate([actual, answer])
    if both.size and (both.min() < 0 or both.max() >= size):
        raise ValueError(
            f"Every class needs a name. Received: classes {both.min()} to {both.max()}. Allowed: 0 to {size - 1}."
        )
    matrix = np.bincount(actual * size + answer, minlength=size * size).reshape(size, size).astype(np.int64)
    totals = matrix.sum(axis=1)
    recall = np.full(size, np.nan)
    np.divide(np.diagonal(matrix), totals, out=recall, where=totals > 0)
    return ConfusionInfo(tuple(class_names), matrix, totals, recall)


def confusion_plot(info: ConfusionInfo) -> go.Figure:
    """A square of cells, each with its count, to be drawn with `on_select="rerun", selection_mode="points"`.

    Plotly selects points, not cells of a heatmap, so an invisible marker lies on every cell; `cell_of` reads the
    selection.
    """
    size = len(info.class_names)
    cells = [(row, column) for row in range(size) for column in range(size)]
    diagonal, seen = np.eye(size, dtype=bool), info.matrix > 0
    share = info.matrix / np.maximum(info.totals, 1)[:, None]  # (K, K), of the actual class
    mistakes = np.where(seen & ~diagonal, share, np.nan)
    top = max(float(np.nan_to_num(mistakes).max(initial=0)), FULL_SHADE_FROM)
    figure = go.Figure(
        [
            _cells(info, np.where(seen, np.nan, 0), (FAINT, FAINT), 1),
            _cells(info, np.where(seen & diagonal, share, np.nan), SHARE_RIGHT, 1),
            _cells(info, np.sqrt(mistakes), SHARE_WRONG, sqrt(top)),  # the root keeps a rare mistake visible
            go.Scatter(
                x=[column for _, column in cells],
                y=[row for row, _ in cells],
                customdata=[list(cell) for cell in cells],  # lists: a numpy array would reach the event as an object
                text=[_sentence(info, *cell) for cell in cells],
                hovertemplate="%{text}<extra></extra>",
                mode="markers",
                marker={"symbol": "square-open", "size": min(26, 260 / max(size, 1)), "color": ACCENT, "opacity": 0},
                marker_line_width=3,
                selected={"marker": {"opacity": 1}},
                unselected={"marker": {"opacity": 0}},
            ),
        ]
    )
    upright = max((len(name) for name in info.class_names), default=0) <= 2
    axis = {
        "tickmode": "array",
        "tickvals": list(range(size)),
        "ticktext": list(info.class_names),
        "constrain": "domain",
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
        "automargin": True,
    }
    ends = [-0.5, size - 0.5]
    figure.update_xaxes(axis, title="predicted class", range=ends, tickangle=0 if upright else -45)
    figure.update_yaxes(axis, title="actual class", range=ends[::-1], scaleanchor="x", constraintoward="top")
    figure.update_layout(layout(420, hoverdistance=40, clickmode="event+select"))
    return figure


def cell_of(event: Mapping[str, Any] | None) -> tuple[int, int] | None:
    """The cell a person clicked on, as (actual, predicted), or None.

    Args:
        event: What `st.plotly_chart(..., on_select="rerun")` returns or keeps under its key:
            `{"selection": {"points": [{"customdata": [7, 1], ...}], ...}}`.
    """
    points = ((event or {}).get("selection") or {}).get("points") or []
    if not points:
        return None
    actual, predicted = points[0]["customdata"]
    return int(actual), int(predicted)


def describe(info: ConfusionInfo) -> str:
    """The matrix in words."""
    if not info.count:
        return "Confusion matrix without pictures."
    start = f"Confusion matrix of {info.count:,} picture{'s' * (info.count != 1)}"
    if not info.mistakes:
        return f"{start}: all recognised."
    wrong = info.matrix - np.diag(np.diagonal(info.matrix))
    actual, predicted = np.unravel_index(int(wrong.argmax()), wrong.shape)
    return (
        f"{start}: {info.count - info.mistakes:,} right ({percent(1 - info.mistakes / info.count)}), "
        f"{info.mistakes:,} wrong. Most frequent mistake: {_sentence(info, int(actual), int(predicted))}."
    )


def _sentence(info: ConfusionInfo, actual: int, predicted: int) -> str:
    """One cell in words: `7 taken for 1: 4 of 98`."""
    count, total = info.matrix[actual, predicted], info.totals[actual]
    name = info.class_names[actual]
    what = f"{name} recognised" if actual == predicted else f"{name} taken for {info.class_names[predicted]}"
    return f"{what}: {count or 'none'} of {total:,}"


def _cells(info: ConfusionInfo, z: npt.NDArray[np.float64], scale: tuple[str, str], top: float) -> go.Heatmap:
    """The cells where `z` is a number, with their counts. Unlike other traces, a selection does not dim them."""
    counted = len(info.class_names) <= MAX_COUNTED_CLASSES
    return go.Heatmap(
        z=z,
        zmin=0,
        zmax=top,
        colorscale=[[0, scale[0]], [1, scale[1]]],
        showscale=False,
        text=np.where(np.isnan(z) | (info.matrix == 0), "", info.matrix.astype(str)),
        texttemplate="%{text}" if counted else None,
        textfont={"size": 11, "color": INK},
        hoverinfo="skip",
        xgap=1,
        ygap=1,
    )
