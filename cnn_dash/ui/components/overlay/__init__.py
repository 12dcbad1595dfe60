"""The curves of several runs over each other, with one legend for all plots.

A component of our own: `st.plotly_chart` draws a plot anew whenever a number in it changes, and zoom and hidden lines
are lost. Here `Plotly.react` changes what is there, so that both outlive another smoothing, and the next epoch of a run
that is being trained.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import plotly.graph_objects as go

from cnn_dash.ui.components.shared import PLOTLY, component, library_url

_overlay = component(
    "overlay",
    '<section class="overlay"><div class="legend"></div><div class="charts"></div></section>',
    js=PLOTLY,
)


@dataclass(frozen=True)
class Plot:
    """One plot: a name that does not change, its heading, and what a person hears who does not see it."""

    name: str
    title: str
    figure: go.Figure
    alt: str


@dataclass(frozen=True)
class LegendEntry:
    """One entry of the legend.

    Attributes:
        group: `legendgroup` of the traces that a click hides; empty for what only explains.
        label: Plain text.
        swatch: What stands before it, as HTML.
    """

    group: str
    label: str
    swatch: str


def render_overlay(plots: Sequence[Plot], legend: Sequence[LegendEntry], *, key: str) -> None:
    """Draw plots beside each other, as many in a row as fit. A click on a run in the legend hides it in all."""
    _overlay(
        key=key,
        data={
            "plotly": library_url(),
            "legend": [asdict(entry) for entry in legend],
            "charts": [
                {"name": one.name, "title": one.title, "alt": one.alt, "figure": _spec(one.figure)} for one in plots
            ],
        },
        width="stretch",
        height="content",
    )


def _spec(figure: go.Figure) -> str:
    """Return the plot as JSON, without the template: the browser gives it the colours of the theme."""
    return str(go.Figure(figure).update_layout(template={}).to_json())
