"""Made pictures of MNIST digits, one family a kind of picture that people bring; seeded, so that they can be compared.

`make("ruled paper", digit, numpy.random.default_rng(1))` returns a picture and where its digit is. A reader must not be
fitted to them: everything that may vary does, sizes from 300 to 2,000 pixels, colours, light, lines, pens, place.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from families import drawings, lines, paper
from families.scene import SIDES_PX, Made

__all__ = ["FAMILIES", "Family", "Made", "make"]


@dataclass(frozen=True)
class Family:
    """A kind of picture.

    Attributes:
        draw: From a generator, digits uint8 (N, 28, 28) and the bounds of the longer side in pixels to a picture.
        limit: Points (0–100) that may be lost against the same digits plain.
        group: What the pictures have in common, for the order of tables.
    """

    draw: Callable[[np.random.Generator, np.ndarray, tuple[int, int]], Made]
    limit: float
    group: str


FAMILIES: dict[str, Family] = {
    "clean drawing": Family(drawings.clean, 0.3, "drawing"),
    "pen on paper": Family(paper.pen_on_paper, 1, "paper"),
    "scan with specks": Family(paper.specks, 1, "paper"),
    "ruled paper": Family(lines.ruled, 1.5, "lines"),
    "squared paper": Family(lines.squared, 2, "lines"),
    "printed box": Family(lines.printed_box, 1.5, "lines"),
    "circled": Family(lines.circled, 2, "lines"),
    "underlined": Family(lines.underlined, 2, "lines"),
}


def make(name: str, digits: np.ndarray, rng: np.random.Generator, sides: tuple[int, int] = SIDES_PX) -> Made:
    """Make a picture.

    Args:
        name: Of a family, a key of `FAMILIES`.
        digits: uint8 (28, 28), or (N, 28, 28) of which a family takes as many as it shows, the one in question first.
        rng: Where all chance comes from.
        sides: Shortest and longest longer side of the picture in pixels.
    """
    return FAMILIES[name].draw(rng, np.atleast_3d(digits).reshape(-1, 28, 28), sides)
