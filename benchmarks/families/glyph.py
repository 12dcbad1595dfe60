"""The shape of what was written, for any size and pen: distances from its outline instead of pixels."""

from dataclasses import dataclass

import numpy as np
import scipy.ndimage
from PIL import Image, ImageFilter

Array = np.ndarray

FINE = 8
"""Samples of the distance per pixel of the digit."""

_MARGIN = 4  # pixels of the digit around its ink: room for a thicker pen
_OUTSIDE = -9.0
_SMOOTH = 0.35  # pixels of the digit; as benchmarks/drawn.py does, which reads as well as MNIST itself
_LEVEL = 110


@dataclass(frozen=True)
class Glyph:
    """What was written, as distances.

    Attributes:
        distance: float32 (H, W), `FINE` samples per pixel of the digit: how far inside the ink a point lies, in pixels
            of the digit; negative outside.
    """

    distance: Array

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of the ink, in pixels of the digit from the corner of `distance`."""
        rows, columns = (np.flatnonzero((self.distance > 0).any(axis)) for axis in (1, 0))
        return columns[0] / FINE, rows[0] / FINE, (columns[-1] + 1) / FINE, (rows[-1] + 1) / FINE

    @property
    def stroke(self) -> float:
        """The usual width of its strokes in pixels of the digit: twice the distance along their middle."""
        inside = self.distance[self.distance > 0]
        return float(4 * inside.mean())  # across a straight stroke the mean is a quarter of the width


def glyph_of(digit: Array, pen: float = 0.0) -> Glyph:
    """Return the shape of a digit, smooth, written with another pen.

    Args:
        digit: uint8 (H, W), ink bright.
        pen: What the pen adds to the width of a stroke, in pixels of the digit; negative makes it thinner.
    """
    ink = Image.fromarray(digit)
    box = ink.getbbox()
    ink = ink.crop((box[0] - _MARGIN, box[1] - _MARGIN, box[2] + _MARGIN, box[3] + _MARGIN))
    fine = ink.resize((ink.width * FINE, ink.height * FINE), Image.Resampling.BICUBIC)
    fine = fine.filter(ImageFilter.GaussianBlur(_SMOOTH * FINE))
    return with_pen(Glyph(distance_of(np.asarray(fine) > _LEVEL)), pen)


def distance_of(mask: Array) -> Array:
    """Return how far inside of a bool (H, W) mask, at `FINE` samples a pixel, each point lies: float32 (H, W)."""
    inside, outside = (scipy.ndimage.distance_transform_edt(side) for side in (mask, ~mask))
    return (scipy.ndimage.gaussian_filter(inside - outside, 1.5) / FINE).astype(np.float32)


def with_pen(glyph: Glyph, pen: float) -> Glyph:
    """Return the same, its strokes wider by `pen` pixels of the digit.

    They are as much wider or narrower as leaves the digit what it is: a writer closes no loop because the pen is thick,
    and a thin pen breaks no stroke.
    """
    area, pieces = np.count_nonzero(glyph.distance > 0), _topology(glyph.distance > 0)
    for share in (1, 0.8, 0.6, 0.4, 0.2):
        distance = glyph.distance + np.float32(share * pen / 2)
        if np.count_nonzero(distance > 0) > 0.35 * area and _topology(distance > 0) == pieces:
            return Glyph(distance)
    return glyph


def with_gap(glyph: Glyph, rng: np.random.Generator) -> Glyph:
    """Return the same, where the pen failed for a moment: a slit across a stroke, narrower than the stroke is wide."""
    distance = glyph.distance
    middle = (distance == scipy.ndimage.maximum_filter(distance, FINE)) & (distance > 0.25 * glyph.stroke)
    row, column = rng.choice(np.argwhere(middle))
    half = distance[row, column]
    y, x = (np.arange(side, dtype=np.float32) for side in distance.shape)
    down, across = (y[:, None] - row) / FINE, (x[None] - column) / FINE
    near = np.hypot(down, across)
    # The stroke runs in the direction in which the ink next to the middle lies.
    ink = np.argwhere((distance > 0) & (near < 2 * half)) - (row, column)
    along = np.linalg.eigh(ink.T @ ink)[1][:, 1]
    gap = rng.uniform(0.2, 0.5) * half
    outside = np.maximum(np.abs(down * along[0] + across * along[1]) - gap, near - 2 * half)
    return Glyph(np.minimum(distance, outside.astype(np.float32)))


def coverage(glyph: Glyph, matrix: Array, shape: tuple[int, int]) -> Array:
    """Draw a glyph.

    Args:
        glyph: What was written.
        matrix: (3, 3), from pixels of the digit to pixels of the picture, homogeneous.
        shape: Height and width of the picture in pixels.

    Returns:
        float32 (H, W), share of each pixel that is ink, 0–1.
    """
    height, width = shape
    left, top, right, bottom = _window(glyph, matrix, shape)
    there = np.array([[1, 0, left], [0, 1, top], [0, 0, 1.0]])
    back = np.diag([FINE, FINE, 1.0]) @ np.linalg.inv(matrix) @ there
    drawn = Image.fromarray(glyph.distance).transform(
        (right - left, bottom - top),
        Image.Transform.PERSPECTIVE,
        list((back / back[2, 2]).ravel()[:8]),
        Image.Resampling.BILINEAR,
        fillcolor=_OUTSIDE,
    )
    scale = np.sqrt(abs(np.linalg.det(matrix[:2, :2])))  # pixels of the picture in one of the digit
    ink = np.zeros((height, width), np.float32)
    ink[top:bottom, left:right] = np.clip(np.asarray(drawn) * np.float32(scale) + np.float32(0.5), 0, 1)
    return ink


def _window(glyph: Glyph, matrix: Array, shape: tuple[int, int]) -> tuple[int, int, int, int]:
    """Return left, top, right and bottom of the part of the picture that holds the glyph."""
    high, wide = (side / FINE for side in glyph.distance.shape)
    corners = matrix @ np.array([[0, wide, 0, wide], [0, 0, high, high], [1, 1, 1, 1]])
    x, y = corners[:2] / corners[2]
    return (
        int(np.clip(x.min(), 0, shape[1] - 1)),
        int(np.clip(y.min(), 0, shape[0] - 1)),
        int(np.clip(np.ceil(x.max()), 1, shape[1])),
        int(np.clip(np.ceil(y.max()), 1, shape[0])),
    )


def _topology(mask: Array) -> tuple[int, int]:
    """Return how many pieces of ink, and of ground, there are; the holes of an 8 are ground."""
    return scipy.ndimage.label(mask)[1], scipy.ndimage.label(~mask)[1]
