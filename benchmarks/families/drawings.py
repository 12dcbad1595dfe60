"""Drawings without paper: flat ink on a flat ground, as a canvas or a paint program gives them."""

import numpy as np

from families.scene import SIDES_PX, Made, placed, straight_scene
from families.surface import taken

Array = np.ndarray


def clean(rng: np.random.Generator, digits: Array, sides: tuple[int, int] = SIDES_PX) -> Made:
    """Clean drawing: black on white, white on black, or two colours that are far apart in brightness."""
    dark, bright = rng.uniform(0, 0.3, 3), rng.uniform(0.75, 1, 3)
    if rng.random() < 0.5:
        dark, bright = np.zeros(3), np.ones(3)
    ground, ink = (bright, dark) if rng.random() < 0.6 else (dark, bright)
    scene = straight_scene(rng, tuple(ground), sides)
    scene.write(placed(rng, digits[0], scene.view, rng.uniform(-0.75, 1.5)), tuple(ink))
    return scene.made(taken(scene.colours, rng))
