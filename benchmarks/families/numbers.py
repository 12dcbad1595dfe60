"""Several digits in one picture, as they are read from left to right."""

import numpy as np

from families.glyph import FINE, Glyph, glyph_of
from families.paper import photographed, sheet
from families.pens import INKS, ballpoint, varied
from families.scene import SIDES_PX, Made, Scene, place, put, shape_of_picture
from families.surface import taken
from families.view import straight

Array = np.ndarray


def number(rng: np.random.Generator, digits: Array, sides: tuple[int, int] = SIDES_PX) -> Made:
    """Write a number of five digits side by side, on paper or as a drawing."""
    return row(rng, digits[:5], sides, None)


def touching(rng: np.random.Generator, digits: Array, sides: tuple[int, int] = SIDES_PX) -> Made:
    """Write a number of five digits of which two touch."""
    return row(rng, digits[:5], sides, int(rng.integers(4)))


def pair(rng: np.random.Generator, digits: Array, sides: tuple[int, int] = SIDES_PX) -> Made:
    """Write two digits side by side, clearly apart."""
    return row(rng, digits[:2], sides, None)


def row(rng: np.random.Generator, digits: Array, sides: tuple[int, int], touching: int | None) -> Made:
    """Write digits in a row with one pen; the one with the number `touching` touches the next."""
    drawn = rng.random() < 0.5
    scene = Scene(rng, (1, 1, 1), straight(wide_shape(rng, sides))) if drawn else sheet(rng, sides)
    pen = rng.uniform(-0.7, 0.6)
    glyphs = [glyph_of(digit, pen) for digit in digits]
    middles, scales = layout(rng, glyphs, touching)
    edges = np.array([(right - left, bottom - top) for left, top, right, bottom in (glyph.box for glyph in glyphs)])
    half = edges * scales[:, None] / 2
    low, high = (middles - half).min(0), (middles + half).max(0)
    scale, centre = place(rng, scene.view, high - low, (0.2, 0.7) if drawn else (0.08, 0.4))
    ink = (0.0, 0.0, 0.0) if drawn else varied(rng, INKS)
    for glyph, middle, own in zip(glyphs, middles, scales, strict=True):
        one = put(glyph, scene.view, scale * own, centre + scale * (middle - (low + high) / 2))
        scene.write(one, ink, 1.0 if drawn else ballpoint(scene, one))
    if not drawn:
        return photographed(scene)
    if rng.random() < 0.5:
        scene.colours = 1 - scene.colours
    return scene.made(taken(scene.colours, rng))


def wide_shape(rng: np.random.Generator, sides: tuple[int, int]) -> tuple[int, int]:
    """Return height and width of a picture that is mostly wider than high."""
    height, width = shape_of_picture(rng, sides)
    return round(height * rng.uniform(0.35, 1)), width


def layout(rng: np.random.Generator, glyphs: list[Glyph], touching: int | None) -> tuple[Array, Array]:
    """Return the middles (N, 2) of digits in a row, in pixels of the digit, and by how much each is enlarged, (N,)."""
    scales = rng.uniform(0.9, 1.12, len(glyphs))
    apart = rng.uniform(2.5, 9)
    middles, x = [], 0.0
    for index, (glyph, scale) in enumerate(zip(glyphs, scales, strict=True)):
        left, _, right, _ = glyph.box
        half = scale * (right - left) / 2
        y = rng.uniform(-1.2, 1.2)
        if index and touching == index - 1:
            x -= overlap(glyphs[index - 1], scales[index - 1], glyph, scale, y - middles[-1][1])
        elif index:
            x += apart * rng.uniform(0.7, 1.5)
        middles.append((x + half, y))
        x += 2 * half
    return np.array(middles), scales


def overlap(first: Glyph, first_scale: float, second: Glyph, scale: float, lower: float) -> float:
    """Return how far the boxes of two digits must overlap until their ink does, in pixels of the digit.

    Args:
        first: The left one.
        first_scale: By how much it is enlarged.
        second: The right one.
        scale: By how much it is enlarged.
        lower: How much lower the middle of the second is.
    """
    levels = np.arange(-14, 14, 0.25)
    free = _free(first, first_scale, levels, right=True) + _free(second, scale, levels - lower, right=False)
    # Until strokes run into each other by half their width, but so that each is still seen for itself.
    widths = [own * (glyph.box[2] - glyph.box[0]) for glyph, own in ((first, first_scale), (second, scale))]
    return float(min(free.min() + 0.5 * first.stroke, 0.3 * min(widths)))


def _free(glyph: Glyph, scale: float, levels: Array, right: bool) -> Array:
    """Return how far the ink stays back from the right or left side of its box at each level from the middle."""
    left, top, end, bottom = glyph.box
    middle = (top + bottom) / 2
    free = np.full(len(levels), np.inf)
    for index, level in enumerate(levels):
        row = int((middle + level / scale) * FINE)
        if 0 <= row < glyph.distance.shape[0]:
            columns = np.flatnonzero(glyph.distance[row] > 0)
            if columns.size:
                free[index] = end - (columns[-1] + 1) / FINE if right else columns[0] / FINE - left
    return free * scale
