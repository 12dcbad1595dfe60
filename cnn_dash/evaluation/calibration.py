"""How far confidences say how often the network is right, and how accurate it is if it may abstain."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cnn_dash.evaluation.metrics import cross_entropy

BINS = 15
MOST_POINTS = 200

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Reliability:
    """Accuracy by confidence, in bins of the same width.

    Attributes:
        counts: int64 (B,), images in each bin.
        confidence: float64 (B,), their mean confidence, 0–1; NaN in an empty bin.
        accuracy: float64 (B,), the share that was predicted correctly, 0–1; NaN in an empty bin.
        loss: Mean cross-entropy in nats.
    """

    counts: NDArray[np.int64]
    confidence: Floats
    accuracy: Floats
    loss: float

    @property
    def calibration_error(self) -> float:
        """Expected calibration error: the mean distance of confidence and accuracy, weighted by images, 0–1."""
        some = self.counts > 0
        if not some.any():
            return 0.0
        apart = np.abs(self.confidence[some] - self.accuracy[some])
        return float((apart * self.counts[some]).sum() / self.counts.sum())

    @property
    def overconfidence(self) -> float:
        """By how much the mean confidence exceeds the accuracy; negative if the network is too modest."""
        some = self.counts > 0
        if not some.any():
            return 0.0
        return float(((self.confidence[some] - self.accuracy[some]) * self.counts[some]).sum() / self.counts.sum())


@dataclass(frozen=True, eq=False)
class Coverage:
    """Accuracy of the most confident predictions alone.

    Attributes:
        share: float64 (M,), share of the predictions that is kept, rising to 1.
        accuracy: float64 (M,), accuracy among them, 0–1.
        threshold: float64 (M,), the least confidence among them, 0–1.
    """

    share: Floats
    accuracy: Floats
    threshold: Floats

    def share_at(self, accuracy: float) -> float:
        """Return the largest share that is kept with at least this accuracy, 0–1."""
        fits = self.share[self.accuracy >= accuracy]
        return float(fits.max(initial=0.0))


def reliability(labels: NDArray[np.int64], probabilities: NDArray[np.floating]) -> Reliability:
    """Sort predictions into bins by their confidence.

    Args:
        labels: int64 (N,), true classes.
        probabilities: float (N, K).
    """
    confidence = probabilities.max(axis=1).astype(np.float64)
    correct = probabilities.argmax(axis=1) == labels
    # As scikit-learn's calibration_curve: a confidence on an edge belongs to the bin below.
    places = np.searchsorted(np.linspace(0, 1, BINS + 1)[1:-1], confidence)
    counts = np.bincount(places, minlength=BINS)
    sums = np.bincount(places, confidence, BINS), np.bincount(places, correct, BINS)
    mean, accuracy = (np.divide(one, counts, out=np.full(BINS, np.nan), where=counts > 0) for one in sums)
    loss = cross_entropy(labels, probabilities) if len(labels) else np.nan
    return Reliability(counts.astype(np.int64), mean, accuracy, loss)


def coverage(labels: NDArray[np.int64], probabilities: NDArray[np.floating]) -> Coverage:
    """Compute the accuracy of the most confident predictions, for every share of them; equal confidences go together.

    Args:
        labels: int64 (N,), true classes.
        probabilities: float (N, K).
    """
    confidence = probabilities.max(axis=1).astype(np.float64)
    order = np.argsort(-confidence, kind="stable")
    correct = (probabilities.argmax(axis=1) == labels)[order]
    sorted_ = confidence[order]
    last = np.flatnonzero(np.append(sorted_[1:] < sorted_[:-1], True)) if len(order) else np.arange(0)
    kept = np.arange(1, len(order) + 1)[last]
    if len(last) > MOST_POINTS:
        some = np.unique(np.searchsorted(kept, np.linspace(kept[0], kept[-1], MOST_POINTS)))
        last, kept = last[some], kept[some]
    return Coverage(kept / max(1, len(order)), correct.cumsum()[last] / np.maximum(kept, 1), sorted_[last])
