"""Two networks on the same test images: where they differ, and whether that is more than chance."""

from dataclasses import dataclass
from math import sqrt
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from cnn_dash.errors import StoreError
from cnn_dash.evaluation.report import Report
from cnn_dash.evaluation.subsets import Z_95

Disagreement = Literal["only first", "only second", "both wrong", "corrected"]
"""Images that only one of them predicted correctly, or both as different wrong classes; or whose label was corrected
between two versions of the data set, so that they cannot be compared."""

LIKELY = 0.05
LEAST_SAME = 0.8
"""The share of labels that must be the same: those of other images would be so by chance alone."""


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


def same_images(first: Report, second: Report) -> NDArray[np.bool_]:
    """Return which images can be compared, bool (N,): those whose true class is the same for both.

    Labels may have been corrected between two versions of a data set.

    Raises:
        StoreError: If the two were not tested on the same images: there are more or fewer, or many labels differ.
    """
    count = len(first.labels)
    same = first.labels == second.labels if len(second.labels) == count else np.zeros(0, np.bool_)
    if len(same) != count or (count and same.mean() < LEAST_SAME) or first.classes != second.classes:
        raise StoreError(
            f"The two runs were not tested on the same images. Received: {count:,} test images of {first.classes:,} "
            f"classes, and {len(second.labels):,} of {second.classes:,}, whose labels differ. Allowed: two runs with "
            "the same test set. Choose another one."
        )
    return np.asarray(same)


def compare(first: Report, second: Report) -> Paired:
    """Count where two networks are right, and test whether the difference is more than chance.

    Images whose label has been corrected in between are left out.

    Raises:
        StoreError: If they were not tested on the same images, or on none.
    """
    from scipy.stats import binomtest  # takes most of a second: only when it is asked for

    same = same_images(first, second)
    if not same.any():
        raise StoreError("There is nothing to compare. Received: no test images. Choose another run.")
    a, b = first.wrong[same], second.wrong[same]
    only_first, only_second = int((~a & b).sum()), int((a & ~b).sum())
    both, neither = int((~a & ~b).sum()), int((a & b).sum())
    apart = only_first + only_second
    p_value = float(binomtest(only_first, apart, 0.5).pvalue) if apart else 1.0
    return Paired(both, only_first, only_second, neither, p_value)


def disagreements(first: Report, second: Report, which: Disagreement) -> NDArray[np.intp]:
    """Return the positions of the images of this kind, those on which both networks are surest first."""
    same = same_images(first, second)
    if which == "corrected":
        return np.flatnonzero(~same)
    kinds = {
        "only first": ~first.wrong & second.wrong,
        "only second": first.wrong & ~second.wrong,
        "both wrong": first.wrong & second.wrong & (first.predicted != second.predicted),
    }
    found = np.flatnonzero(kinds[which] & same)
    return found[np.argsort(-(first.confidence[found] + second.confidence[found]), kind="stable")]
