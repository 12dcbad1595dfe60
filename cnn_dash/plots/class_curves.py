"""ROC and precision–recall curves of classes, each against all others."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from cnn_dash.plots.layout import layout
from cnn_dash.plots.palette import CLASS_COLORS, MUTED

Kind = Literal["roc", "precision-recall"]

HEIGHT_PX = 360
_DASHES = ("solid", "dash", "dot")


@dataclass(frozen=True, eq=False)
class ClassCurve:
    """The curve of one class.

    Attributes:
        name: Of the class.
        index: Of the class, which gives its colour.
        x: float64 (M,), false positive rate or recall, 0–1.
        y: float64 (M,), true positive rate or precision, 0–1.
        area: Under the curve, 0–1.
        guessing: The precision of guessing, 0–1; not used by a ROC curve.
    """

    name: str
    index: int
    x: npt.NDArray[np.float64]
    y: npt.NDArray[np.float64]
    area: float
    guessing: float = 0.5


@dataclass(frozen=True, eq=False)
class ClassCurvesInfo:
    """What a plot shows.

    Attributes:
        kind: Which curves.
        curves: One for each class.
    """

    kind: Kind
    curves: tuple[ClassCurve, ...]


def class_curves_info(kind: Kind, curves: Sequence[ClassCurve]) -> ClassCurvesInfo:
    """Gather the curves of a plot.

    Raises:
        ValueError: If a curve has not one y for each x.
    """
    for curve in curves:
        if curve.x.shape != curve.y.shape or curve.x.ndim != 1:
            raise ValueError(f"Each x needs a y. Received: shapes {curve.x.shape} and {curve.y.shape}.")
    return ClassCurvesInfo(kind, tuple(curves))


def class_curves_plot(info: ClassCurvesInfo) -> go.Figure:
    """Draw the curves, and what guessing would give as a dotted line: for ROC the diagonal."""
    roc = info.kind == "roc"
    names = ("false positive rate", "true positive rate") if roc else ("recall", "precision")
    figure = go.Figure()
    if roc:
        figure.add_scatter(
            x=[0, 1],
            y=[0, 1],
            mode="lines",
            line={"color": MUTED, "dash": "dot", "width": 1},
            hoverinfo="skip",
            showlegend=False,
        )
    for place, curve in enumerate(info.curves):
        dash = _DASHES[place // len(CLASS_COLORS) % len(_DASHES)]
        figure.add_scatter(
            x=curve.x,
            y=curve.y,
            mode="lines",
            name=escape(curve.name),
            line={
                "color": CLASS_COLORS[place % len(CLASS_COLORS)],
                "width": 2,
                "dash": dash,
                # Between two thresholds precision is what it is at the higher recall, as the average precision counts.
                "shape": "linear" if roc else "vh",
            },
            hovertemplate=f"{names[0]} %{{x:.3f}}<br>{names[1]} %{{y:.3f}}<extra>%{{fullData.name}}</extra>",
        )
    axis = {"range": [-0.02, 1.02], "zeroline": False, "automargin": True, "tickformat": ".1~f"}
    figure.update_xaxes(axis, title=names[0])
    figure.update_yaxes(axis, title=names[1])
    figure.update_layout(
        layout(
            HEIGHT_PX,
            showlegend=True,
            legend={"orientation": "h", "yanchor": "top", "y": -0.22, "x": 0},
            dragmode="zoom",
        )
    )
    return figure


def describe(info: ClassCurvesInfo) -> str:
    """Return the plot in words."""
    what = "ROC curves" if info.kind == "roc" else "Precision–recall curves"
    if not info.curves:
        return f"{what} of no class."
    areas = ", ".join(f"{curve.name} {curve.area:.3f}" for curve in info.curves)
    return f"{what}, area below: {areas}."
