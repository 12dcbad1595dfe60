"""How many images each class has, as bars stacked by split."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from cnn_dash.plots.layout import layout
from cnn_dash.plots.palette import ACCENT, CLASS_COLORS

HEIGHT_PX = 300
MAX_NAMED_CLASSES = 40
"""With more classes their names at the axis would lie on each other; hovering tells them."""
LEVEL_CHARACTERS = 60
"""Shorter names, all together, lie level below the axis."""
_COLORS = (ACCENT, CLASS_COLORS[1], CLASS_COLORS[2])


@dataclass(frozen=True, eq=False)
class ClassCountsInfo:
    """Numbers of images.

    Attributes:
        class_names: K names.
        splits: S names.
        counts: int64 (S, K).
    """

    class_names: tuple[str, ...]
    splits: tuple[str, ...]
    counts: npt.NDArray[np.int64]


def class_counts_info(
    counts: npt.ArrayLike, class_names: Sequence[str], splits: Sequence[str], *, largest_first: bool = False
) -> ClassCountsInfo:
    """Pair numbers of images with classes and splits.

    Args:
        counts: int (S, K).
        class_names: K names.
        splits: S names.
        largest_first: Put classes with more images first; else they keep their order.

    Raises:
        ValueError: If there is not one number for each split and class.
    """
    values = np.asarray(counts, np.int64)
    if values.shape != (len(splits), len(class_names)):
        raise ValueError(
            f"There must be a number for each of {len(splits)} splits and {len(class_names)} classes. "
            f"Received: shape {values.shape}."
        )
    order = np.argsort(-values.sum(axis=0), kind="stable") if largest_first else np.arange(len(class_names))
    return ClassCountsInfo(tuple(class_names[one] for one in order), tuple(splits), values[:, order])


def class_counts_plot(info: ClassCountsInfo) -> go.Figure:
    """Draw a bar for each class."""
    classes = len(info.class_names)
    places = np.arange(classes, dtype=np.int16)
    names = list(map(escape, info.class_names))  # Plotly obeys some HTML in texts
    figure = go.Figure(
        [
            go.Bar(
                x=places,
                y=counts,
                name=split,
                customdata=np.array(names, dtype=object),
                marker={"color": color, "line": {"width": 0}},
                hovertemplate=f"%{{customdata}}: %{{y:,}} {split}<extra></extra>",
            )
            for split, counts, color in zip(info.splits, info.counts, _COLORS, strict=False)
        ]
    )
    longest = max((len(name) for name in info.class_names), default=0)
    level = longest <= 2 or longest * classes <= LEVEL_CHARACTERS
    figure.update_xaxes(
        title="class",
        tickmode="array",
        tickvals=places,
        ticktext=names,
        showticklabels=classes <= MAX_NAMED_CLASSES,
        tickangle=0 if level else -45,
        showgrid=False,
        range=[-0.6, classes - 0.4],
        fixedrange=classes <= MAX_NAMED_CLASSES,
        automargin=True,
    )
    figure.update_yaxes(title="images", rangemode="tozero", fixedrange=True, automargin=True)
    figure.update_layout(
        layout(
            HEIGHT_PX,
            barmode="stack",
            bargap=0.15 if classes <= MAX_NAMED_CLASSES else 0,
            showlegend=True,
            legend={
                "orientation": "h",
                "x": 1,
                "xanchor": "right",
                "y": 1.02,
                "yanchor": "bottom",
                "traceorder": "normal",
            },
            dragmode="zoom" if classes > MAX_NAMED_CLASSES else False,
        )
    )
    return figure


def describe(info: ClassCountsInfo) -> str:
    """Return the numbers in words."""
    parts = []
    for split, counts in zip(info.splits, info.counts, strict=True):
        low, high = (int(counts.min()), int(counts.max())) if len(counts) else (0, 0)
        each = f"{low:,}" if low == high else f"{low:,} to {high:,}"
        parts.append(f"{split} {int(counts.sum()):,} images, {each} of each")
    return f"{len(info.class_names):,} classes: {'; '.join(parts)}."
