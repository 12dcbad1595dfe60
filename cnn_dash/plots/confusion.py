"""Draws the confusion matrix. The mistakes carry the colour, not the diagonal."""

from collections.abc import Callable, Mapping
from html import escape
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from cnn_dash.plots.confusion_counts import ConfusedPair, ConfusionInfo, confused_pairs, confusion_info, describe
from cnn_dash.plots.layout import layout
from cnn_dash.plots.palette import ACCENT, INK, SHARE_RIGHT, SHARE_WRONG

__all__ = [
    "ConfusedPair",
    "ConfusionInfo",
    "Scale",
    "cell_of",
    "confused_pairs",
    "confusion_info",
    "confusion_plot",
    "describe",
    "left_out",
]

Scale = Literal["counts", "rows", "columns"]
"""What a cell tells: images, their share of the true class (row), or of what was predicted as its class (column)."""

_Shade = Callable[[npt.NDArray[np.float64]], npt.NDArray[np.float64]]

HEIGHT_PX = 400
FULL_SHADE_FROM = 0.02
"""The colour scale never ends below this share of a class, or one lone mistake would look like a disaster."""
FAINTEST_SHADE = 0.001
"""The share of a class, if that is more than one image, from which on the colour grows with the logarithm."""
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


def confusion_plot(
    info: ConfusionInfo,
    scale: Scale = "counts",
    chosen: tuple[int, int] | None = None,
    beside: ConfusionInfo | None = None,
) -> go.Figure:
    """Draw a table of cells, to be shown with `on_select="rerun", selection_mode="points"`.

    Mistakes are shaded by the logarithm, so that rare ones can be seen beside frequent ones.
    The cells fill height and width, whatever they are: square ones would leave a hole below in a narrow column.
    Up to `MAX_CELL_CLASSES` classes each cell is there to be clicked, and of a few classes each has its count. Of more
    classes only the cells with something in them are drawn, as dots. `cell_of` reads which one was clicked.

    Args:
        info: The counts.
        scale: What the cells tell.
        chosen: A cell (true, predicted) to draw a frame around, which was not chosen by a click.
        beside: A matrix that is drawn beside this one: the same shade is the same number of images in both.
    """
    size = len(info.class_names)
    many = size > MAX_CELL_CLASSES
    shade = _shades(info if beside is None else beside, info, scale)
    figure = go.Figure(_dots(info, scale, shade) if many else _cells(info, scale, shade))
    upright = max((len(name) for name in info.class_names), default=0) <= 2
    axis = {
        "tickmode": "array",
        "tickvals": np.arange(size, dtype=np.int16),
        # The hover text takes the names from here; Plotly obeys some HTML in them.
        "ticktext": list(map(escape, info.class_names)),
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
    if chosen is not None:
        (true, predicted), reach = chosen, max(0.5, size / 50)
        corners = {"x0": predicted - reach, "x1": predicted + reach, "y0": true - reach, "y1": true + reach}
        figure.add_shape(type="rect", line={"color": ACCENT, "width": 3}, **corners)
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


def _values(info: ConfusionInfo, scale: Scale) -> npt.NDArray[np.float64]:
    """Return what the cells tell, float64 (K, K)."""
    if scale == "rows":
        return np.asarray(info.matrix / np.maximum(info.totals, 1)[:, None])
    if scale == "columns":
        return np.asarray(info.matrix / np.maximum(info.predicted_totals, 1)[None])
    return info.matrix.astype(np.float64)


def _largest(info: ConfusionInfo, scale: Scale) -> float:
    """Return what a cell tells if it has all images of a class."""
    return 1.0 if scale != "counts" else float(max(1, info.totals.max(initial=0)))


def _most(info: ConfusionInfo, scale: Scale) -> float:
    """Return the most that a cell with mistakes tells."""
    return float((_values(info, scale) * ~np.eye(len(info.class_names), dtype=bool)).max(initial=0))


def _shades(info: ConfusionInfo, other: ConfusionInfo, scale: Scale) -> _Shade:
    """Return what gives 0–1 for what cells with mistakes tell, in both matrices: 1 for the most, by the logarithm."""
    largest = _largest(info, scale)
    top = max(_most(info, scale), _most(other, scale), FULL_SHADE_FROM * largest)
    one_image = 1.0 if scale == "counts" else 1 / max(1, info.totals.max(initial=0))
    least = max(FAINTEST_SHADE * largest, one_image)

    def shade(mistakes: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return np.asarray(np.log1p(mistakes / least) / np.log1p(top / least))

    return shade


def _cells(info: ConfusionInfo, scale: Scale, shade: _Shade) -> list[go.Heatmap | go.Scatter]:
    """Draw every cell. Plotly selects points, not cells of a heatmap, so an invisible marker lies on each."""
    size = len(info.class_names)
    diagonal, seen = np.eye(size, dtype=bool), info.matrix > 0
    values, largest = _values(info, scale), _largest(info, scale)
    mistakes = np.where(seen & ~diagonal, values, np.nan)
    texts = _texts(values, scale) if size <= MAX_COUNTED_CLASSES else None
    markers = {"symbol": "square-open", "size": min(26, 260 / max(size, 1)), "color": ACCENT, "opacity": 0}
    return [
        _heatmap(np.where(seen, np.nan, 0), (FAINT, FAINT), texts),
        _heatmap(np.where(seen & diagonal, values / largest, np.nan), SHARE_RIGHT, texts),
        _heatmap(shade(mistakes), SHARE_WRONG, texts),
        _markers(
            info,
            scale,
            *np.indices(info.matrix.shape).reshape(2, -1),
            marker={**markers, "line": {"width": 3}},
            selected={"marker": {"opacity": 1}},
            unselected={"marker": {"opacity": 0}},
        ),
    ]


def _dots(info: ConfusionInfo, scale: Scale, shade: _Shade) -> list[go.Scatter]:
    """Draw a dot for each class and for each of the most frequent mistakes."""
    right = np.flatnonzero(np.diagonal(info.matrix))
    wrong = info.off_diagonal
    true, predicted = np.nonzero(wrong)
    order = np.argsort(-wrong[true, predicted], kind="stable")[:MAX_MISTAKE_CELLS][::-1]  # the most frequent on top
    true, predicted = true[order], predicted[order]
    values, largest = _values(info, scale), _largest(info, scale)
    side = max(4, 380 / len(info.class_names))

    def dots(true: npt.NDArray[np.intp], predicted: npt.NDArray[np.intp], **color: Any) -> go.Scatter:
        return _markers(
            info,
            scale,
            true,
            predicted,
            marker={"symbol": "square", "size": side, "line": {"width": 0}, "cmin": 0, "cmax": 1, **color},
            selected={"marker": {"color": ACCENT, "size": side + 6}},
            unselected={"marker": {"opacity": 0.5}},
        )

    return [
        dots(
            right,
            right,
            color=(values[right, right] / largest).astype(np.float32),
            colorscale=_colors(SHARE_RIGHT),
        ),
        dots(
            true,
            predicted,
            color=shade(values[true, predicted]).astype(np.float32),
            colorscale=_colors(SHARE_WRONG),
        ),
    ]


def _markers(
    info: ConfusionInfo, scale: Scale, true: npt.NDArray[np.intp], predicted: npt.NDArray[np.intp], **style: Any
) -> go.Scatter:
    """Put a marker on each of the cells, with its count to be read on hovering."""
    of_all = info.predicted_totals[predicted] if scale == "columns" else info.totals[true]
    counts = np.stack([info.matrix[true, predicted], of_all], axis=1).astype(np.int32)
    said = "Answer %{x}, in truth %{y}" if scale == "columns" else "%{y} predicted as %{x}"
    return go.Scatter(
        x=predicted.astype(np.int16),
        y=true.astype(np.int16),
        customdata=counts,
        hovertemplate=said + ": %{customdata[0]:,} of %{customdata[1]:,}<extra></extra>",
        mode="markers",
        **style,
    )


def _texts(values: npt.NDArray[np.float64], scale: Scale) -> npt.NDArray[np.str_]:
    """Write a number for each cell, nothing for 0: counts, or per cent with one digit below 10 that is not a zero."""

    def text(value: float) -> str:
        if value == 0:
            return ""
        if scale == "counts":
            return f"{value:.0f}"
        return f"{100 * value:.0f}" if value >= 0.0995 else f"{max(100 * value, 0.1):.1f}".removesuffix(".0")

    return np.array([[text(value) for value in row] for row in values.tolist()], dtype=np.str_)


def _colors(ends: tuple[str, str]) -> list[tuple[float, str]]:
    return [(0, ends[0]), (1, ends[1])]


def _heatmap(z: npt.NDArray[np.float64], ends: tuple[str, str], texts: npt.NDArray[np.str_] | None) -> go.Heatmap:
    """Draw the cells where `z` is a number, with their texts. Unlike other traces, a selection does not dim them."""
    return go.Heatmap(
        z=z,
        zmin=0,
        zmax=1,
        colorscale=_colors(ends),
        showscale=False,
        text=None if texts is None else np.where(np.isnan(z), "", texts),
        texttemplate=None if texts is None else "%{text}",
        textfont={"size": 11, "color": INK},
        hoverinfo="skip",
        xgap=1,
        ygap=1,
    )
