"""Metrics from labels and predicted probabilities, in NumPy.

Labels are int64 (N,) in 0 … classes - 1, probabilities float (N, classes) with rows that sum to 1. One pass over the
validation images gives all of them, so the network need not run once for each.
"""

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

    The area is the Mann–Whitney statistic: the chance that an image of the class gets a higher probability for it
    than an image of another class, ties counting half. Classes of which there is no image, or nothing else, have no
    area and are left out; None if that leaves no class.
    """
    ranks = np.stack([_ranks(column) for column in probabilities.T], axis=1)  # (N, classes)
    one_hot = labels[:, None] == np.arange(probabilities.shape[1])  # (N, classes)
    inside = one_hot.sum(axis=0)  # (classes,)
    outside = len(labels) - inside
    known = (inside > 0) & (outside > 0)
    if not known.any():
        return None
    rank_sum = (ranks * one_hot).sum(axis=0)[known]
    inside, outside = inside[known], outside[known]
    return float(((rank_sum - inside * (inside + 1) / 2) / (inside * outside)).mean())


def _ranks(values: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return the ranks of numbers from 1, ties averaged, as `scipy.stats.rankdata` does, which takes long to import."""
    if np.isnan(values).any():
        return np.full(len(values), np.nan)
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    ranks: NDArray[np.float64] = counts.cumsum() - (counts - 1) / 2
    return ranks[place]
