"""The confusion matrix as numbers. `confusion` draws it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cnn_dash.plots.layout import percent


@dataclass(frozen=True, eq=False)
class ConfusionInfo:
    """How often each class was predicted as each.

    Attributes:
        class_names: K names.
        matrix: int64 (K, K), rows are the true class, columns the predicted one.
        totals: int64 (K,), images of each true class.
        recall: float64 (K,), share of each class that was predicted correctly, 0–1; NaN for a class without images.
    """

    class_names: tuple[str, ...]
    matrix: npt.NDArray[np.int64]
    totals: npt.NDArray[np.int64]
    recall: npt.NDArray[np.float64]

    @property
    def count(self) -> int:
        """Number of images."""
        return int(self.totals.sum())

    @property
    def mistakes(self) -> int:
        """Number of images that were predicted as another class."""
        return self.count - int(np.trace(self.matrix))

    @property
    def predicted_totals(self) -> npt.NDArray[np.int64]:
        """Images that were predicted as each class, int64 (K,)."""
        return np.asarray(self.matrix.sum(axis=0))

    @property
    def off_diagonal(self) -> npt.NDArray[np.int64]:
        """The matrix with its diagonal at 0: only mistakes, int64 (K, K)."""
        return self.matrix - np.diag(np.diagonal(self.matrix))


@dataclass(frozen=True)
class ConfusedPair:
    """A true class, and another one that its images were predicted as.

    Attributes:
        true: Index of the true class.
        predicted: Index of the predicted class.
        count: How many images.
        share: Their share of the true class, 0–1.
    """

    true: int
    predicted: int
    count: int
    share: float


def confused_pairs(info: ConfusionInfo, most: int) -> list[ConfusedPair]:
    """Return the most frequent mistakes, most images first, then the larger share; at most so many."""
    true, predicted = np.nonzero(info.off_diagonal)
    counts = info.matrix[true, predicted]
    share = counts / info.totals[true]
    order = np.lexsort((-share, -counts))[:most]
    columns = (one[order].tolist() for one in (true, predicted, counts, share))
    return [ConfusedPair(*pair) for pair in zip(*columns, strict=True)]


def confusion_info(labels: npt.ArrayLike, predicted: npt.ArrayLike, class_names: Sequence[str]) -> ConfusionInfo:
    """Count each pair of true and predicted class.

    Args:
        labels: int (N,), true classes, 0 to K-1; N may be 0.
        predicted: int (N,), predicted classes, 0 to K-1.
        class_names: K names.

    Raises:
        ValueError: If the two do not have the same length, or hold a class that has no name.
    """
    true, answer = np.asarray(labels, dtype=np.int64), np.asarray(predicted, dtype=np.int64)
    if true.ndim != 1 or true.shape != answer.shape:
        raise ValueError(
            f"Labels and predictions must be two lists of the same length. "
            f"Received: shapes {true.shape} and {answer.shape}."
        )
    size = len(class_names)
    both = np.concatenate([true, answer])
    if both.size and (both.min() < 0 or both.max() >= size):
        raise ValueError(
            f"Every class needs a name. Received: classes {both.min()} to {both.max()}. Allowed: 0 to {size - 1}."
        )
    matrix = np.bincount(true * size + answer, minlength=size * size).reshape(size, size).astype(np.int64)
    totals = matrix.sum(axis=1)
    recall = np.full(size, np.nan)
    np.divide(np.diagonal(matrix), totals, out=recall, where=totals > 0)
    return ConfusionInfo(tuple(class_names), matrix, totals, recall)


def describe(info: ConfusionInfo) -> str:
    """Return the matrix in words."""
    if not info.count:
        return "Confusion matrix without images."
    start = f"Confusion matrix of {info.count:,} image{'s' * (info.count != 1)}"
    if not info.mistakes:
        return f"{start}: all correct."
    wrong = info.off_diagonal
    true, predicted = np.unravel_index(int(wrong.argmax()), wrong.shape)
    return (
        f"{start}: {info.count - info.mistakes:,} correct ({percent(1 - info.mistakes / info.count)}), "
        f"{info.mistakes:,} wrong. Most frequent mistake: {info.class_names[true]} predicted as "
        f"{info.class_names[predicted]}, {wrong[true, predicted]:,} of {info.totals[true]:,}."
    )
