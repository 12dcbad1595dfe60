"""How sure the network is: one bar for each class."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cnn_dash.plots.layout import percent


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


def describe(info: ProbabilityInfo) -> str:
    """The answer and its nearest rival in words."""
    if info.answer is None:
        return "Probabilities of the classes: the network gave no answer."
    first, *rest = sorted(range(len(info.probabilities)), key=lambda place: -info.probabilities[place])
    text = f"The answer is {info.class_names[first]}, {info.labels[first]}."
    return f"{text} Next comes {info.class_names[rest[0]]}, {info.labels[rest[0]]}." if rest else text
