"""Tells ink from paper: by what departs from the ground, whichever of the two is dark; and ink from dust."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy
from PIL import Image

from cnn_dash.errors import BlankPicture

Array = np.ndarray[Any, np.dtype[np.float32]]

MIN_CONTRAST = 0.08
"""Ink that departs less than this from the ground (of 0–1) is not seen: paper grain, JPEG blocks, a faint shadow."""

_NOISE = 6  # times the standard deviation of the ground: one pixel in 10^9 is beyond it by chance
_UNEVEN = 0.06  # a border whose levels spread further than this is lit unevenly …
_SAME = 0.005  # … unless half of it has one level, give or take this, …
_INK = 0.15  # … and the rest is ink that crosses it, this far off: a shadow would have levels between
_PHOTO_PX = 64  # what is smaller is a data set's own image, and no photo
_CELLS = 32
_REACH = 4  # in cells: twice this is wider than any stroke
_DUST_CELLS = 40  # along the longer side: gaps and dust finer than a cell do not count
_DUST_OF_PICTURE = 0.0002
_DUST_OF_LARGEST = 0.02


@dataclass(frozen=True)
class Ink:
    """The ink on a picture.

    Attributes:
        pixels: float32 (H, W), 0 no ink to 1 full ink.
        dark_on_light: Whether the ink is darker than its ground, as on paper; False for chalk on a board.
    """

    pixels: Array
    dark_on_light: bool


def find_ink(grey: Array) -> Ink:
    """Separate ink from its ground: even the light out, decide which side is ink, cut the noise off.

    Args:
        grey: float32 (H, W), 0 black to 1 white.

    Raises:
        BlankPicture: If nothing stands out from the ground.
    """
    even = _even_ground(grey)
    ground = np.full_like(grey, even) if even is not None else _trend(grey)
    darkest, brightest = np.percentile(grey - ground, (0.1, 99.9))
    dark_on_light = bool(-darkest >= brightest)
    if even is None:
        ground = _lit_ground(grey, dark_on_light)
    departure = ground - grey if dark_on_light else grey - ground
    # Light falls on ink and paper alike: full ink is a share of the range that the ground leaves, noise is not.
    room = np.maximum(ground if dark_on_light else 1 - ground, 0.1)
    border = _border(departure)
    noise = 1.4826 * float(np.median(np.abs(border - np.median(border))))  # a stroke at the border is no noise
    seen = departure > np.maximum(MIN_CONTRAST * room, _NOISE * noise)
    if not seen.any():
        raise blank()
    contrast = departure / room
    full = np.percentile(contrast[seen], 75)
    return Ink(np.where(seen, contrast / full, 0).clip(0, 1).astype(np.float32), dark_on_light)


def without_dust(ink: Array) -> Array:
    """Erase what is too small to be part of the drawing.

    Ink that touches, give or take a cell of a 40-cell grid, is one piece. A piece is dust if it has less than 0.02 % of
    the picture's area, or 2 % of the ink of the largest piece.

    Args:
        ink: float32 (H, W), 0 no ink to 1 full ink.

    Returns:
        The same, with the dust set to 0.
    """
    height, width = ink.shape
    cell = -(-max(ink.shape) // _DUST_CELLS)
    rows, columns = -(-height // cell), -(-width // cell)
    padded = np.pad(ink, ((0, rows * cell - height), (0, columns * cell - width)))
    mass = padded.reshape(rows, cell, columns, cell).sum((1, 3))
    pieces, count = scipy.ndimage.label(mass > 0, np.ones((3, 3)))  # (rows, columns): 0 no ink, 1 to count
    amounts = scipy.ndimage.sum_labels(mass, pieces, np.arange(1, count + 1))
    least = max(_DUST_OF_PICTURE * ink.size, _DUST_OF_LARGEST * amounts.max(initial=0))
    kept = np.concatenate([[False], amounts >= least])[pieces]
    return ink * np.kron(kept, np.ones((cell, cell), bool))[:height, :width]


def blank() -> BlankPicture:
    """Return the error for a picture without ink, with what to do about it."""
    return BlankPicture(
        "There is nothing to be seen on this picture: no ink stands out from the ground. Take one with larger strokes "
        "or more contrast."
    )


def _even_ground(grey: Array) -> float | None:
    """Return the level of the ground, 0–1, or None if it is lit unevenly."""
    border = _border(grey)
    low, level, high = np.percentile(border, (10, 50, 90))
    off = np.abs(border - level)
    drawn = np.mean(off <= _SAME) >= 0.5 and np.mean((off > _SAME) & (off < _INK)) <= 0.05
    even = drawn or high - low <= _UNEVEN or max(grey.shape) < _PHOTO_PX
    return float(level) if even else None


def _trend(grey: Array) -> Array:
    """Fit the light over the picture, (H, W): the quadratic surface that most of it lies on, whatever is drawn."""
    coarse = _coarse(grey)
    y, x = np.mgrid[-1 : 1 : _CELLS * 1j, -1 : 1 : _CELLS * 1j].reshape(2, -1)
    terms = np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=1)  # (cells, 6)
    values = coarse.ravel()
    near = np.ones(len(values), bool)
    for _ in range(6):
        surface = terms @ np.linalg.lstsq(terms[near], values[near])[0]
        off = np.abs(values - surface)
        near = off <= 2 * np.median(off)
    return _as_large(surface.reshape(coarse.shape), grey)


def _lit_ground(grey: Array, dark_on_light: bool) -> Array:
    """Remove the ink from the ground, (H, W), by a closing: it fills what is dark and narrow and keeps a shadow's edge.

    For bright ink the picture is turned over first, which makes it an opening.
    """
    sign = 1 if dark_on_light else -1
    coarse = sign * _coarse(grey)
    # Beyond the border a shadow goes on getting darker, but ink must not be mirrored into light.
    mirrored = (np.pad(coarse, 2 * _REACH, "reflect", reflect_type=kind) for kind in ("even", "odd"))
    closed = scipy.ndimage.grey_closing(np.minimum(*mirrored), size=2 * _REACH + 1)
    inside = slice(2 * _REACH, -2 * _REACH)
    return _as_large(sign * closed[inside, inside], grey)


def _coarse(grey: Array) -> Array:
    return np.asarray(Image.fromarray(grey).resize((_CELLS, _CELLS), Image.Resampling.BOX))


def _as_large(coarse: Array, grey: Array) -> Array:
    smooth = Image.fromarray(coarse.astype(np.float32)).resize(grey.shape[::-1], Image.Resampling.BICUBIC)
    return np.array(smooth)


def _border(values: Array) -> Array:
    """Return the values along the four sides, a hundredth deep, as one row."""
    depth = max(1, min(values.shape) // 100)
    sides = (values[:depth], values[-depth:], values[:, :depth], values[:, -depth:])
    return np.concatenate([side.ravel() for side in sides])
