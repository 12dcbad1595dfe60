"""Images in an array of any usual shape and type, as uint8 images one by one."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnn_dash.datasets.readers.limits import refused

_SIDE = (1, 10_000)
_NEXT = "Save grey or colour images, 0 to 255."
_FULL = (1.0, 255.0, 65_535.0)


@dataclass(frozen=True)
class Pixels:
    """How the images of an array are to be read.

    Attributes:
        where: Name of the array, for messages.
        shape: Of one image after that: (H, W), (H, W, 3) or (H, W, 4).
        first: Whether channels come first.
        dtype: Of the array.
        notes: Sentences on what was assumed.
    """

    where: str
    shape: tuple[int, ...]
    first: bool
    dtype: np.dtype[Any]
    notes: tuple[str, ...] = ()

    @classmethod
    def of(cls, where: str, shape: tuple[int, ...], dtype: np.dtype[Any]) -> "Pixels":
        """Understand the shape of an array, (N, …).

        Raises:
            DataError: If that cannot be images.
        """
        one, first = shape[1:], False
        notes: tuple[str, ...] = ()
        if len(one) == 1 and one[0] > 1 and math.isqrt(one[0]) ** 2 == one[0]:
            side = math.isqrt(one[0])
            one, notes = (side, side), (f"Rows of {one[0]:,} numbers are taken for images of {side}×{side}.",)
        if len(one) == 3 and one[0] in (1, 3) and one[2] not in (1, 3, 4):
            one, first, notes = (*one[1:], one[0]), True, ("Channels come first in its arrays.",)
        low, high = _SIDE
        fits = len(one) in (2, 3) and all(low <= side <= high for side in one[:2]) and (*one, 1)[2] in (1, 3, 4)
        if not fits or dtype.kind not in "buif" or dtype.itemsize > 8:
            raise refused(where, f"{dtype} {shape}", "images (N, H, W), or (N, H, W, 1, 3 or 4), of numbers", _NEXT)
        return cls(where, one[:2] if one[2:] == (1,) else one, first, dtype, notes)

    def scale(self, blocks: Iterable[NDArray[Any]]) -> tuple[float, float]:
        """Return what is taken from values, and by what they are multiplied then, to be from 0 to 255.

        uint8 is left as it is; else all values decide: the range is the smallest of 0–1, 0–255 and 0–65,535 that holds
        them, or −1–1.

        Raises:
            DataError: If they are in none of these, or not finite.
        """
        if self.dtype == np.uint8:
            return 0.0, 1.0
        if self.dtype.kind == "b":
            return 0.0, 255.0
        low, high = np.inf, -np.inf
        for block in blocks:
            if self.dtype.kind == "f" and not np.isfinite(block).all():
                raise refused(self.where, "values that are no numbers, or infinite", "finite numbers", _NEXT)
            if block.size:
                low, high = min(low, float(block.min())), max(high, float(block.max()))
        if low >= 0 and high <= _FULL[-1]:
            full = next(one for one in _FULL if high <= one)
            if full == 1.0 and self.dtype.kind in "ui":
                full = 1.0 if high == 1 else 255.0
            return 0.0, 255.0 / full
        if low >= -1 and high <= 1:
            return -1.0, 127.5
        raise refused(self.where, f"values from {low:g} to {high:g}", "0–1, −1–1, 0–255 or 0–65,535", _NEXT)

    def images(self, block: NDArray[Any], scale: tuple[float, float]) -> Iterator[NDArray[np.uint8]]:
        """Yield the images of a block of the array, uint8 of `shape`."""
        if self.first:
            block = np.moveaxis(block.reshape(len(block), -1, *self.shape[:2]), 1, -1)
        if self.dtype != np.uint8:
            block = np.rint((block.astype(np.float64) - scale[0]) * scale[1]).astype(np.uint8)
        yield from block.reshape(len(block), *self.shape)
