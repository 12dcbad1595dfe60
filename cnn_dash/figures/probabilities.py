"""How sure the network is: one bar for each class."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from cnn_dash.figures.layout import empty_note, layout, percent
from cnn_dash.figures.palette import ACCENT, MUTED


@dataclass(frozen=True)
class ProbabilityInfo:
    """The answer of a network to one picture.

    Attributes:
        class_names: K names.
        probabilities: K numbers of 0–1.
        labels: K texts such as `98.3 %`; never `100.0 %`, because no network is certain.
        answer: The most probable class, or None if there is no class or a number is not finite.
    """

    class_names: tuple[str, ...]
    probabilities: tuple[float, ...]
    labels: tuple[str, ...]
    answer: int | None


def probability_info(probabilities: npt.ArrayLike, class_names: Sequence[str]) -> ProbabilityInfo:
    """Read the output of a softmax.

    Args:
        probabilities: float (K,), each 0–1. NaN, as a network with broken weights gives, makes the answer None.
        class_names: K names.

    Raises:
        ValueError: If there is not one probability for each class.
    """
    values = np.asarray(probabilities, dtype=np.float64)
    if values.shape != (len(class_names),):
        raise ValueError(
            f"There must be one probability for each of the {len(class_names)} classes. Received: shape {values.shape}."
        )
    usable = values.size > 0 and bool(np.isfinite(values).all())
    return ProbabilityInfo(
        class_names=tuple(class_names),
        probabilities=tuple(values.tolist()) if usable else (0.0,) * len(values),
        labels=tuple(percent(value) for value in values) if usable else ("–",) * len(values),
        answer=int(values.argmax()) if usable else None,
    )


def probability_figure(info: ProbabilityInfo) -> go.Figure:
    """Lying bars, the answer in the accent colour. Height and axes depend on the classes only, so nothing jumps."""
    places = list(range(len(info.class_names)))
    figure = go.Figure(
        go.Bar(
            x=info.probabilities,
            y=places,
            orientation="h",
            text=info.labels,
            textposition="outside",
            cliponaxis=False,
            marker={"color": [ACCENT if place == info.answer else MUTED for place in places], "line": {"width": 0}},
            customdata=info.class_names,
            hovertemplate="%{customdata}: %{text}<extra></extra>",
        )
    )
    # Beyond 100 % there is room for the label of a full bar.
    figure.update_xaxes(
        title="probability (%)",
        range=[0, 1.22],
        tickvals=[0, 0.25, 0.5, 0.75, 1],
        ticktext=["0", "25", "50", "75", "100"],
        fixedrange=True,
    )
    figure.update_yaxes(
        title="class",
        tickmode="array",
        tickvals=places,
        ticktext=info.class_names,
        range=[len(places) - 0.5, -0.5],
        showgrid=False,
        zeroline=False,
        fixedrange=True,
        automargin=True,
    )
    note = [] if info.answer is not None else [empty_note("No answer.")]
    figure.update_layout(layout(60 + 26 * max(len(places), 3), bargap=0.25, annotations=note))
    return figure


def describe(info: ProbabilityInfo) -> str:
    """The answer and its nearest rival in words."""
    if info.answer is None:
        return "Probabilities of the classes: the network gave no answer."
    first, *rest = sorted(range(len(info.probabilities)), key=lambda place: -info.probabilities[place])
    text = f"The answer is {info.class_names[first]}, {info.labels[first]}."
    return f"{text} Next comes {info.class_names[rest[0]]}, {info.labels[rest[0]]}." if rest else text
