"""Two networks on the same test images: where they differ, and whether that is more than chance."""

from dataclasses import dataclass
from math import sqrt
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from cnn_dash.errors import StoreError
from cnn_dash.evaluation.report import Report
from cnn_dash.evaluation.subsets import Z_95

Disagreement = Literal["only first", "only second", "both wrong"]
"""Images that only one of them predicted correctly, or both as different wrong classes."""

LIKELY = 0.05


@dataclass(frozen=True)
class Paired:
    """How two networks do on the same images.

    Attributes:
        both: Images that both predicted correctly.
        only_first: Images that only the first predicted correctly.
        only_second: Images that only the second predicted correctly.
        neither: Images that neither predicted correctly.
        p_value: Of McNemar's test, exact and two-sided: how likely so large a difference would be by chance, if both
            were equally good.
    """

    both: int
    only_first: int
    only_second: int
    neither: int
    p_value: float

    @property
    def count(self) -> int:
        """Number of images."""
        return self.both + self.only_first + self.only_second + self.neither

    @property
    def difference(self) -> float:
        """Accuracy of the second minus that of the first, -1 to 1."""
        return (self.only_second - self.only_first) / self.count

    @property
    def interval(self) -> tuple[float, float]:
        """95 % interval of the difference, for paired shares."""
        apart = self.only_first + self.only_second
        error = sqrt(max(0.0, apart - (self.only_second - self.only_first) ** 2 / self.count)) / self.count
        return self.difference - Z_95 * error, self.difference + Z_95 * error

    @property
    def may_be_chance(self) -> bool:
        """Whether the difference may well be chance: p is at least 0.05."""
        return self.p_value >= LIKELY


def require_same_images(first: Report, second: Report) -> None:
    """Refuse two reports on different test images.

    Raises:
        StoreError: If their labels are not the same.
    """
    if first.labels.shape != second.labels.shape or (first.labels != second.labels).any():
        raise StoreError(
            f"The two runs were not tested on the same images. Received: {len(first.labels):,} and "
            f"{len(second.labels):,} test images, whose labels differ. Allowed: two runs with the same test set. "
            "Choose another one."
        )


def compare(first: Report, second: Report) -> Paired:
    """Count where two networks are right, and test whether the difference is more than chance.

    Raises:
        StoreError: If they were not tested on the same images, or on none.
    """
    from scipy.stats import binomtest  # takes most of a second: only when it is asked for

    require_same_images(first, second)
    if not len(first.labels):
        raise StoreError("There is nothing to compare. Received: no test images. Choose another run.")
    only_first = int((~first.wrong & second.wrong).sum())
    only_second = int((first.wrong & ~second.wrong).sum())
    both, neither = int((~first.wrong & ~second.wrong).sum()), int((first.wrong & second.wrong).sum())
    apart = only_first + only_second
    p_value = float(binomtest(only_first, apart, 0.5).pvalue) if apart else 1.0
    return Paired(both, only_first, only_second, neither, p_value)


def disagreements(first: Report, second: Report, which: Disagreement) -> NDArray[np.intp]:
    """Return the positions of the images of this kind, those on which both networks are surest first."""
    found = np.flatnonzero(
        {
            "only first": ~first.wrong & second.wrong,
            "only second": first.wrong & ~second.wrong,
            "both wrong": first.wrong & second.wrong & (first.predicted != second.predicted),
        }[which]
    )
    return found[np.argsort(-(first.confidence[found] + second.confidence[found]), kind="stable")]
