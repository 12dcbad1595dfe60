"""The curves of several runs over each other: one plot for each chart of the metrics that they have."""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import plotly.graph_objects as go

from cnn_dash.metrics import Chart, Format, Metric, Part, non_finite_text
from cnn_dash.plots.layout import layout
from cnn_dash.plots.palette import TRAIN_DASH, VALIDATION_DASH
from cnn_dash.plots.run_lines import Axis, Line, Mark, Measured, RunCurves
from cnn_dash.plots.run_marks import mark

MAX_SMOOTHING = 0.95
PARTS: tuple[Part, ...] = ("train", "validation")

_NAME = "%{fullData.name}"
_PART_NAMES: dict[Part | None, str] = {"train": "training", "validation": "validation", "test": "test"}
_DASHES: dict[Part | None, str] = {"train": TRAIN_DASH, "validation": VALIDATION_DASH, "test": "dash"}


@dataclass(frozen=True, eq=False)
class OverlayInfo:
    """What one plot shows of several runs.

    Attributes:
        chart: Which metrics.
        by: What runs along the x axis: `epoch`, or `time` in seconds.
        log: Whether the y axis is logarithmic.
        smoothed: Whether the lines are smoothed.
        runs: How many runs were asked for; those without a finished epoch have no line.
        lines: The lines, in the order of the runs.
        best: The marks of the best epochs.
        non_finite: The marks of the epochs in which a metric was NaN or infinite.
    """

    chart: Chart
    by: Axis
    log: bool
    smoothed: bool
    runs: int
    lines: tuple[Line, ...]
    best: tuple[Mark, ...]
    non_finite: tuple[Mark, ...]


def overlay_info(
    runs: Sequence[RunCurves],
    chart: Chart,
    *,
    by: Axis = "epoch",
    log: bool = False,
    smoothing: float = 0.0,
    parts: Collection[Part] = PARTS,
) -> OverlayInfo:
    """Gather the lines of a plot. Epochs without a value are left out, on a log axis also those with 0 and less.

    Args:
        runs: The runs; there may be none, and some may have no finished epoch.
        chart: What to show.
        by: What runs along the x axis.
        log: Whether the y axis is logarithmic.
        smoothing: 0 to 0.95, how much of what came before goes into each point. What belongs to no data is never
            smoothed: a learning rate is planned, not measured.
        parts: Which of `train` and `validation` to show.

    Raises:
        ValueError: If the smoothing is out of bounds.
    """
    if not 0 <= smoothing <= MAX_SMOOTHING:
        raise ValueError(f"Smoothing is a share. Received: {smoothing}. Allowed: 0 to {MAX_SMOOTHING}.")
    shown = [metric for metric in chart.metrics if metric.part not in PARTS or metric.part in parts]
    lines: list[Line] = []
    best: list[Mark] = []
    non_finite: list[Mark] = []
    for run in runs:
        own: list[Mark] = []
        for metric in shown:
            measured = Measured.of(run, metric, by, log=log)
            lines += measured.line(0.0 if metric.part is None else smoothing)
            own += measured.best()
            non_finite += measured.non_finite()
        best += own[-1:]  # validation comes after training
    return OverlayInfo(chart, by, log, smoothing > 0, len(runs), tuple(lines), tuple(best), tuple(non_finite))


def overlay_plot(info: OverlayInfo) -> go.Figure:
    """Draw the lines in the colours of their runs: training dotted and thin, validation solid, the best epoch a star.

    Where the metric was NaN or infinite the line has a gap, and the edge of the plot a mark: × for NaN, a triangle that
    points up or down for infinity. Every trace has its run as `legendgroup`. There is no legend: the page has one for
    all plots.
    """
    traces = [
        *(trace for line in info.lines for trace in _traces(info, line)),
        *map(_star, info.best),
        *map(_edge_mark, info.non_finite),
    ]
    figure = go.Figure(traces)
    share = info.chart.format is Format.PERCENT
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
        title={"text": info.chart.unit, "standoff": 6},
        type="log" if info.log else "linear",
        rangemode="tozero" if info.chart.from_zero else "normal",
        autorangeoptions={"clipmin": 0, "clipmax": 1} if info.chart.bounded and not info.log else None,
        tickformat=".6~%" if share else None,
        exponentformat="power",
        nticks=6,
        zeroline=False,
        automargin=True,
        uirevision="log" if info.log else "linear",
    )
    figure.update_layout(layout(250, dragmode="zoom", margin={"l": 60, "r": 8, "t": 8, "b": 40}))
    if info.non_finite:  # what has no place on the axis stands on its edge, wherever a person zooms
        figure.update_layout(yaxis2={"overlaying": "y", "range": [0, 1], "fixedrange": True, "visible": False})
    return figure


