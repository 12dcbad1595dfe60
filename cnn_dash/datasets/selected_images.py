"""Some images of a larger array, which stay where they are until they are asked for.

A data set lies memory-mapped in files, and a run takes part of its images in an order of its own. To copy them would
need their size in memory, whatever is done with them.
"""

from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray


class SelectedImages:
    """Images of `source` in the order of `rows`. It is read like an array, and cannot be written.

    Attributes:
        source: uint8 (M, H, W, C); it may be memory-mapped.
        rows: Places of the images in it, (N,).
    """

    dtype = np.dtype(np.uint8)
    ndim = 4

    def __init__(self, source: NDArray[np.uint8], rows: NDArray[np.integer]) -> None:
        self.source = source
        self.rows = rows

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape that an array of them has: N, H, W, C."""
        return len(self.rows), *self.source.shape[1:]

    @property
    def nbytes(self) -> int:
        """What an array of them takes."""
        return int(np.prod(self.shape))

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, which: int | np.integer | slice | NDArray[np.integer]) -> NDArray[np.uint8]:
        """Return one image (H, W, C), or several (n, H, W, C)."""
        return np.asarray(self.source[self.rows[which]])

    def __array__(self, dtype: DTypeLike | None = None, copy: bool | None = None) -> NDArray[Any]:
        return np.asarray(self.source[self.rows], dtype)


Images = NDArray[np.uint8] | SelectedImages
"""uint8 (N, H, W, C): all of it can be indexed by a place, a slice or an array of places, and made an array."""
