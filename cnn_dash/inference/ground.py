"""The ground that something is written on: paper under its light, a board, a screen."""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import cv2
import numpy as np

Array = np.ndarray[Any, np.dtype[np.float32]]
Bytes = np.ndarray[Any, np.dtype[np.uint8]]

_COARSE_PX = 192  # the longer side on which the ground is looked for
_WINDOW = 0.55  # of the longer side: ink fills less than half of such a window, whatever its strokes
_INK = 24  # of 255: what departs further from the first guess is no ground
_SMOOTH = 0.04  # of the longer side: how closely the ground follows the light between the strokes
_BLEND_PX = 3
_BESIDE = 0.05  # of the longer side: so near an edge it may be that of either side, …
_STEEP = 0.12  # of 0–1: … if the two differ by more than light does over such a distance
_CELLS = 24
_ON_SURFACE = 8  # of 255
_MOSTLY = 0.6  # of the picture is near the surface, if it is that of the light
_CORNER = 0.08  # of each side
_LEAST_SEEN = 0.05  # where less of the ground is seen than this, the first guess stands


@dataclass(frozen=True)
class Ground:
    """What a picture would look like without the ink.

    Beside a hard edge of the light or of a sheet, it is not known to the pixel which side's ground is there: then it is
    anything between the two.

    Attributes:
        dark: float32 (H, W, 3), 0 to 1, the darkest that the ground may be, by channel.
        bright: float32 (H, W, 3), the brightest.
    """

    dark: Array
    bright: Array

    @cached_property
    def middle(self) -> Array:
        """float32 (H, W, 3), 0 to 1, between the two."""
        return self.dark if self.dark is self.bright else np.asarray((self.dark + self.bright) / 2, np.float32)


def ground_of(picture: Bytes) -> Ground:
    """Estimate the ground.

    A median over wide windows gives a first guess; it keeps straight edges, so a shadow or the edge of a sheet stays in
    the ground. What departs from the guess is then left out, and the rest smoothed, so that the ground follows the
    light.

    Args:
        picture: uint8 (H, W, 3).
    """
    height, width = picture.shape[:2]
    scale = min(1.0, _COARSE_PX / max(height, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    coarse = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
    guess = _median(coarse)
    off = cv2.absdiff(coarse, guess).max(axis=2)
    seen = cv2.erode((off <= _INK).astype(np.float32), np.ones((3, 3), np.uint8))
    sigma = _SMOOTH * max(size)
    weight = cv2.GaussianBlur(seen, (0, 0), sigma)
    smooth = cv2.GaussianBlur(coarse * seen[..., None], (0, 0), sigma) / np.maximum(weight, _LEAST_SEEN)[..., None]
    # At a hard edge of the light, smoothing would mix both sides. Between the two there must be no step.
    fits = (np.abs(smooth - guess).max(axis=2) <= _INK / 2) & (weight >= _LEAST_SEEN)
    share = cv2.GaussianBlur(fits.astype(np.float32), (0, 0), _BLEND_PX) * fits
    ground = np.asarray((guess + share[..., None] * (smooth - guess)) / np.float32(255), np.float32)
    around = np.ones((2 * round(_BESIDE * max(size)) + 1,) * 2, np.uint8)
    darkest, brightest = cv2.erode(ground, around), cv2.dilate(ground, around)
    steep = (brightest - darkest).max(axis=2, keepdims=True) > _STEEP
    if not steep.any():
        whole = np.asarray(cv2.resize(ground, (width, height)), np.float32)
        return Ground(whole, whole)
    bounds = (np.where(steep, bound, ground) for bound in (darkest, brightest))
    return Ground(*(np.asarray(cv2.resize(bound, (width, height)), np.float32) for bound in bounds))


def flat_ground_of(picture: Bytes) -> Ground:
    """Return one colour for the whole ground, that of most corners."""
    height, width = picture.shape[:2]
    rows, columns = max(1, round(_CORNER * height)), max(1, round(_CORNER * width))
    corners = [
        cv2.mean(picture[down, across])[:3]  # NumPy takes ten times as long along so short an axis
        for down in (slice(rows), slice(-rows, None))
        for across in (slice(columns), slice(-columns, None))
    ]
    colour = np.median(corners, axis=0).astype(np.float32) / np.float32(255)
    flat = np.broadcast_to(colour, picture.shape).astype(np.float32)
    return Ground(flat, flat)


def _median(coarse: Bytes) -> Bytes:
    """Return the median over wide windows, uint8 (H, W, 3)."""
    reach = min(round(_WINDOW * max(coarse.shape[:2]) / 2), *(side - 1 for side in coarse.shape[:2]), 127)
    if reach < 1:
        return coarse
    # At the border a window sees one side only, and light that falls off would be missed: so without the trend.
    # Mirrored, so that a line along the border does not count for more than it is.
    trend = _trend(coarse)
    level = (coarse - trend + 128).clip(0, 255).astype(np.uint8)
    mirrored = cv2.copyMakeBorder(level, reach, reach, reach, reach, cv2.BORDER_REFLECT_101)
    median = np.asarray(cv2.medianBlur(mirrored, 2 * reach + 1), np.float32)[reach:-reach, reach:-reach]
    return np.asarray((median - 128 + trend).clip(0, 255), np.uint8)


def _trend(coarse: Bytes) -> Array:
    """Fit the light over the picture: the quadratic surface that most of it lies on, float32 (H, W, 3), 0 to 255."""
    height, width = coarse.shape[:2]
    values = cv2.resize(coarse, (_CELLS, _CELLS), interpolation=cv2.INTER_AREA).reshape(-1, 3).astype(np.float32)
    terms = _quadratic(_CELLS, _CELLS)
    near = np.ones(len(values), bool)
    for _ in range(5):
        weights = np.linalg.lstsq(terms[near], values[near])[0]
        off = np.abs(values - terms @ weights).max(axis=1)
        near = off <= 2 * np.median(off)
    if np.mean(off <= _ON_SURFACE) < _MOSTLY:  # a shadow's edge is no surface
        return np.full(coarse.shape, values.mean(axis=0), np.float32)
    return np.asarray((_quadratic(height, width) @ weights).reshape(height, width, 3), np.float32)


@lru_cache(maxsize=16)
def _quadratic(height: int, width: int) -> Array:
    """Return 1, x, y, x², xy and y² at the centres of pixels, (pixels, 6)."""
    y, x = (((2 * np.arange(side) + 1) / side - 1).astype(np.float32) for side in (height, width))
    y, x = (values.ravel() for values in np.meshgrid(y, x, indexing="ij"))
    return np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=1)
