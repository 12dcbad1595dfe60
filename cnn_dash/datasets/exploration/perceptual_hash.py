"""A hash of 64 bits that nearly equal images share for the most part: pHash.

As C. Zauner describes it ("Implementation and Benchmarking of Perceptual Image Hash Functions", 2010; pHash.org): the
8×8 lowest frequencies of the discrete cosine transform, without the constant one, each above or below their median.
Where pHash scales an image to 32×32 first, the low frequencies are taken of the image as it is, which gives the same
numbers but for the scaling.
"""

import numpy as np
from numpy.typing import NDArray

SIDE = 8
BITS = SIDE * SIDE


def cosines(size_px: int) -> NDArray[np.float32]:
    """Return the DCT-II of the frequencies 1–8 over a side of so many pixels, orthonormal: float32 (8, size_px)."""
    frequency, pixel = np.arange(1, SIDE + 1)[:, None], np.arange(size_px)
    angle = np.pi * (2 * pixel + 1) * frequency / (2 * size_px)
    return np.asarray(np.sqrt(2 / size_px) * np.cos(angle), np.float32)


def perceptual_hash(grey: NDArray[np.float32]) -> NDArray[np.uint64]:
    """Return a hash of each image, most significant bit first: uint64 (n,).

    Like pHash's program it takes the frequencies 1–8 in both directions, so that brightness has no part in it. Images
    that are all one value have the hash 0.

    Args:
        grey: float32 (n, H, W).
    """
    _, height, width = grey.shape
    frequencies = (cosines(height) @ grey @ cosines(width).T).reshape(len(grey), BITS)
    above = frequencies > np.median(frequencies, axis=1, keepdims=True)
    above &= abs(frequencies).max(axis=1, keepdims=True) > 1e-2  # else it is rounding errors
    packed: NDArray[np.uint64] = np.packbits(above, axis=1).view(">u8")[:, 0].astype(np.uint64)
    return packed


def distances(first: NDArray[np.uint64], second: NDArray[np.uint64]) -> NDArray[np.uint8]:
    """Return in how many bits hashes differ: uint8 (n, m), 0–64."""
    made: NDArray[np.uint8] = np.bitwise_count(first[:, None] ^ second[None, :])
    return made
