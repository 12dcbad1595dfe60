"""Test images and labels as a person hands them over, and what a network answers for them, in the store's own form."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnn_dash.errors import DataError

BATCH = 128
# Images are kept to be looked at: the first so many, and no larger than this.
MOST_SHOWN, MOST_SHOWN_BYTES = 10_000, 64_000_000
MOST_BATCHES = 20_000  # a data set that repeats itself would never end
_SURE = 1e-3  # rows of probabilities sum to 1 but for rounding


@dataclass(frozen=True)
class Answers:
    """What a network answered for the test images.

    Attributes:
        labels: int64 (N,).
        probabilities: float32 (N, classes), rows sum to 1.
        images: uint8 (n, H, W, C), the first n ≤ N of them as a person sees them; None if they are no images.
        scaling: How the pixels go into the network; None if they are scaled in a way of their own.
        outputs: What the network gives.
    """

    labels: NDArray[np.int64]
    probabilities: NDArray[np.float32]
    images: NDArray[np.uint8] | None
    scaling: str | None
    outputs: str


def batches_of(x: Any, y: Any = None) -> Iterator[tuple[NDArray[Any], NDArray[Any]]]:
    """Yield batches of images and labels.

    Args:
        x: Images (N, H, W, C), or what gives batches of images and labels (a `tf.data.Dataset`, a loader, a list).
        y: Labels (N,), or one-hot (N, classes); None if they come with `x`.

    Raises:
        DataError: If images and labels do not come in pairs.
    """
    if y is None and isinstance(x, tuple) and len(x) in (2, 3):
        x, y = x[0], x[1]
    if y is not None:
        images, labels = _array(x), _array(y)
        if len(images) != len(labels) or not len(images):
            raise DataError(
                f"Test images and labels come in pairs. Received: {len(images)} images and {len(labels)} labels. "
                "Allowed: as many labels as images, and at least one. Pass (x_test, y_test)."
            )
        for begin in range(0, len(images), BATCH):
            yield images[begin : begin + BATCH], labels[begin : begin + BATCH]
        return
    if not isinstance(x, Iterable) and not hasattr(x, "__getitem__"):
        raise DataError(
            f"This is no test data. Received: {type(x).__name__}. Allowed: (x, y), or what gives batches of them, such "
            "as a tf.data.Dataset. Pass (x_test, y_test)."
        )
    # A PyDataset has a length and no end: it gives batches for ever.
    source = (x[index] for index in range(len(x))) if hasattr(x, "__getitem__") and hasattr(x, "__len__") else iter(x)
    for number, batch in enumerate(source):
        if number == MOST_BATCHES:
            raise DataError(
                f"The test data does not end. Received: more than {MOST_BATCHES:,} batches. Allowed: a data set that "
                "ends. Leave out repeat(), or take(n) of it."
            )
        if not isinstance(batch, tuple | list) or len(batch) < 2:
            raise DataError(
                f"Test batches are images with labels. Received: a batch that is a {type(batch).__name__}. Allowed: "
                "(images, labels). Let the data set give both."
            )
        yield _array(batch[0]), _array(batch[1])


def _array(value: Any) -> NDArray[Any]:
    if isinstance(value, np.ndarray):
        return value
    for name in ("detach", "cpu"):  # a tensor of PyTorch
        value = getattr(value, name)() if hasattr(value, name) else value
    try:
        return np.asarray(value)
    except TypeError:  # bfloat16, which NumPy does not have
        return np.asarray(value.float())


def labels_of(y: NDArray[Any]) -> NDArray[np.int64]:
    """Return labels int64 (N,) of labels (N,), (N, 1) or one-hot (N, classes)."""
    if y.ndim == 2 and y.shape[1] > 1:
        return np.asarray(y.argmax(axis=1), np.int64)
    return np.asarray(y.reshape(len(y)).round(), np.int64)


def kind_of_outputs(outputs: NDArray[Any]) -> str:
    """Return what a network gives: "probabilities", "logits", or of one output "sigmoid" or "sigmoid logits"."""
    inside = bool((outputs >= -_SURE).all() and (outputs <= 1 + _SURE).all())
    if outputs.shape[1] == 1:
        return "sigmoid" if inside else "sigmoid logits"
    return "probabilities" if inside and np.allclose(outputs.sum(axis=1), 1, atol=10 * _SURE) else "logits"


def scaling_of(low: float, high: float, *, whole: bool) -> str | None:
    """Return how pixels go into a network, by the smallest and largest of them; None if in a way of their own."""
    if low >= 0 and high <= 1 and not whole:
        return "0-1"
    if low >= 0 and high <= 255:
        return "0-255"
    return "-1-1" if low >= -1 and high <= 1 else None


def as_bytes(images: NDArray[Any], scaling: str | None) -> NDArray[np.uint8] | None:
    """Return images uint8 (N, H, W, C) as a person sees them; None of what is no image."""
    if images.ndim == 3:
        images = images[..., None]
    if images.ndim != 4 or images.shape[-1] not in (1, 3):
        return None
    values = images.astype(np.float32)
    if scaling == "0-1":
        values = values * 255
    elif scaling == "-1-1":
        values = (values + 1) * 127.5
    elif scaling is None:  # in a way of their own: from the darkest to the brightest
        low, high = float(values.min()), float(values.max())
        values = (values - low) * (255 / max(high - low, 1e-9))
    return np.asarray(values.clip(0, 255).round(), np.uint8)
