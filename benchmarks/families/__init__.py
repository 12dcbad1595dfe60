"""Made pictures of MNIST digits, one family a kind of picture that people bring; seeded, so that they can be compared.

`make("ruled paper", digit, numpy.random.default_rng(1))` returns a picture and where its digit is. A reader must not be
fitted to them: everything that may vary does, sizes from 300 to 2,000 pixels, colours, light, lines, pens, place.
"""

import zlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from families import drawings, edges, formats, lines, marks, media, numbers, paper, screens, wear
from families.others import OTHERS
from families.scene import SIDES_PX, Made
from families.sheet import contact_sheet

__all__ = ["FAMILIES", "OTHERS", "Family", "Made", "contact_sheet", "generator", "make"]

KEPT = 2.0
"""Points that may be lost where a kind was read well before and only has to stay so."""


@dataclass(frozen=True)
class Family:
    """A kind of picture.

    Attributes:
        draw: From a generator, digits uint8 (N, 28, 28) and the bounds of the longer side in pixels to a picture.
        limit: Points (0–100) that may be lost against the same digits plain.
        group: What the pictures have in common, for the order of tables.
        digits: How many digits it shows whole; they are asked for as one number.
        neighbours: How many more it takes to show pieces of.
        least_cut: Per cent of the pictures in which each digit must be found by itself; None if there is one.
        least_read: Per cent of the pictures that must be read right, instead of `limit`.
    """

    draw: Callable[[np.random.Generator, np.ndarray, tuple[int, int]], Made]
    limit: float
    group: str
    digits: int = 1
    neighbours: int = 0
    least_cut: float | None = None
    least_read: float | None = None


FAMILIES: dict[str, Family] = {
    "clean drawing": Family(drawings.clean, 0.3, "drawing"),
    "thin pen": Family(drawings.thin, KEPT, "drawing"),
    "thick pen": Family(drawings.thick, KEPT, "drawing"),
    "fills its frame": Family(drawings.fills_frame, KEPT, "drawing"),
    "8×8 pixels enlarged": Family(drawings.tiny, 4, "drawing"),  # so few pixels alone cost two points
    "transparent PNG": Family(formats.transparent, 0.3, "format"),
    "white on transparent": Family(formats.white_transparent, 0.3, "format"),
    "inverted": Family(formats.inverted, 0.3, "format"),
    "16-bit": Family(formats.sixteen_bits, 0.3, "format"),
    "CMYK": Family(formats.cmyk, 0.3, "format"),
    "palette": Family(formats.palette, 0.3, "format"),
    "pen on paper": Family(paper.pen_on_paper, 1, "paper"),
    "phone photo": Family(paper.phone, 2.5, "paper"),
    "small in a large page": Family(paper.small, 2, "paper"),
    "hard shadow": Family(paper.hard_shadow, KEPT, "paper"),
    "pencil": Family(media.pencil, 2, "paper"),
    "coloured pen and paper": Family(media.coloured, 1.5, "paper"),
    "chalk on a board": Family(media.chalk, 1, "paper"),
    "same brightness": Family(media.same_brightness, 1.5, "paper"),
    "scan with specks": Family(wear.specks, 1, "wear"),
    "blur": Family(wear.blurred, KEPT, "wear"),
    "turned": Family(wear.turned, KEPT, "wear"),
    "JPEG 30": Family(wear.jpeg_30, KEPT, "wear"),
    "broken stroke": Family(wear.broken, KEPT, "wear"),
    "ruled paper": Family(lines.ruled, 1.5, "lines"),
    "squared paper": Family(lines.squared, 2, "lines"),
    "printed box": Family(lines.printed_box, 1.5, "lines"),
    "form's comb": Family(lines.comb, KEPT, "lines"),
    "circled by hand": Family(marks.circled, 2, "lines"),
    "boxed by hand": Family(marks.boxed, 2, "lines"),
    "underlined": Family(marks.underlined, 2, "lines"),
    "table's edge": Family(edges.table_edge, 1.5, "edges"),
    "pasted grey paper": Family(edges.pasted, KEPT, "edges"),
    "cell cut at its lines": Family(edges.cut_cell, KEPT, "edges"),
    "pieces of neighbours": Family(edges.neighbours, KEPT, "edges", neighbours=2),
    "screenshot with a frame": Family(screens.framed, 2, "screen"),
    "screenshot with a pointer": Family(screens.with_pointer, 2, "screen"),
    "screenshot with bars": Family(screens.with_bars, KEPT, "screen"),
    "screenshot with axes": Family(screens.with_axes, KEPT, "screen"),
    "two digits": Family(numbers.pair, KEPT, "several", digits=2, least_cut=97),
    "number of five digits": Family(numbers.number, KEPT, "several", digits=5, least_cut=97, least_read=94),
    "two of five digits touch": Family(numbers.touching, KEPT, "several", digits=5, least_cut=75, least_read=60),
}


def make(name: str, digits: np.ndarray, rng: np.random.Generator, sides: tuple[int, int] = SIDES_PX) -> Made:
    """Make a picture.

    Args:
        name: Of a family, a key of `FAMILIES`.
        digits: uint8 (28, 28), or (N, 28, 28) of which a family takes as many as it shows, the one in question first.
        rng: Where all chance comes from.
        sides: Shortest and longest longer side of the picture in pixels.
    """
    return FAMILIES[name].draw(rng, np.asarray(digits).reshape(-1, 28, 28), sides)


def generator(name: str, number: int, seed: int = 1) -> np.random.Generator:
    """Return the generator of one picture of a family: the same whatever else is made before it."""
    return np.random.default_rng([seed, zlib.crc32(name.encode()), number])
