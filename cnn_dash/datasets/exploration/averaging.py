"""Makes images smaller by averaging."""

import numpy as np
from numpy.typing import NDArray


def averaged(images: NDArray[np.uint8], rows: int, columns: int) -> NDArray[np.float32]:
    """Average images down to so many rows and columns: float32 (n, rows, columns, C)."""
    down, across = averaging(images.shape[1], rows), averaging(images.shape[2], columns)
    return np.asarray(np.einsum("rh,nhwc,kw->nrkc", down, images.astype(np.float32), across, optimize=True), np.float32)


def thumbnails(images: NDArray[np.uint8], longest_px: int) -> NDArray[np.uint8]:
    """Return images whose longer side has at most so many pixels, in proportion: uint8 (n, h, w, C)."""
    height, width = images.shape[1:3]
    shrink = longest_px / max(height, width)
    if shrink >= 1:
        return images
    rows, columns = (max(1, round(side * shrink)) for side in (height, width))
    return np.rint(averaged(images, rows, columns)).astype(np.uint8)


def averaging(size_px: int, parts: int) -> NDArray[np.float32]:
    """Return the weights that average a row of pixels down to equal parts: float32 (parts, size_px), rows sum to 1."""
    ends = np.linspace(0, size_px, parts + 1)
    pixels = np.arange(size_px)
    overlap = np.minimum(pixels + 1, ends[1:, None]) - np.maximum(pixels, ends[:-1, None])
    return np.asarray(np.maximum(overlap, 0) * parts / size_px, np.float32)