def group(run_id: int) -> str:
    """Return the `legendgroup` of everything that belongs to a run."""
    return f"run {run_id}"


def describe(info: OverlayInfo) -> str:
    """Put the plot into words: whose last value is lowest and highest, and how often there was none."""
    by = "by epoch" if info.by == "epoch" else "by time"
    last: dict[int, Line] = {line.run_id: line for line in info.lines}  # validation comes after training
    count = len(info.non_finite)
    broken = f" NaN or infinite in {count} place{'s' * (count != 1)}." if count else ""
    if not last:
        return f"{info.chart.title} {by}: {'no number.' if broken else 'nothing to show yet.'}{broken}"
    part = _called(next(iter(last.values())).metric)
    low, high = (choose(last.values(), key=lambda line: line.last[1]) for choose in (min, max))
    of = f"{info.chart.title} {by} of {len(last)} run{'s' * (len(last) != 1)}"
    if len(last) == 1:
        return f"{of}. Last {part}: {low.last[1]:.4g} ({low.label}, epoch {low.last[0]}).{broken}"
    return f"{of}. Last {part}: from {low.last[1]:.4g} ({low.label}) to {high.last[1]:.4g} ({high.label}).{broken}"


def _called(metric: Metric) -> str:
    """Return what tells a metric from the others of its chart."""
    return _PART_NAMES.get(metric.part, metric.phrase)


def _traces(info: OverlayInfo, line: Line) -> list[go.Scatter]:
    look = mark(line.place)
    thin = line.metric.part == "train"
    common: dict[str, Any] = {"legendgroup": group(line.run_id), "x": line.x, "cliponaxis": False}
    traces = []
    if info.smoothed and line.metric.part is not None:
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
                "dash": _DASHES.get(line.metric.part, VALIDATION_DASH),
            },
            marker={"color": look.color, "size": 7, "symbol": look.symbol or "circle", "maxdisplayed": 12},
            name=_short(line.label),
            customdata=line.epochs,
            hovertemplate=f"{_NAME}<br>{_plain(_called(line.metric))}, epoch %{{customdata}}: "
            f"%{{y:{'.2%' if info.chart.format is Format.PERCENT else '.4g'}}}<extra></extra>",
            **common,
        )
    )
    return traces


def _star(best: Mark) -> go.Scatter:
    value = ".2%" if best.metric.format is Format.PERCENT else ".4g"
    return _marker(best, best.y, "star", f"best epoch, %{{customdata}}: %{{y:{value}}}")


def _edge_mark(found: Mark) -> go.Scatter:
    symbol, edge = "x", 0.0
    if math.isinf(found.y):
        symbol, edge = ("triangle-up", 1.0) if found.y > 0 else ("triangle-down", 0.0)
    words = f"{_plain(_called(found.metric))}, epoch %{{customdata}}: {non_finite_text(found.y)}"
    return _marker(found, edge, symbol, words).update(yaxis="y2")


def _marker(of: Mark, y: float, symbol: str, words: str) -> go.Scatter:
    return go.Scatter(
        x=[of.x],
        y=[y],
        mode="markers",
        marker={"color": mark(of.place).color, "size": 12, "symbol": symbol},
        legendgroup=group(of.run_id),
        name=_short(of.label),
        customdata=[of.epoch],
        hovertemplate=f"{_NAME}<br>{words}<extra></extra>",
        cliponaxis=False,
    )


def _short(label: str) -> str:
    """Return a label that fits beside the pointer; Plotly would obey HTML in it."""
    return escape(label if len(label) <= 48 else f"{label[:47]}…", quote=False)


def _plain(name: str) -> str:
    """Return the name of a metric, which another program chose, as Plotly shows it as it is in a template."""
    return _short(name).replace("%{", "% {")
