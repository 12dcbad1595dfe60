"""Metrics from labels and predicted probabilities, in NumPy.

Labels are int64 (N,) in 0 … classes - 1, probabilities float (N, classes) with rows that sum to 1. One pass over the
validation images gives all of them, so the network need not run once for each.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

# Keras clips probabilities at this distance from 0 and 1 before it takes the logarithm (keras.config.epsilon()).
EPSILON = 1e-7


def cross_entropy(
    labels: NDArray[np.int64], probabilities: NDArray[np.floating], label_smoothing: float = 0.0
) -> float:
    """Return the mean categorical cross-entropy in nats, as Keras computes it from probabilities, smoothing included.

    One certain mistake costs at most 16.1. `Model.evaluate` finds more there: it sees the logits behind a softmax.
    """
    p = np.clip(probabilities.astype(np.float64), EPSILON, 1 - EPSILON)
    log_p = np.log(p / p.sum(axis=1, keepdims=True))  # (N, classes)
    of_label = log_p[np.arange(len(labels)), labels]  # (N,)
    return float(-((1 - label_smoothing) * of_label + label_smoothing * log_p.mean(axis=1)).mean())


def accuracy(labels: NDArray[np.int64], probabilities: NDArray[np.floating]) -> float:
    """Return the share of images whose most probable class is the true one, 0–1."""
    return float((probabilities.argmax(axis=1) == labels).mean())


def macro_auc(labels: NDArray[np.int64], probabilities: NDArray[np.floating]) -> float | None:
    """Return the mean over the classes of the area under the one-vs-rest ROC curve, 0–1.

    Classes of which there is no image, or nothing else, have no area and are left out; None if that leaves no class.
    """
    inside = np.bincount(labels, minlength=probabilities.shape[1])
    known = (inside > 0) & (inside < len(labels))
    return float(class_auc(labels, probabilities)[known].mean()) if known.any() else None


def class_auc(
    labels: NDArray[np.int64],
    probabilities: NDArray[np.floating],
    on_share: Callable[[float], None] = lambda _share: None,
) -> NDArray[np.float64]:
    """Return the area under the one-vs-rest ROC curve of each class, float64 (classes,), 0–1.

    The area is the Mann–Whitney statistic: the chance that an image of the class gets a higher probability for it
    than an image of another class, ties counting half. NaN for a class of which there is no image, or nothing else.

    Args:
        labels: int64 (N,).
        probabilities: float (N, classes).
        on_share: Told how much is done, 0–1.
    """
    classes = probabilities.shape[1]
    area = np.full(classes, np.nan)
    for one in range(classes):
        on_share(one / classes)
        of_class = labels == one
        inside = int(of_class.sum())
        outside = len(labels) - inside
        if inside and outside:
            rank_sum = _ranks(probabilities[:, one])[of_class].sum()
            area[one] = (rank_sum - inside * (inside + 1) / 2) / (inside * outside)
    return area


def _ranks(values: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return the ranks of numbers from 1, ties averaged, as `scipy.stats.rankdata` does, which takes long to import."""
    if np.isnan(values).any():
        return np.full(len(values), np.nan)
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    ranks: NDArray[np.float64] = counts.cumsum() - (counts - 1) / 2
    return ranks[place]
