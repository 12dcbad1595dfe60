"""Accuracy of subsets of the test images, and which of them fall behind."""

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

GROUPS = 5
Z_95 = 1.959963984540054


@dataclass(frozen=True, eq=False)
class Subset:
    """Images whose property lies within bounds, or that have something in common.

    Attributes:
        name: `blurred`; of bounds `12–31`.
        images: int64 (M,), positions in the test set.
        correct: How many were predicted correctly.
        interval: Of the accuracy, 95 % (Wilson), 0–1.
        behind: Whether the whole interval is below the accuracy of all other images.
    """

    name: str
    images: NDArray[np.int64]
    correct: int
    interval: tuple[float, float]
    behind: bool

    @property
    def accuracy(self) -> float:
        """Share of its images that were predicted correctly, 0–1."""
        return self.correct / len(self.images)


def subsets_by(values: NDArray[np.floating], wrong: NDArray[np.bool_], groups: int = GROUPS) -> list[Subset]:
    """Divide images by a property into groups of about the same size, from the least values to the largest.

    Equal values stay together, so there may be fewer groups. Images whose value is NaN are in none.

    Args:
        values: float (N,), the property.
        wrong: bool (N,), which were predicted as another class.
        groups: How many groups at most.
    """
    known = np.flatnonzero(np.isfinite(values))
    if not len(known):
        return []
    edges = np.unique(np.quantile(values[known], np.linspace(0, 1, groups + 1)[1:-1], method="lower"))
    place = np.searchsorted(edges, values[known], side="left")  # an edge is the largest value of its group
    found = []
    for group in np.unique(place):
        images = known[place == group]
        low, high = float(values[images].min()), float(values[images].max())
        name = f"{low:.3g}" if low == high else f"{low:.3g}–{high:.3g}"
        found.append(subset(name, images, wrong))
    return found


def subset(name: str, images: NDArray[np.int64], wrong: NDArray[np.bool_]) -> Subset:
    """Return some images as a subset.

    Args:
        name: What they have in common.
        images: int64 (M,), positions in the test set, at least one.
        wrong: bool (N,), which of all were predicted as another class.
    """
    correct = int((~wrong[images]).sum())
    interval = wilson(correct, len(images))
    others = len(wrong) - len(images)
    behind = others > 0 and interval[1] < (int((~wrong).sum()) - correct) / others
    return Subset(name, images, correct, interval, behind)


def wilson(successes: int, count: int) -> tuple[float, float]:
    """Return the 95 % interval of a share (Wilson, 1927), 0–1; of no trials it is all there is."""
    if not count:
        return 0.0, 1.0
    share, z2 = successes / count, Z_95**2
    middle = (share + z2 / (2 * count)) / (1 + z2 / count)
    reach = Z_95 / (1 + z2 / count) * sqrt(share * (1 - share) / count + z2 / (4 * count**2))
    return max(0.0, middle - reach), min(1.0, middle + reach)
