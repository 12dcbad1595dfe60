"""The probabilities of the classes, as numbers and in words."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cnn_dash.plots.layout import percent

MAX_BARS = 10
"""Of more classes only so many are drawn."""


@dataclass(frozen=True)
class ProbabilityInfo:
    """The prediction of a network for one image.

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
    """Turn the output of a softmax into numbers and texts.

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


@dataclass(frozen=True)
class Bar:
    """One row of the drawing.

    Attributes:
        name: Name of the class, or how many other classes it stands for.
        probability: 0–1.
        label: It as text.
        is_answer: Whether this is the predicted class.
    """

    name: str
    probability: float
    label: str
    is_answer: bool


def bars(info: ProbabilityInfo) -> tuple[Bar, ...]:
    """Return a bar for each class, in the order of the classes; of many classes only the most probable ones.

    With more than `MAX_BARS` classes, so many are left, the most probable first, and one bar for the sum of the others.
    """
    ranked = sorted(range(len(info.probabilities)), key=lambda place: -info.probabilities[place])
    shown = ranked[:MAX_BARS] if len(ranked) > MAX_BARS else sorted(ranked)
    found = [
        Bar(info.class_names[place], info.probabilities[place], info.labels[place], place == info.answer)
        for place in shown
    ]
    if others := ranked[len(shown) :]:
        rest = sum(info.probabilities[place] for place in others)
        label = percent(rest) if info.answer is not None else "–"
        found.append(Bar(f"{len(others):,} other{'s' * (len(others) > 1)}", rest, label, is_answer=False))
    return tuple(found)


def describe(info: ProbabilityInfo) -> str:
    """Return a text with the prediction and the next class."""
    if info.answer is None:
        return "Class probabilities: the network gave none."
    first, *rest = sorted(range(len(info.probabilities)), key=lambda place: -info.probabilities[place])
    text = f"Predicted {info.class_names[first]}, {info.labels[first]}."
    return f"{text} Next: {info.class_names[rest[0]]}, {info.labels[rest[0]]}." if rest else text
