"""Where a drawing stands in the model's frame: the habits of the data set that the model learned from."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from PIL import Image

from cnn_dash.inference.ink import Array
from cnn_dash.inference.strokes import stroke_width, widen

FRAME_PX = 28

_SAMPLE = 2_000  # pictures are enough to tell a data set's habits
_INK = 0.25  # what is darker counts as ground when a box is measured
_FINE = 8  # strokes are redrawn at this many times the final size


@dataclass(frozen=True)
class Framing:
    """How the pictures of a data set are framed.

    Attributes:
        longest_side: Longest side of the box around the ink, in pixels of a frame of 28×28.
        centre: What stands in the middle of the frame: the ink's centre of "mass", or the "box" around it.
        stroke_px: Narrowest and widest usual stroke in pixels of the same frame. A drawing beyond is redrawn to it.
    """

    longest_side: int
    centre: Literal["mass", "box"]
    stroke_px: tuple[float, float] = (1.5, 3.4)


CENTRED = Framing(20, "mass")
"""MNIST's: "size normalized to fit in a 20x20 pixel box", then "centered in a 28x28 image by computing the center of
mass" (http://yann.lecun.com/exdb/mnist/); the strokes of 90 % of its digits are 1.5 to 3.4 pixels wide."""


def framing_of(images: np.ndarray) -> Framing:
    """The framing that a training set's own pictures show.

    Args:
        images: uint8 (N, H, W, 1) with H = W, ink bright on black.

    Returns:
        What most pictures do, from up to 2,000 of them; MNIST's framing if there is no ink on any.
    """
    size = images.shape[1]
    sample = images[:: -(-len(images) // _SAMPLE) or 1, ..., 0] / np.float32(255)
    inked = [one for one in sample if one.max() > _INK]
    if not inked:
        return CENTRED
    boxes = np.array([ink_box(np.where(one > _INK, one, 0)) for one in inked])
    masses = np.array([centre_of_mass(one) for one in inked])
    off_by_mass = np.abs(masses - size // 2).mean()
    off_by_box = np.abs((boxes[:, :2] + boxes[:, 2:]) / 2 - size / 2).mean()
    scale = FRAME_PX / size
    side = float(np.median((boxes[:, 2:] - boxes[:, :2]).max(axis=1)))
    low, high = np.percentile([stroke_width(one) for one in inked], (5, 95)) * scale
    return Framing(
        longest_side=round(side * scale),
        centre="mass" if off_by_mass < off_by_box else "box",
        stroke_px=(round(float(low), 1), round(float(high), 1)),
    )


def frame(ink: Array, size: int, framing: Framing) -> np.ndarray:
    """Bring ink to the size and place that the data set's pictures have.

    Args:
        ink: float32 (H, W), 0–1, cut to the box around it.
        size: Side of the frame in pixels.
        framing: The data set's habits.

    Returns:
        uint8 (size, size), ink bright on black, brightest 255. No ink is lost beyond the frame.
    """
    longest = max(1, round(framing.longest_side * size / FRAME_PX))
    small = _scaled(ink, longest, tuple(px * size / FRAME_PX for px in framing.stroke_px))
    height, width = small.shape
    if framing.centre == "mass":
        row, column = (round(size // 2 - middle) for middle in centre_of_mass(small))
    else:
        row, column = (size - height) // 2, (size - width) // 2
    row, column = min(max(row, 0), size - height), min(max(column, 0), size - width)
    framed = np.zeros((size, size), np.uint8)
    framed[row : row + height, column : column + width] = np.rint(small * (255 / small.max()))
    return framed


def ink_box(ink: Array) -> tuple[int, int, int, int]:
    """Top, left, bottom, right of all ink, the last two exclusive; there must be some."""
    rows, columns = np.flatnonzero(ink.any(1)), np.flatnonzero(ink.any(0))
    return int(rows[0]), int(columns[0]), int(rows[-1]) + 1, int(columns[-1]) + 1


def centre_of_mass(ink: Array) -> tuple[float, float]:
    """Row and column of the ink's centre of mass; whole numbers are the middle of a pixel."""
    rows, columns = ink.sum(1), ink.sum(0)
    total = rows.sum()
    return float(rows @ np.arange(len(rows)) / total), float(columns @ np.arange(len(columns)) / total)


def _scaled(ink: Array, longest: int, stroke_px: tuple[float, ...]) -> Array:
    """Scale to the longest side by area averaging, with strokes of usual width: float32 (h, w), 0–1."""
    fine = _resized(Image.fromarray(ink), longest * _FINE)
    width = stroke_width(np.asarray(fine)) / _FINE
    low, high = stroke_px
    change = _FINE * (min(max(width, low), high) - width)
    if abs(change) >= 1:
        margin = int(abs(change)) + 1
        line = Image.fromarray((np.pad(np.asarray(fine), margin) * 255).astype(np.uint8))
        line = widen(line, change)
        fine = Image.fromarray(np.asarray(line.crop(line.getbbox()), np.float32) / 255)
    return np.asarray(_resized(fine, longest))


def _resized(picture: Image.Image, longest: int) -> Image.Image:
    scale = longest / max(picture.size)
    size = max(1, round(picture.width * scale)), max(1, round(picture.height * scale))
    return picture.resize(size, Image.Resampling.BOX)
