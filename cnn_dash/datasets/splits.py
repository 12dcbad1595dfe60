"""Decides which images are for training, for validation and for the test.

Both functions return indices, in random order, so that the first ten of a split are not ten images of one class.
"""

import numpy as np
from numpy.typing import NDArray

from cnn_dash.errors import ConfigError

HELD_OUT_SEED = 0  # the test images are the same for everybody, whatever seed a run has

Indices = NDArray[np.intp]


def permutation(count: int, seed: int) -> Indices:
    """Return the numbers 0 … count - 1 in an order that depends on `seed` alone.

    It sorts the raw output of PCG64: NumPy guarantees that stream for all versions, but not the one of
    `Generator.permutation`, and a run must stay the same run after an update of NumPy.
    """
    return np.argsort(np.random.PCG64(seed).random_raw(count), kind="stable")


def validation_split(count: int, fraction: float, seed: int) -> tuple[Indices, Indices]:
    """Divide `count` images into training and validation: 60,000 at 0.2 give 48,000 and 12,000.

    Args:
        count: Number of images.
        fraction: Share that goes to validation, between 0 and 1; the count is rounded to the nearest whole number.
        seed: Random seed; the same seed gives the same split.

    Returns:
        Indices of the training images and of the validation images; every image is in exactly one of them.

    Raises:
        ConfigError: If one of the two would be empty.
    """
    validation = round(count * fraction) if 0 < fraction < 1 else 0
    if not 0 < validation < count:
        raise ConfigError(
            f"The validation share of {count:,} images must leave at least one on either side. "
            f"Received: {fraction!r}. Allowed: more than 0 and less than 1, for example 0.1."
        )
    order = permutation(count, seed)
    return order[validation:], order[:validation]


def hold_out(labels: NDArray[np.integer], count: int, classes: int) -> tuple[Indices, Indices]:
    """Divide the images of a set that has no test set of its own: always the same `count`, equally many a class.

    Args:
        labels: Labels (N,), each with at least `count / classes` images.
        count: Number of images to hold out, a multiple of `classes`.
        classes: Number of classes.

    Returns:
        Indices of the remaining images and of the images held out.
    """
    order = permutation(len(labels), HELD_OUT_SEED)
    held = np.zeros(len(labels), dtype=bool)  # by place in `order`
    for label in range(classes):
        held[np.flatnonzero(labels[order] == label)[: count // classes]] = True
    return order[~held], order[held]
