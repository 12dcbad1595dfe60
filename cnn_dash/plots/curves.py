"""The curves of several runs over each other: one figure for the loss, the accuracy, the AUC or the learning rate."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, Literal

import plotly.graph_objects as go

from cnn_dash.plots.layout import layout
from cnn_dash.plots.palette import TRAIN_DASH, VALIDATION_DASH
from cnn_dash.plots.run_lines import Axis, BestMark, Line, Measured, Part, RunCurves
from cnn_dash.plots.run_marks import mark

Figure = Literal["loss", "accuracy", "auc", "learning_rate"]

MAX_SMOOTHING = 0.95
PARTS: tuple[Part, ...] = ("train", "validation")

COLUMNS: dict[Figure, dict[Part, str]] = {
    "loss": {"train": "loss", "validation": "val_loss"},
    "accuracy": {"train": "accuracy", "validation": "val_accuracy"},
    "auc": {"validation": "val_auc"},
    "learning_rate": {"rate": "learning_rate"},
}
"""The columns of an epoch that a figure shows."""
TITLES: dict[Figure, str] = {
    "loss": "Loss",
    "accuracy": "Accuracy",
    "auc": "AUC, one class against the rest",
    "learning_rate": "Learning rate",
}
_UNITS: dict[Figure, str] = {
    "loss": "nats",
    "accuracy": "share right",
    "auc": "mean area",
    "learning_rate": "step size",
}
_NAME = "%{fullData.name}"
_WORDS: dict[Part, str] = {"train": "training", "validation": "validation", "rate": "learning rate"}


@dataclass(frozen=True, eq=False)
class OverlayInfo:
    """What one figure shows of several runs.

    Attributes:
        figure: Which one.
        by: What runs along the x axis: `epoch`, or `time` in seconds.
        log: Whether the y axis is logarithmic.
        smoothed: Whether the lines are smoothed.
        runs: How many runs were asked for; those without a finished epoch have no line.
        lines: The lines, in the order of the runs.
        best: The marks.
    """

    figure: Figure
    by: Axis
    log: bool
    smoothed: bool
    runs: int
    lines: tuple[Line, ...]
    best: tuple[BestMark, ...]


def overlay_info(
    runs: Sequence[RunCurves],
    figure: Figure,
    *,
    by: Axis = "epoch",
    log: bool = False,
    smoothing: float = 0.0,
    parts: Collection[Part] = PARTS,
) -> OverlayInfo:
    """Gather the lines of a figure. Values that are missing or not finite are left out, on a log axis also 0 and less.

    Args:
        runs: The runs; there may be none, and some may have no finished epoch.
        figure: What to show.
        by: What runs along the x axis.
        log: Whether the y axis is logarithmic.
        smoothing: 0 to 0.95, how much of what came before goes into each point. A learning rate is never smoothed: it
            is planned, not measured.
        parts: Which of `train` and `validation` to show.

    Raises:
        ValueError: If the smoothing is out of bounds.
    """
    if not 0 <= smoothing <= MAX_SMOOTHING:
        raise ValueError(f"Smoothing is a share. Received: {smoothing}. Allowed: 0 to {MAX_SMOOTHING}.")
    lines: list[Line] = []
    best: list[BestMark] = []
    for run in runs:
        marks: list[BestMark] = []
        for part, column in COLUMNS[figure].items():
            if part != "rate" and part not in parts:
                continue
            measured = Measured.of(run, column, by, log=log)
            lines += measured.line(part, 0.0 if part == "rate" else smoothing)
            marks += measured.best()
        best += marks[-1:]  # validation comes after training
    return OverlayInfo(figure, by, log, smoothing > 0, len(runs), tuple(lines), tuple(best))


def overlay_plot(info: OverlayInfo) -> go.Figure:
    """The lines in the colours of their runs: training dotted and thin, validation solid, the best epoch a star.

    Every trace has its run as `legendgroup`. There is no legend: the page has one for all figures.
    """
    figure = go.Figure([*(trace for line in info.lines for trace in _traces(info, line)), *map(_star, info.best)])
    share = info.figure in ("accuracy", "auc")
    figure.update_xaxes(
        title={"text": "epoch" if info.by == "epoch" else "seconds", "standoff": 4},
        rangemode="tozero",
        tickformat="~g" if info.by == "epoch" else None,
        nticks=7,
        minallowed=0,
        zeroline=False,
        automargin=True,
        uirevision=info.by,  # a zoom into epochs makes no sense on seconds
    )
    figure.update_yaxes(
        title={"text": _UNITS[info.figure], "standoff": 6},
        type="log" if info.log else "linear",
        rangemode="normal" if share else "tozero",
        autorangeoptions={"clipmin": 0, "clipmax": 1} if share and not info.log else None,
        exponentformat="power",
        nticks=6,
        zeroline=False,
        automargin=True,
        uirevision="log" if info.log else "linear",
    )
    figure.update_layout(layout(250, dragmode="zoom", margin={"l": 60, "r": 8, "t": 8, "b": 40}))
    return figure


def group(run_id: int) -> str:
    """The `legendgroup` of everything that belongs to a run."""
    return f"run {run_id}"


def describe(info: OverlayInfo) -> str:
    """The figure in words: whose last value is lowest and highest."""
    title = TITLES[info.figure]
    by = "by epoch" if info.by == "epoch" else "by time"
    last: dict[int, Line] = {line.run_id: line for line in info.lines}  # validation comes after training
    if not last:
        return f"{title} {by}: nothing to show yet."
    part = _WORDS[next(iter(last.values())).part]
    low, high = (choose(last.values(), key=lambda line: float(line.raw[-1])) for choose in (min, max))
    of = f"{title} {by} of {len(last)} run{'s' * (len(last) != 1)}"
    if len(last) == 1:
        return f"{of}. Last {part}: {low.raw[-1]:.4g} ({low.label}, epoch {low.epochs[-1]})."
    return f"{of}. Last {part}: from {low.raw[-1]:.4g} ({low.label}) to {high.raw[-1]:.4g} ({high.label})."


def _traces(info: OverlayInfo, line: Line) -> list[go.Scatter]:
    look = mark(line.place)
    thin = line.part == "train"
    common: dict[str, Any] = {"legendgroup": group(line.run_id), "x": line.x, "cliponaxis": False}
    traces = []
    if info.smoothed and line.part != "rate":
        faint = {"color": look.color, "width": 1}
        traces.append(go.Scatter(y=line.raw, mode="lines", line=faint, opacity=0.3, hoverinfo="skip", **common))
    lonely = line.x.size == 1  # a line through one point would not be seen
    traces.append(
        go.Scatter(
            y=line.y,
            mode="lines+markers" if look.symbol or lonely else "lines",
            line={
                "color": look.color,
                "width": 1.5 if thin else 2.2,
                "dash": TRAIN_DASH if thin else VALIDATION_DASH,
            },
            marker={"color": look.color, "size": 7, "symbol": look.symbol or "circle", "maxdisplayed": 12},
            name=_short(line.label),
            customdata=line.epochs,
            hovertemplate=f"{_NAME}<br>{_WORDS[line.part]}, epoch %{{customdata}}: %{{y:.4g}}<extra></extra>",
            **common,
        )
    )
    return traces


def _star(best: BestMark) -> go.Scatter:
    return go.Scatter(
        x=[best.x],
        y=[best.y],
        mode="markers",
        marker={"color": mark(best.place).color, "size": 12, "symbol": "star"},
        legendgroup=group(best.run_id),
        name=_short(best.label),
        customdata=[best.epoch],
        hovertemplate=f"{_NAME}<br>best epoch, %{{customdata}}: %{{y:.4g}}<extra></extra>",
        cliponaxis=False,
    )


def _short(label: str) -> str:
    """A label that fits beside the pointer; Plotly would obey HTML in it."""
    return escape(label if len(label) <= 48 else f"{label[:47]}…", quote=False)
