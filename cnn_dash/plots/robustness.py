"""Accuracy of networks on images that are disturbed more and more."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import plotly.graph_objects as go

from cnn_dash.plots.layout import layout, percent
from cnn_dash.plots.palette import MUTED
from cnn_dash.plots.run_marks import mark

HEIGHT_PX = 250


@dataclass(frozen=True)
class RobustnessLine:
    """One network.

    Attributes:
        name: `Run 12`.
        place: Which mark it has, see `run_marks`.
        accuracies: 0–1, for each level.
    """

    name: str
    place: int
    accuracies: tuple[float, ...]


@dataclass(frozen=True)
class RobustnessInfo:
    """What a plot shows.

    Attributes:
        title: Name of the disturbance.
        unit: Of its levels.
        levels: From little to much.
        neutral: The level that changes nothing.
        lines: One for each network.
    """

    title: str
    unit: str
    levels: tuple[float, ...]
    neutral: float
    lines: tuple[RobustnessLine, ...]


def robustness_info(
    title: str, unit: str, levels: Sequence[float], neutral: float, lines: Sequence[RobustnessLine]
) -> RobustnessInfo:
    """Gather the lines of a plot.

    Raises:
        ValueError: If a line has not one accuracy for each level.
    """
    for line in lines:
        if len(line.accuracies) != len(levels):
            raise ValueError(
                f"Each level needs an accuracy. Received: {len(levels)} levels and {len(line.accuracies)} accuracies."
            )
    return RobustnessInfo(title, unit, tuple(levels), neutral, tuple(lines))


def robustness_plot(info: RobustnessInfo) -> go.Figure:
    """Draw the lines in the colours of their runs; a dotted line marks the undisturbed images."""
    figure = go.Figure()
    figure.add_vline(x=info.neutral, line={"color": MUTED, "dash": "dot", "width": 1.5})
    for line in info.lines:
        look = mark(line.place)
        figure.add_scatter(
            x=info.levels,
            y=line.accuracies,
            mode="lines+markers",
            name=escape(line.name),
            line={"color": look.color, "width": 2},
            marker={"color": look.color, "size": 6, "symbol": look.symbol or "circle"},
            hovertemplate=f"%{{x:g}} {escape(info.unit)}<br>accuracy %{{y:.1%}}<extra>%{{fullData.name}}</extra>",
        )
    figure.update_xaxes(
        title=f"{info.title} ({info.unit})",
        tickmode="array",
        tickvals=list(info.levels),
        zeroline=False,
        showgrid=False,
        automargin=True,
    )
    figure.update_yaxes(
        title="accuracy", range=[-0.02, 1.02], tickformat=".0%", nticks=6, zeroline=False, automargin=True
    )
    figure.update_layout(layout(HEIGHT_PX))
    return figure


def describe(info: RobustnessInfo) -> str:
    """Return the plot in words."""
    said = []
    for line in info.lines:
        least = min(range(len(info.levels)), key=lambda place: line.accuracies[place])
        said.append(f"{line.name} least at {info.levels[least]:g}, {percent(line.accuracies[least])}")
    return f"Accuracy by {info.title} ({info.unit}): {'; '.join(said) or 'no runs'}."
