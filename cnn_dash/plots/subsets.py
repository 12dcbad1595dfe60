"""Accuracy of groups of images, with its intervals."""

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from cnn_dash.plots.layout import layout, percent
from cnn_dash.plots.palette import BAD, GOOD, MUTED

HEIGHT_PX = 260


@dataclass(frozen=True)
class GroupAccuracy:
    """One group.

    Attributes:
        label: `12–31`.
        count: Images.
        accuracy: 0–1.
        low: Lower end of its interval.
        high: Upper end of its interval.
        behind: Whether it falls behind.
    """

    label: str
    count: int
    accuracy: float
    low: float
    high: float
    behind: bool


@dataclass(frozen=True)
class SubsetsInfo:
    """What a plot shows.

    Attributes:
        title: What the images are grouped by: `Brightness (mean grey value)`.
        groups: From the least values to the largest.
        accuracy: Of all images, 0–1.
    """

    title: str
    groups: tuple[GroupAccuracy, ...]
    accuracy: float


def subsets_info(title: str, groups: Sequence[GroupAccuracy], accuracy: float) -> SubsetsInfo:
    """Gather the groups of a plot.

    Raises:
        ValueError: If an accuracy is not within its interval.
    """
    for group in groups:
        if not group.low - 1e-9 <= group.accuracy <= group.high + 1e-9:
            raise ValueError(
                f"An accuracy lies within its interval. Received: {group.accuracy}, {group.low} to {group.high}."
            )
    return SubsetsInfo(title, tuple(groups), accuracy)


def subsets_plot(info: SubsetsInfo) -> go.Figure:
    """Draw a point with its interval for each group; those that fall behind have another colour and mark."""
    figure = go.Figure()
    figure.add_hline(y=info.accuracy, line={"color": MUTED, "dash": "dot", "width": 1.5})
    for behind, color, symbol in ((False, GOOD, "circle"), (True, BAD, "x")):
        some = [(place, group) for place, group in enumerate(info.groups) if group.behind is behind]
        if not some:
            continue
        figure.add_scatter(
            x=[place for place, _ in some],
            y=[group.accuracy for _, group in some],
            mode="markers",
            marker={"color": color, "symbol": symbol, "size": 10},
            error_y={
                "type": "data",
                "symmetric": False,
                "array": [max(0.0, group.high - group.accuracy) for _, group in some],
                "arrayminus": [max(0.0, group.accuracy - group.low) for _, group in some],
                "color": color,
                "thickness": 1.5,
                "width": 4,
            },
            customdata=[[group.label, group.count, group.low, group.high] for _, group in some],
            hovertemplate="%{customdata[0]}: accuracy %{y:.1%} (%{customdata[2]:.1%} to %{customdata[3]:.1%})<br>"
            "%{customdata[1]:,} images<extra></extra>",
        )
    places = list(range(len(info.groups)))
    figure.update_xaxes(
        title=info.title,
        tickmode="array",
        tickvals=places,
        ticktext=[group.label for group in info.groups],
        range=[-0.6, len(info.groups) - 0.4],
        showgrid=False,
        zeroline=False,
        automargin=True,
    )
    low = min((group.low for group in info.groups), default=0)
    figure.update_yaxes(
        title="accuracy", range=[max(0.0, low - 0.03), 1.005], tickformat=".3~%", zeroline=False, automargin=True
    )
    figure.update_layout(layout(HEIGHT_PX))
    return figure


def describe(info: SubsetsInfo) -> str:
    """Return the plot in words."""
    said = "; ".join(
        f"{group.label} {percent(group.accuracy)}{' (falls behind)' if group.behind else ''}" for group in info.groups
    )
    return f"Accuracy by {info.title}, {percent(info.accuracy)} of all images: {said or 'no groups'}."
