"""What happens to a good picture: specks, blur, a turn, a small file, a pen that fails."""

import numpy as np
from PIL import Image

from families.glyph import glyph_of, with_gap
from families.paper import photographed, sheet
from families.pens import INKS, PAPERS, varied, write
from families.scene import SIDES_PX, Made, Placed, Scene, placed, shape_of_picture
from families.surface import grain, light, taken
from families.view import tilted

Array = np.ndarray


def specks(rng: np.random.Generator, digits: Array, sides: tuple[int, int] = SIDES_PX) -> Made:
    """Scan of a worn sheet: black and white or grey, with specks all over, each much smaller than a stroke is wide."""
    scene = Scene(rng, (1, 1, 1), tilted(rng, shape_of_picture(rng, sides), 4, 0))
    put = placed(rng, digits[0], scene.view, rng.uniform(-0.6, 1))
    scatter(scene, put, np.exp(rng.uniform(*np.log((0.0003, 0.012)))))
    scene.write(put, (0, 0, 0))
    grey = Image.fromarray((scene.colours[0] * 255).astype(np.uint8))
    if rng.random() < 0.6:
        return scene.made(grey.point(lambda level: 255 * (level > 128)).convert("1", dither=Image.Dither.NONE))
    pixels = np.asarray(grey, np.float32) * np.float32(rng.uniform(0.7, 0.9)) + np.float32(rng.uniform(5, 25))
    pixels += rng.standard_normal(scene.view.shape, np.float32) * np.float32(rng.uniform(1, 6))
    return scene.made(Image.fromarray(pixels.clip(0, 255).astype(np.uint8)))


def scatter(scene: Scene, put: Placed, share: float) -> None:
    """Scatter specks over a page until they cover that share of it; each is up to a quarter of a stroke in size."""
    rng, (height, width) = scene.rng, scene.view.shape
    most = max(1, int(0.25 * put.stroke))
    left, marks = share * height * width, np.zeros((height, width), np.float32)
    for size in range(most, 0, -1):  # a few are large and many small, as dust is
        disc = np.argwhere(np.hypot(*np.mgrid[:size, :size] - (size - 1) / 2) <= size / 2)
        count = int(left / len(disc) * (0.15 if size > 1 else 1))
        left -= count * len(disc)
        corners = rng.integers(0, (height - size, width - size), (count, 2))
        for down, across in disc:
            ragged = corners[rng.random(count) < 0.85]
            marks[ragged[:, 0] + down, ragged[:, 1] + across] = 1
    scene.paint(marks, (0, 0, 0))


def blurred(rng: np.random.Generator, digits: Array, sides: tuple[int, int] = SIDES_PX) -> Made:
    """Pen on paper, out of focus: blurred by a third to half of a stroke's width."""
    scene = sheet(rng, sides)
    put = write(scene, digits[0], pen=rng.uniform(-0.3, 0.8))
    scene.light(light(rng, scene.view.shape, rng.uniform(0.7, 1)))
    return scene.made(taken(scene.colours, rng, put.stroke * rng.uniform(0.3, 0.55), rng.uniform(0, 0.01), 85))


def turned(rng: np.random.Generator, digits: Array, sides: tuple[int, int] = SIDES_PX) -> Made:
    """Pen on paper, turned by 6 to 15° either way."""
    shape = shape_of_picture(rng, sides)
    side = rng.choice((-1, 1)) * rng.uniform(6, 15)
    scene = Scene(rng, varied(rng, PAPERS, 0.02), tilted(rng, shape, 0, 0.02, side))
    scene.light(grain(rng, shape, rng.uniform(0.003, 0.02)))
    write(scene, digits[0])
    return photographed(scene)


def jpeg_30(rng: np.random.Generator, digits: Array, sides: tuple[int, int] = SIDES_PX) -> Made:
    """Pen on paper as a JPEG of quality 30: blocks, and ripples beside the strokes."""
    scene = sheet(rng, sides)
    write(scene, digits[0])
    scene.light(light(rng, scene.view.shape, rng.uniform(0.6, 1)))
    return scene.made(taken(scene.colours, rng, rng.uniform(0, 0.8), rng.uniform(0, 0.02), 30))


def broken(rng: np.random.Generator, digits: Array, sides: tuple[int, int] = SIDES_PX) -> Made:
    """Pen that failed in one place or two: a slit across a stroke, narrower than that."""
    glyph = with_gap(glyph_of(digits[0], rng.uniform(-0.5, 0.3)), rng)
    if rng.random() < 0.15:
        glyph = with_gap(glyph, rng)
    scene = sheet(rng, sides)
    write(scene, glyph, varied(rng, INKS))
    return photographed(scene)
