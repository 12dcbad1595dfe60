"""All images of a data set under one number each: first those to learn from, then those of the test."""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from cnn_dash.datasets.internal_format import Imported

OnShare = Callable[[float], None]
"""Told again and again how much is done, 0–1."""

SPLITS = ("train", "test")
"""Validation images are among those to train with: each run sets its own aside."""

CHUNK_BYTES = 16 << 20


def silent(share: float) -> None:
    """Tell nobody how much is done."""


def count(data: Imported) -> int:
    """Return the number of all images."""
    return len(data.train_labels) + len(data.test_labels)


def labels(data: Imported) -> NDArray[np.int64]:
    """Return the labels of all images: int64 (N,)."""
    return np.concatenate([data.train_labels, data.test_labels])


def place(data: Imported, position: int) -> tuple[str, int]:
    """Return split and index in it of the image at a position, from 0."""
    train = len(data.train_labels)
    return (SPLITS[0], position) if position < train else (SPLITS[1], position - train)


def images_at(data: Imported, positions: NDArray[np.integer]) -> NDArray[np.uint8]:
    """Return some images, in this order: uint8 (n, H, W, C)."""
    positions = np.asarray(positions, np.intp)
    train = len(data.train_labels)
    found = np.empty((len(positions), *data.train_images.shape[1:]), np.uint8)
    learned = positions < train
    found[learned] = data.train_images[positions[learned]]
    found[~learned] = data.test_images[positions[~learned] - train]
    return found


def chunk_length(data: Imported) -> int:
    """Return how many images are read at once, so that memory is bounded whatever their size."""
    return max(1, CHUNK_BYTES // max(1, int(np.prod(data.train_images.shape[1:]))))


def chunks(data: Imported, on_share: OnShare = silent) -> Iterator[tuple[int, NDArray[np.uint8]]]:
    """Yield all images in order, some at a time, each time with the position of the first: uint8 (n, H, W, C)."""
    length, done, total = chunk_length(data), 0, max(1, count(data))
    for images in (data.train_images, data.test_images):
        for begin in range(0, len(images), length):
            part = images[begin : begin + length]
            yield done, part
            done += len(part)
            on_share(done / total)


def grey(images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return the brightness of images, as ITU-R BT.601 weighs colours: float32 (n, H, W), 0–255."""
    if images.shape[-1] == 1:
        return images[..., 0].astype(np.float32)
    return images.astype(np.float32) @ np.array([0.299, 0.587, 0.114], np.float32)
