"""Images that are there twice, exactly or nearly; what is in both splits makes the test too easy.

Exact ones have the same pixels. Near ones are looked for across the splits only: for each test image those images to
train with whose perceptual hash differs in few bits, of which the one with the highest correlation of pixels counts.
"""

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cnn_dash.datasets.exploration.perceptual_hash import distances, perceptual_hash
from cnn_dash.datasets.exploration.positions import OnShare, chunks, count, grey, images_at, labels, silent
from cnn_dash.datasets.internal_format import Imported

MOST_BITS = 8
"""Of 64. Hashes that differ in more are not of nearly the same image."""
LEAST_CORRELATION = 0.97
MOST_PAIRS = 1_000
"""Of each kind are listed; all are counted."""
_COMPARED = 4_000_000  # pairs of hashes at once: 32 MB
_MOST_CANDIDATES = 5_000  # of these; of more, those whose hashes differ most are passed over


@dataclass(frozen=True)
class Pair:
    """Two images that are the same, or nearly.

    Attributes:
        first: Position of one, in the test if one of the two is.
        second: Position of the other.
        bits: In how many of 64 bits their hashes differ.
        correlation: Of their pixels, at most 1; 1 if they are the same.
        same_label: Whether both have the same class.
    """

    first: int
    second: int
    bits: int
    correlation: float
    same_label: bool


@dataclass(frozen=True)
class Duplicates:
    """Pairs of each kind, and how many there are of it.

    Attributes:
        across: Test images that are among those to train with, pixel by pixel.
        across_count: Their number.
        within: Images that are twice in one split, pixel by pixel.
        within_count: Their number, without the first of each.
        near: Test images of which there is nearly the same to train with, the most alike first.
        near_count: Their number.
    """

    across: tuple[Pair, ...]
    across_count: int
    within: tuple[Pair, ...]
    within_count: int
    near: tuple[Pair, ...]
    near_count: int


def duplicates(data: Imported, on_share: OnShare = silent) -> Duplicates:
    """Find what is there twice. Pairs with different labels come first: one of the two must be wrong."""
    train, label = len(data.train_labels), labels(data)
    hashes = np.zeros(count(data), np.uint64)
    first_with: dict[bytes, int] = {}
    across: list[Pair] = []
    within: list[Pair] = []
    for begin, images in chunks(data, lambda share: on_share(share / 4)):
        hashes[begin : begin + len(images)] = perceptual_hash(grey(images))
        for position, image in enumerate(images, start=begin):
            other = first_with.setdefault(hashlib.blake2b(image.tobytes(), digest_size=16).digest(), position)
            if other != position:
                pair = Pair(position, other, 0, 1.0, bool(label[position] == label[other]))
                (across if position >= train > other else within).append(pair)
    same = {pair.first for pair in across}
    tests = np.array([one for one in range(train, count(data)) if one not in same], np.intp)
    near = _near(data, hashes, tests, label, lambda share: on_share(1 / 4 + 3 * share / 4))
    return Duplicates(_first(across), len(across), _first(within), len(within), _first(near), len(near))


def _first(pairs: list[Pair]) -> tuple[Pair, ...]:
    ordered = sorted(pairs, key=lambda pair: (pair.same_label, -pair.correlation, pair.bits, pair.first))
    return tuple(ordered[:MOST_PAIRS])


def _near(
    data: Imported,
    hashes: NDArray[np.uint64],
    tests: NDArray[np.intp],
    label: NDArray[np.int64],
    on_share: OnShare,
) -> list[Pair]:
    """Return for each test image its most alike image to train with, if it is alike enough."""
    learned = hashes[: len(data.train_labels)]
    found = []
    length = min(256, max(1, _COMPARED // max(1, len(learned))))
    for begin in range(0, len(tests), length):
        block = tests[begin : begin + length]
        bits = distances(hashes[block], learned)
        bits[(hashes[block] == 0)[:, None] | (learned == 0)] = 64  # nothing is on them
        limit = MOST_BITS
        while limit and np.count_nonzero(bits <= limit) > _MOST_CANDIDATES:
            limit -= 1
        row, column = (one[:_MOST_CANDIDATES] for one in np.nonzero(bits <= limit))
        alike = _correlations(data, block, row, column)
        order = np.lexsort((-alike, row))
        rows, first = np.unique(row[order], return_index=True)
        for one, best in zip(rows, order[first], strict=True):
            if alike[best] >= LEAST_CORRELATION:
                test, other = int(block[one]), int(column[best])
                same_label = bool(label[test] == label[other])
                found.append(Pair(test, other, int(bits[one, column[best]]), float(alike[best]), same_label))
        on_share(min(1.0, (begin + length) / len(tests)))
    return found


def _correlations(
    data: Imported, block: NDArray[np.intp], row: NDArray[np.intp], column: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Return the correlation of the pixels of each pair: float64 (n,), at most 1."""
    made = np.zeros(len(row))
    tests = _standardized(images_at(data, block))
    length = max(1, (64 << 20) // (8 * tests.shape[1]))
    for begin in range(0, len(row), length):
        part = slice(begin, begin + length)
        others = _standardized(images_at(data, column[part]))
        made[part] = np.einsum("np,np->n", tests[row[part]], others)
    return np.minimum(made, 1.0)


def _standardized(images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return the pixels of images with mean 0 and length 1: float32 (n, H·W·C)."""
    flat = images.reshape(len(images), -1).astype(np.float32)
    flat -= flat.mean(axis=1, keepdims=True)
    made: NDArray[np.float32] = flat / np.maximum(np.linalg.norm(flat, axis=1, keepdims=True), 1e-6)
    return made
