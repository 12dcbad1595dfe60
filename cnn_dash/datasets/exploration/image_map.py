"""Images as points on a plane, alike ones near each other.

PCA takes the two directions in which the pixels differ most; it is quick and keeps distances. t-SNE (L. van der Maaten
and G. Hinton, 2008) keeps neighbours together; it takes a minute and distances between groups mean nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cnn_dash.datasets.exploration.averaging import averaged
from cnn_dash.datasets.exploration.positions import chunk_length, count, images_at
from cnn_dash.datasets.exploration.tsne import tsne
from cnn_dash.datasets.internal_format import Imported
from cnn_dash.datasets.splits import permutation

MOST_IMAGES = 5_000
MOST_NUMBERS = 800
"""Of an image: larger ones are averaged down to so many pixels and channels."""
TSNE_COMPONENTS = 50
TSNE_FEWEST = 5

Arrange = Callable[[NDArray[np.float32]], NDArray[np.float32]]


@dataclass(frozen=True, eq=False)
class ImageMap:
    """Places of images.

    Attributes:
        positions: intp (n,), which images, ascending.
        points: float32 (n, 2), from 0 to 1, centred, in proportion.
        explained: Share of the variance that both directions of PCA explain, 0–1; None for t-SNE.
    """

    positions: NDArray[np.intp]
    points: NDArray[np.float32]
    explained: float | None


def pca_map(data: Imported) -> ImageMap:
    """Place up to `MOST_IMAGES` images, always the same ones, by PCA."""
    positions = sample(data)
    components, variance = _components(features(data, positions), 2)
    total = variance.sum()
    explained = float(variance[:2].sum() / total) if total > 0 else 1.0
    return ImageMap(positions, _within_unit(components), explained)


def tsne_map(data: Imported, arrange: Arrange = tsne) -> ImageMap:
    """Place up to `MOST_IMAGES` images, those of `pca_map`, by t-SNE over their first 50 components.

    Args:
        data: The data set.
        arrange: Does it: components float32 (n, d) → points float32 (n, 2).
    """
    positions = sample(data)
    components, _ = _components(features(data, positions), TSNE_COMPONENTS)
    if len(positions) < TSNE_FEWEST:
        return ImageMap(positions, _within_unit(components[:, :2]), None)
    return ImageMap(positions, _within_unit(arrange(components)), None)


def sample(data: Imported, most: int = MOST_IMAGES) -> NDArray[np.intp]:
    """Return the positions of the images that are placed: all, or a random sample that is always the same."""
    return np.sort(permutation(count(data), 0)[:most]).astype(np.intp)


def features(data: Imported, positions: NDArray[np.intp]) -> NDArray[np.float32]:
    """Return the pixels of images, averaged down if there are many: float32 (n, numbers)."""
    height, width, channels = data.train_images.shape[1:]
    shrink = min(1.0, (MOST_NUMBERS / (height * width * channels)) ** 0.5)
    rows, columns = (max(1, int(side * shrink)) for side in (height, width))
    made = np.empty((len(positions), rows * columns * channels), np.float32)
    length = chunk_length(data)
    for begin in range(0, len(positions), length):
        images = images_at(data, positions[begin : begin + length])
        made[begin : begin + length] = averaged(images, rows, columns).reshape(len(images), -1)
    return made


def _components(values: NDArray[np.float32], most: int) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
    """Return the first principal components of each image, and the variance along all: float32 (n, most), (numbers,).

    The largest coordinate of each direction is positive, or a map could be mirrored on another machine.
    """
    centred = values - values.mean(axis=0)
    variance, vectors = np.linalg.eigh(centred.T.astype(np.float64) @ centred / max(1, len(values)))
    vectors = vectors[:, ::-1][:, :most]
    vectors *= np.sign(vectors[abs(vectors).argmax(axis=0), np.arange(vectors.shape[1])])
    made = centred @ vectors.astype(np.float32)
    made = np.pad(made, ((0, 0), (0, max(0, 2 - made.shape[1]))))
    return made, np.maximum(variance[::-1], 0)


def _within_unit(points: NDArray[np.floating]) -> NDArray[np.float32]:
    low, high = points.min(axis=0), points.max(axis=0)
    extent = float((high - low).max())
    return np.asarray((points - (low + high) / 2) / (extent if extent > 0 else 1.0) + 0.5, np.float32)
