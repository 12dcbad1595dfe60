"""The training images that a network finds most alike to each test image, by its own features.

Features are what the last dense layer gets. Only the answer is kept, a few numbers for each test image; the features
of the training images take much more, and are gone when it is found.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cnn_dash.datasets.selected_images import Images
from cnn_dash.evaluation.kept import Arrays, read_arrays
from cnn_dash.runs.folder import RunFile

MOST_IMAGES = 20_000
"""Of more training images, so many are looked at, spread evenly; of more test images, the first ones."""
NEIGHBOURS = 8

_MOST_NUMBERS = 60_000_000  # of the training images' features, as float16: 120 MB
_BLOCK_NUMBERS = 4_000_000
_LEAST = 1e-12

Features = Callable[[NDArray[np.uint8]], NDArray[np.float32]]


@dataclass(frozen=True, eq=False)
class Nearest:
    """The nearest training images of test images.

    Attributes:
        indices: int64 (N, K), positions among the training images that were given, the nearest first.
        similarities: float32 (N, K), cosine similarity, -1 to 1.
        searched: How many training images were looked at.
    """

    indices: NDArray[np.int64]
    similarities: NDArray[np.float32]
    searched: int

    def write(self, file: RunFile) -> None:
        """Keep it as a NumPy archive."""
        file.put(self._save)

    def _save(self, path: Path) -> None:
        with path.open("wb") as stream:
            np.savez_compressed(
                stream,
                indices=self.indices.astype(np.int32),
                similarities=self.similarities.astype(np.float16),
                searched=np.int64(self.searched),
            )

    @classmethod
    def read(cls, file: RunFile) -> "Nearest | None":
        """Read what `write` wrote; None if there is none.

        Raises:
            StoreError: If it is damaged.
        """
        return read_arrays(file, cls._of, "The nearest training images")

    @classmethod
    def _of(cls, arrays: Arrays) -> "Nearest":
        indices, similarities = arrays["indices"], arrays["similarities"]
        if indices.ndim != 2 or indices.shape != similarities.shape:
            raise ValueError(f"shapes {indices.shape} and {similarities.shape}")
        return cls(indices.astype(np.int64), similarities.astype(np.float32), int(arrays["searched"]))


def find_nearest(
    features: Features,
    train: Images,
    test: NDArray[np.uint8],
    on_share: Callable[[float], None],
    batch: int = 256,
) -> Nearest:
    """Look for the nearest training images of each test image.

    Args:
        features: The network: images uint8 (N, H, W, C) → features float32 (N, D).
        train: Training images, uint8 (M, H, W, C).
        test: Test images, uint8 (N, H, W, C).
        on_share: Told how much is done, 0–1.
        batch: How many images the network gets at once.
    """
    width = _unit(features(train[:1])).shape[1]
    count = min(len(train), MOST_IMAGES, max(1, _MOST_NUMBERS // width))
    chosen = np.arange(count) * len(train) // count  # spread evenly
    test = test[:MOST_IMAGES]
    known = np.empty((count, width), np.float16)
    whole = count + 2 * len(test)
    for begin in range(0, count, batch):
        some = slice(begin, begin + batch)
        known[some] = _unit(features(train[chosen[some]]))
        on_share(begin / whole)
    most = min(NEIGHBOURS, count)
    block = max(most, _BLOCK_NUMBERS // width)
    indices, similarities = np.empty((len(test), most), np.int64), np.empty((len(test), most), np.float32)
    # Many test images for each pass over the training images, which are turned into float32 block by block.
    rows = max(batch, min(2_000, _BLOCK_NUMBERS // width))
    for begin in range(0, len(test), rows):
        images = test[begin : begin + rows]
        asked = np.concatenate([_unit(features(images[at : at + batch])) for at in range(0, len(images), batch)])
        best = np.full((len(asked), most), -2, np.float32)
        places = np.zeros((len(asked), most), np.int64)
        for at in range(0, count, block):
            alike = asked @ known[at : at + block].astype(np.float32).T
            best, places = _merged(best, places, alike, chosen[at : at + block])
        some = slice(begin, begin + len(asked))
        indices[some], similarities[some] = places, best
        on_share((count + 2 * (begin + len(asked))) / whole)
    return Nearest(indices, similarities, count)


def _merged(
    best: NDArray[np.float32], places: NDArray[np.int64], alike: NDArray[np.float32], chosen: NDArray[np.int64]
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Return the best of what was found before and of a block, the best first."""
    most = best.shape[1]
    if alike.shape[1] > most:
        top = np.argpartition(-alike, most - 1, axis=1)[:, :most]
    else:
        top = np.broadcast_to(np.arange(alike.shape[1]), alike.shape)
    values = np.concatenate([best, np.take_along_axis(alike, top, axis=1)], axis=1)
    where = np.concatenate([places, chosen[top]], axis=1)
    order = np.argsort(-values, axis=1, kind="stable")[:, :most]
    return np.take_along_axis(values, order, axis=1), np.take_along_axis(where, order, axis=1)


def _unit(features: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(features / np.maximum(np.linalg.norm(features, axis=1, keepdims=True), _LEAST), np.float32)
