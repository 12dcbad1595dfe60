"""A picture in the making: a page, what is on it, and where the digit is."""

from dataclasses import dataclass

import numpy as np
from PIL import Image

from families.glyph import Glyph, coverage, glyph_of
from families.view import View, straight

Array = np.ndarray
Colour = tuple[float, float, float]
Region = tuple[float, float, float, float]
"""Left, top, right and bottom of a part of the picture, as shares of its width and height."""

SIDES_PX = (300, 2000)
"""Shortest and longest longer side of a picture."""

_ASPECTS = (1, 1, 4 / 3, 3 / 4, 3 / 2, 2 / 3, 16 / 9)
_CLEAR = 0.03  # of the picture's shorter side: what stays free around a digit


@dataclass(frozen=True)
class Made:
    """A picture of one or several digits, and what a reader should find in it.

    Attributes:
        picture: The picture in the mode and format that a person would bring.
        ink: uint8 (H, W), the digits alone, bright on black, each pixel's share of ink.
        boxes: Left, top, right and bottom of each digit in pixels, in the order in which they are read.
    """

    picture: Image.Image
    ink: Array
    boxes: tuple[tuple[int, int, int, int], ...]


@dataclass(frozen=True)
class Placed:
    """A digit on the page.

    Attributes:
        ink: float32 (H, W), share of each pixel that is ink.
        box: Left, top, right and bottom of it in pixels of the picture.
        centre: Its middle on the page, see `View`.
        height: Its height in pixels of the page.
        width: Its width in pixels of the page.
        stroke: The usual width of its strokes in pixels.
    """

    ink: Array
    box: tuple[int, int, int, int]
    centre: Array
    height: float
    width: float
    stroke: float


class Scene:
    """A page and what is painted on it.

    Attributes:
        rng: Where all chance comes from.
        view: How the page lies in the picture.
        colours: float32 (3, H, W), 0–1, the page's red, green and blue.
        digits: What was written, in the order in which it is read.
    """

    def __init__(self, rng: np.random.Generator, ground: Colour, view: View) -> None:
        """Start with an empty page of one colour."""
        self.rng, self.view = rng, view
        self.colours = np.empty((3, *view.shape), np.float32)
        self.colours[:] = np.reshape(ground, (3, 1, 1))
        self.digits: list[Placed] = []

    def paint(self, share: Array, colour: Colour) -> None:
        """Lay a colour over the page, as much of it as `share`, float32 (H, W) in 0–1, says."""
        painted = share > 0
        rows, columns = (np.flatnonzero(painted.any(axis)) for axis in (1, 0))
        if rows.size:
            window = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
            for plane, level in zip(self.colours, colour, strict=True):
                plane[window] += share[window] * (np.float32(level) - plane[window])

    def light(self, share: Array, tint: Colour = (1, 1, 1)) -> None:
        """Let light, float32 (H, W) and of one colour, fall on the page and all that is painted on it."""
        for plane, level in zip(self.colours, tint, strict=True):
            plane *= share * np.float32(level)

    def write(self, placed: Placed, colour: Colour, texture: Array | float = 1.0) -> None:
        """Write a digit with a pen whose ink covers as much as `texture`, 0–1, says."""
        self.paint(placed.ink * np.asarray(texture, np.float32), colour)
        self.digits.append(placed)

    def made(self, picture: Image.Image) -> Made:
        """Return the finished picture, with where its digits are."""
        ink = np.max([np.zeros(self.view.shape, np.float32), *(placed.ink for placed in self.digits)], axis=0)
        return Made(picture, (ink * 255).astype(np.uint8), tuple(placed.box for placed in self.digits))


def shape_of_picture(rng: np.random.Generator, sides: tuple[int, int] = SIDES_PX) -> tuple[int, int]:
    """Return height and width of a picture in pixels: all sizes alike, the usual formats."""
    longer = np.exp(rng.uniform(*np.log(sides)))
    aspect = rng.choice(_ASPECTS)
    return round(longer * min(1, 1 / aspect)), round(longer * min(1, aspect))


def placed(
    rng: np.random.Generator,
    digit: Array | Glyph,
    view: View,
    pen: float = 0.0,
    share: tuple[float, float] = (0.12, 0.7),
    room: tuple[float, float] = (0.0, 0.0),
    within: Region = (0, 0, 1, 1),
) -> Placed:
    """Put a digit somewhere on the page, whole.

    Args:
        rng: Where chance comes from.
        digit: uint8 (H, W), ink bright, or its shape.
        view: How the page lies in the picture.
        pen: What the pen adds to the width of a stroke, in pixels of the digit.
        share: Least and most height of the digit, of the picture's.
        room: What must stay free beside and above it, of its height.
        within: The part of the picture that it must stay in.
    """
    glyph = digit if isinstance(digit, Glyph) else glyph_of(digit, pen)
    left, top, right, bottom = glyph.box
    size = np.array([right - left, bottom - top])
    scale, centre = place(rng, view, size, share, room, within)
    return put(glyph, view, scale, centre)


def place(
    rng: np.random.Generator,
    view: View,
    size: Array,
    share: tuple[float, float],
    room: tuple[float, float] = (0.0, 0.0),
    within: Region = (0, 0, 1, 1),
) -> tuple[float, Array]:
    """Return by how much something of `size` (width, height) is enlarged, and where its middle is on the page."""
    whole = np.array(view.shape[::-1])
    clear = max(2, _CLEAR * min(view.shape))
    first, last = whole * within[:2] + clear, whole * within[2:] - clear
    # What it takes of the picture with its room; turned or seen aslant it takes more.
    needs = 1.06 * np.abs(view.matrix[:2, :2]) @ (size + 2 * size[1] * np.array(room))
    scale = min(whole[1] * np.exp(rng.uniform(*np.log(share))) / size[1], *((last - first) / needs))
    half = scale * needs / 2
    pixel = first + half + rng.uniform(0, 1, 2) * np.maximum(last - first - 2 * half, 0)
    return float(scale), view.points(pixel[None])[0]


def put(glyph: Glyph, view: View, scale: float, centre: Array) -> Placed:
    """Put a glyph on the page, `scale` times as large as the digit, its middle at `centre`."""
    left, top, right, bottom = glyph.box
    ink = coverage(glyph, view.holding(centre, scale, ((left + right) / 2, (top + bottom) / 2)), view.shape)
    return Placed(ink, box_of(ink), centre, scale * (bottom - top), scale * (right - left), scale * glyph.stroke)


def box_of(ink: Array) -> tuple[int, int, int, int]:
    """Return left, top, right and bottom of ink, float (H, W) in 0–1."""
    rows, columns = (np.flatnonzero((ink > 0.3).any(axis)) for axis in (1, 0))
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def straight_scene(rng: np.random.Generator, ground: Colour, sides: tuple[int, int] = SIDES_PX) -> Scene:
    """Return an empty page that fills the picture and lies straight."""
    return Scene(rng, ground, straight(shape_of_picture(rng, sides)))
