"""The learning rate over a run, as it is planned."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from cnn_dash.figures.layout import empty_note, layout, thinned
from cnn_dash.figures.palette import ACCENT


@dataclass(frozen=True, eq=False)
class ScheduleInfo:
    """A learning-rate schedule, thinned for drawing.

    Attributes:
        epochs: float64 (M,), where each kept step begins, in epochs from 0; M ≤ 500.
        rates: float64 (M,), the learning rate of these steps.
        steps: All steps of the run.
    """

    epochs: npt.NDArray[np.float64]
    rates: npt.NDArray[np.float64]
    steps: int


def schedule_info(rates: Sequence[float], steps_per_epoch: int) -> ScheduleInfo:
    """Place the learning rate of each step on an axis of epochs.

    Args:
        rates: Learning rate of each step of the run, in order; may be empty.
        steps_per_epoch: Batches in an epoch, at least 1.

    Raises:
        ValueError: If `steps_per_epoch` is less than 1.
    """
    if steps_per_epoch < 1:
        raise ValueError(f"An epoch has at least 1 step. Received: steps_per_epoch={steps_per_epoch!r}.")
    values = np.asarray(rates, dtype=np.float64)
    kept = thinned(values)
    return ScheduleInfo(epochs=kept / steps_per_epoch, rates=values[kept], steps=len(values))


def schedule_figure(info: ScheduleInfo) -> go.Figure:
    """A small line, from 0 up, so that a constant rate looks constant."""
    figure = go.Figure(
        go.Scatter(
            x=info.epochs,
            y=info.rates,
            mode="lines" if len(info.rates) > 1 else "markers",
            line={"color": ACCENT, "width": 2},
            hovertemplate="after %{x:.2f} epochs<br>learning rate %{y:.3g}<extra></extra>",
        )
    )
    figure.update_xaxes(title="epoch", rangemode="tozero", automargin=True)
    figure.update_yaxes(
        title="learning rate",
        range=[0, 1.1 * info.rates.max(initial=0) or 1],
        nticks=4,
        exponentformat="none",
        automargin=True,
    )
    figure.update_layout(layout(180, annotations=[] if info.steps else [empty_note("No steps to plan.")]))
    return figure


def describe(info: ScheduleInfo) -> str:
    """The schedule in words."""
    if not info.steps:
        return "Learning rate of a run without steps."
    low, high = float(info.rates.min()), float(info.rates.max())
    if low == high:
        return f"Learning rate {high:.3g} throughout {info.steps:,} steps."
    return (
        f"Learning rate over {info.steps:,} steps: starts at {info.rates[0]:.3g}, is {high:.3g} at its highest and "
        f"{low:.3g} at its lowest, ends at {info.rates[-1]:.3g}."
    )
