"""Drawings without paper: flat ink on a flat ground, as a canvas or a paint program gives them."""

import numpy as np
from PIL import Image

from families.scene import SIDES_PX, Made, Scene, box_of, placed, shape_of_picture
from families.surface import taken
from families.view import straight

Array = np.ndarray


def drawing(rng: np.random.Generator, digit: Array, sides: tuple[int, int], pen: tuple[float, float]) -> Scene:
    """Draw black on white, white on black, or in two colours that are far apart in brightness."""
    dark, bright = rng.uniform(0, 0.3, 3), rng.uniform(0.75, 1, 3)
    if rng.random() < 0.5:
        dark, bright = np.zeros(3), np.ones(3)
    ground, ink = (bright, dark) if rng.random() < 0.6 else (dark, bright)
    scene = Scene(rng, tuple(ground), straight(shape_of_picture(rng, sides)))
    scene.write(placed(rng, digit, scene.view, rng.uniform(*pen)), tuple(ink))
    return scene


def clean(rng: np.random.Generator, digits: Array, sides: tuple[int, int] = SIDES_PX) -> Made:
    """Clean drawing, with a pen of any usual width."""
    scene = drawing(rng, digits[0], sides, (-0.75, 1.5))
    return scene.made(taken(scene.colours, rng))


def thin(rng: np.random.Generator, digits: Array, sides: tuple[int, int] = SIDES_PX) -> Made:
    """Clean drawing with a thin pen: about as thin as leaves the digit whole."""
    scene = drawing(rng, digits[0], sides, (-1.6, -1.1))
    return scene.made(taken(scene.colours, rng))


def thick(rng: np.random.Generator, digits: Array, sides: tuple[int, int] = SIDES_PX) -> Made:
    """Clean drawing with a thick pen."""
    scene = drawing(rng, digits[0], sides, (1.3, 2.2))
    return scene.made(taken(scene.colours, rng))


def fills_frame(rng: np.random.Generator, digits: Array, sides: tuple[int, int] = SIDES_PX) -> Made:
    """Digit that fills its picture to the border: the pixels of MNIST, or a drawing, cut at the ink."""
    if rng.random() < 0.5:
        ink = cut(digits[0])
        return pixelated(rng, ink, rng.integers(2, 20) if rng.random() < 0.8 else 1)
    scene = drawing(rng, digits[0], (min(400, sides[1] - 1), sides[1]), (-0.5, 1.2))
    made = scene.made(taken(scene.colours, rng))
    left, top, right, bottom = made.boxes[0]
    return Made(
        made.picture.crop(made.boxes[0]), made.ink[top:bottom, left:right], ((0, 0, right - left, bottom - top),)
    )


def tiny(rng: np.random.Generator, digits: Array, sides: tuple[int, int] = SIDES_PX) -> Made:
    """Digit of 8×8 pixels and 17 levels that fills its frame, enlarged: the images of scikit-learn's `load_digits`."""
    ink = Image.fromarray(cut(digits[0]))
    wide, high = (max(2, round(8 * side / max(ink.size))) for side in ink.size)
    left, top = (8 - wide) // 2, (8 - high) // 2
    small = np.zeros((8, 8))
    small[top : top + high, left : left + wide] = ink.resize((wide, high), Image.Resampling.BOX)
    levels = np.rint(small / small.max() * 16) * 255 / 16
    return pixelated(rng, levels.astype(np.uint8), int(rng.integers(8, 64)))


def cut(digit: Array) -> Array:
    """Return a digit cut at its ink, uint8 (h, w)."""
    left, top, right, bottom = box_of(digit / 255)
    return digit[top:bottom, left:right]


def pixelated(rng: np.random.Generator, ink: Array, factor: int) -> Made:
    """Enlarge an image of few pixels, (h, w), as a viewer does: in squares or smooth; dark on bright or the reverse."""
    how = rng.choice((Image.Resampling.NEAREST, Image.Resampling.BILINEAR, Image.Resampling.BICUBIC))
    large = Image.fromarray(ink).resize((ink.shape[1] * int(factor), ink.shape[0] * int(factor)), how)
    pixels = np.asarray(large)
    picture = large if rng.random() < 0.5 else Image.fromarray(255 - pixels)
    return Made(picture if rng.random() < 0.5 else picture.convert("RGB"), pixels, (box_of(pixels / 255),))
