"""The planned learning rate over a run."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from cnn_dash.plots.layout import layout
from cnn_dash.plots.palette import ACCENT


@dataclass(frozen=True, eq=False)
class ScheduleInfo:
    """A learning-rate schedule.

    Attributes:
        epochs: float64 (M,), places in the run, in epochs from 0.
        rates: float64 (M,), the learning rate there.
    """

    epochs: npt.NDArray[np.float64]
    rates: npt.NDArray[np.float64]


def schedule_info(epochs: Sequence[float], rates: Sequence[float]) -> ScheduleInfo:
    """Pair places in the run, in epochs, with the learning rate at each; at least one.

    Raises:
        ValueError: If there is none, or not one rate for each place.
    """
    if not len(epochs) or len(epochs) != len(rates):
        raise ValueError(f"Each place needs a rate. Received: {len(epochs)} places and {len(rates)} rates.")
    return ScheduleInfo(np.asarray(epochs, np.float64), np.asarray(rates, np.float64))


def schedule_plot(info: ScheduleInfo) -> go.Figure:
    """Draw a small line, from 0 up, so that a constant rate looks constant."""
    figure = go.Figure(
        go.Scatter(
            x=info.epochs,
            y=info.rates,
            mode="lines",
            line={"color": ACCENT, "width": 2},
            hovertemplate="after %{x:.2f} epochs<br>learning rate %{y:.3g}<extra></extra>",
        )
    )
    figure.update_xaxes(title="epoch", rangemode="tozero", automargin=True)
    figure.update_yaxes(
        title="learning rate",
        range=[0, 1.1 * info.rates.max()],
        nticks=4,
        exponentformat="none",
        automargin=True,
    )
    figure.update_layout(layout(180))
    return figure


def describe(info: ScheduleInfo) -> str:
    """Return the schedule in words."""
    low, high = float(info.rates.min()), float(info.rates.max())
    if low == high:
        return f"Learning rate {high:.3g} throughout {info.epochs[-1]:g} epochs."
    return (
        f"Learning rate over {info.epochs[-1]:g} epochs: starts at {info.rates[0]:.3g}, is {high:.3g} at its highest "
        f"and {low:.3g} at its lowest, ends at {info.rates[-1]:.3g}."
    )
