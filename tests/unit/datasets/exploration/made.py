"""Small data sets in the internal form, made in memory."""

import numpy as np

from cnn_dash.datasets.internal_format import Imported


def made(train: np.ndarray, train_labels: list[int], test: np.ndarray, test_labels: list[int]) -> Imported:
    """Return a data set of these images, (N, H, W, C) or (N, H, W)."""
    train, test = (one if one.ndim == 4 else one[..., None] for one in (train, test))
    classes = max([*train_labels, *test_labels], default=0) + 1
    names = tuple(f"class {number}" for number in range(classes))
    labels = (np.array(one, np.int64) for one in (train_labels, test_labels))
    first, second = labels
    return Imported(names, train.astype(np.uint8), first, test.astype(np.uint8), second, "hash")


def noise(count: int, shape: tuple[int, ...] = (12, 10, 1), seed: int = 1) -> np.ndarray:
    """Return random images: uint8 (count, *shape)."""
    return np.random.default_rng(seed).integers(0, 256, (count, *shape), dtype=np.uint8)


def blobs(count: int, size_px: int = 24, seed: int = 1) -> np.ndarray:
    """Return smooth images, as photographs are: uint8 (count, size, size, 1)."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[:size_px, :size_px] / size_px
    images = []
    for _ in range(count):
        waves = sum(
            random.normal() / (1 + m + n) * np.cos(np.pi * m * y + random.uniform(0, 6)) * np.cos(np.pi * n * x)
            for m in range(6)
            for n in range(6)
        )
        images.append(255 * (waves - waves.min()) / np.ptp(waves))
    return np.stack(images)[..., None].astype(np.uint8)
