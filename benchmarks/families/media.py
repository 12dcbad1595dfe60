"""Other things to write with and on: pencil, coloured pens, chalk, colours of the same brightness."""

import colorsys

import numpy as np

from families.paper import photographed, sheet
from families.pens import PAPERS, chalked, graphite, varied, write
from families.scene import SIDES_PX, Colour, Made, placed
from families.surface import cloud

Array = np.ndarray

LUMA = np.array([0.299, 0.587, 0.114])
"""How bright red, green and blue are, ITU-R 601."""

_BOARDS: tuple[Colour, ...] = ((0.13, 0.24, 0.19), (0.12, 0.13, 0.14), (0.2, 0.22, 0.21), (0.12, 0.17, 0.28))
_CHALKS: tuple[Colour, ...] = (
    (0.93, 0.93, 0.9),
    (0.93, 0.93, 0.9),
    (0.95, 0.9, 0.55),
    (0.95, 0.72, 0.74),
    (0.65, 0.85, 0.95),
)


def pencil(rng: np.random.Generator, digits: Array, sides: tuple[int, int] = SIDES_PX) -> Made:
    """Pencil on paper: grey, faint, and broken up by the paper's tooth."""
    scene = sheet(rng, sides, varied(rng, PAPERS[:4], 0.02))
    put = placed(rng, digits[0], scene.view, rng.uniform(-0.7, 0.2))
    strength = rng.uniform(0.35, 0.75)
    scene.write(put, varied(rng, ((0.2, 0.2, 0.22), (0.28, 0.28, 0.28)), 0.03), graphite(scene, put, strength))
    return photographed(scene, (0.7, 0.95))


def coloured(rng: np.random.Generator, digits: Array, sides: tuple[int, int] = SIDES_PX) -> Made:
    """Coloured pen on coloured paper, both of any hue, the pen darker or, on dark paper, brighter."""
    paper = np.array(colorsys.hsv_to_rgb(rng.random(), rng.uniform(0.15, 0.6), rng.uniform(0.75, 1)))
    pen = np.array(colorsys.hsv_to_rgb(rng.random(), rng.uniform(0.6, 1), rng.uniform(0.15, 0.75)))
    if rng.random() < 0.25:
        paper, pen = pen * 0.6, 0.4 + 0.6 * paper
    apart = abs(LUMA @ (paper - pen))
    if apart < 0.3:  # else nobody could read it at once
        darker, brighter = (pen, paper) if LUMA @ pen < LUMA @ paper else (paper, pen)
        darker *= max(0.0, LUMA @ brighter - 0.35) / (LUMA @ darker)
    scene = sheet(rng, sides, tuple(paper))
    write(scene, digits[0], tuple(pen))
    return photographed(scene)


def chalk(rng: np.random.Generator, digits: Array, sides: tuple[int, int] = SIDES_PX) -> Made:
    """Chalk on a board that was wiped: broken strokes, and clouds of dust on the ground."""
    scene = sheet(rng, sides, varied(rng, _BOARDS, 0.03))
    shape = scene.view.shape
    for size in (3, 12):
        wiped = cloud(rng, shape, max(shape) / size).clip(0, 2) / 2
        scene.paint(wiped * np.float32(rng.uniform(0.02, 0.16)), (0.8, 0.8, 0.78))
    put = placed(rng, digits[0], scene.view, rng.uniform(-0.3, 0.8))
    scene.write(put, varied(rng, _CHALKS, 0.03), chalked(scene, put))
    return photographed(scene)


def same_brightness(rng: np.random.Generator, digits: Array, sides: tuple[int, int] = SIDES_PX) -> Made:
    """Ink as bright as its ground, of quite another colour: red on green, blue on grey, or any such pair."""
    ground, ink = as_bright(rng)
    scene = sheet(rng, sides, ground)
    scene.write(placed(rng, digits[0], scene.view, rng.uniform(-0.4, 1), (0.18, 0.7)), ink)
    return photographed(scene, (0.85, 1.0))


def as_bright(rng: np.random.Generator) -> tuple[Colour, Colour]:
    """Return two colours whose luma differs by at most 0.02, and that a person tells apart at once."""
    while True:
        ground = np.array(colorsys.hsv_to_rgb(rng.random(), rng.choice((0, 0.4, 0.6, 0.8)), rng.uniform(0.45, 0.95)))
        ink = np.array(colorsys.hsv_to_rgb(rng.random(), rng.uniform(0.5, 1), 1))
        ink *= (LUMA @ ground + rng.uniform(-0.02, 0.02)) / (LUMA @ ink)
        blue, red = (ink - ground)[[2, 0]] * (0.564, 0.713)  # what the colour differs by, Cb and Cr
        if ink.max() <= 1 and np.hypot(blue, red) > 0.32:
            return tuple(ground), tuple(ink)
