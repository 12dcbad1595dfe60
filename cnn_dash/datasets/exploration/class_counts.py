"""How many images each class has in each split, and whether that is even."""

import numpy as np
from numpy.typing import NDArray

from cnn_dash.datasets.internal_format import Imported

UNBALANCED_FROM = 5.0
"""Classes differ much if the largest has so many times the images of the smallest."""


def class_counts(data: Imported) -> NDArray[np.int64]:
    """Return the number of images of each class to train with, and for the test: int64 (2, K)."""
    classes = len(data.class_names)
    both = (data.train_labels, data.test_labels)
    return np.stack([np.bincount(labels, minlength=classes) for labels in both]).astype(np.int64)


def unbalanced(counts: NDArray[np.int64], class_names: tuple[str, ...]) -> str | None:
    """Say how unbalanced classes are, in a sentence; None if they are not.

    Args:
        counts: int (K,), images to train with of each class.
        class_names: K names.
    """
    if not len(counts):
        return None
    largest, smallest = int(counts.argmax()), int(counts.argmin())
    high, low = int(counts[largest]), int(counts[smallest])
    if low and high < UNBALANCED_FROM * low:
        return None
    times = f", {high / low:.0f} times as many" if low else ""
    return (
        f"The classes are unbalanced: {high:,} images of {class_names[largest]}{times}, {low:,} of "
        f"{class_names[smallest]}. A network can do well on the large ones alone. “Balance classes” on Train "
        "(Training) lets each class count the same; Evaluate shows each."
    )
