"""Pictures that show no digit: what a reader must say it is not sure of."""

from collections.abc import Callable

import numpy as np
from PIL import Image

from families.letters import letter, scribble
from families.lines import PRINT, bars
from families.marks import stroke
from families.paper import photographed, sheet
from families.pens import INKS, varied
from families.scene import SIDES_PX, Scene, place, shape_of_picture
from families.surface import cloud, light, taken
from families.widgets import canvas_of, text

Array = np.ndarray
Draw = Callable[[np.random.Generator, tuple[int, int]], Image.Image]


def letters(rng: np.random.Generator, sides: tuple[int, int] = SIDES_PX) -> Image.Image:
    """Handwritten letter on paper, none that looks like a digit."""
    return strokes_on_paper(rng, sides, letter(rng), rng.uniform(0.04, 0.13))


def scribbles(rng: np.random.Generator, sides: tuple[int, int] = SIDES_PX) -> Image.Image:
    """Scribble on paper."""
    return strokes_on_paper(rng, sides, scribble(rng), rng.uniform(0.02, 0.1))


def faces(rng: np.random.Generator, sides: tuple[int, int] = SIDES_PX) -> Image.Image:
    """Face as one draws it for a child; no photographs, since none are at hand without the internet."""
    turn = np.linspace(0, 2 * np.pi, 80)
    ring = np.stack([np.cos(turn), np.sin(turn)], axis=1)
    smile = ring[5:35] * (1, rng.uniform(-0.6, 1))
    parts = [ring * (0.42, 0.5) * rng.uniform(0.9, 1.1, 2), smile * 0.22 + (0, 0.12)]
    parts += [ring * rng.uniform(0.03, 0.07, 2) + (side * 0.16, -0.12) for side in (-1, 1)]
    if rng.random() < 0.6:
        parts.append(np.array([(0, -0.05), (0.04, 0.08), (-0.02, 0.09)]))
    if rng.random() < 0.5:
        parts += [np.array([(x, -0.45), (x * 1.2, -0.62)]) for x in np.linspace(-0.3, 0.3, int(rng.integers(3, 9)))]
    return strokes_on_paper(rng, sides, parts, rng.uniform(0.02, 0.06))


def strokes_on_paper(
    rng: np.random.Generator, sides: tuple[int, int], strokes: list[Array], width: float
) -> Image.Image:
    """Draw strokes, each points (N, 2) in -0.5 to 0.5, somewhere on paper with a pen of `width` of their height."""
    scene = sheet(rng, sides)
    points = np.concatenate(strokes)
    low, high = points.min(0) - width, points.max(0) + width
    scale, centre = place(rng, scene.view, high - low, (0.15, 0.7))
    ink = varied(rng, INKS)
    for one in strokes:
        path = scene.view.pixels(centre + scale * (one - (low + high) / 2))
        scene.paint(stroke(path, max(2.0, width * scale), scene.view.shape), ink)
    return photographed(scene).picture


def printed_letters(rng: np.random.Generator, sides: tuple[int, int] = SIDES_PX) -> Image.Image:
    """Letter in print, black on white or white on black, none that looks like a digit."""
    shape = shape_of_picture(rng, sides)
    picture, pen = canvas_of(shape, "white")
    size = min(shape) * rng.uniform(0.3, 0.8)
    at = tuple(np.array(shape[::-1]) / 2 + rng.uniform(-0.08, 0.08, 2) * min(shape))
    text(pen, at, str(rng.choice(list("ACDEFHKMNPRTUVWXYadefhkmnrtuvwxy&?#%@"))), size, "black")
    return picture if rng.random() < 0.6 else picture.point(lambda level: 255 - level)


def empty_tables(rng: np.random.Generator, sides: tuple[int, int] = SIDES_PX) -> Image.Image:
    """Empty table on paper."""
    scene: Scene = sheet(rng, sides)
    x, y = scene.view.grid()
    wide, high = max(scene.view.shape) / rng.uniform(2, 9, 2)
    width = float(np.clip(0.01 * min(wide, high) * rng.uniform(1, 6), 1, 12))
    drawn = np.maximum(bars(x + rng.uniform(0, wide), wide, width), bars(y + rng.uniform(0, high), high, width))
    scene.paint(drawn, varied(rng, PRINT))
    return photographed(scene).picture


def empty_pages(rng: np.random.Generator, sides: tuple[int, int] = SIDES_PX) -> Image.Image:
    """Empty sheet of paper in uneven light."""
    return photographed(sheet(rng, sides), (0.5, 0.9)).picture


def noise(rng: np.random.Generator, sides: tuple[int, int] = SIDES_PX) -> Image.Image:
    """Noise of any coarseness, grey or in colours."""
    shape = shape_of_picture(rng, (sides[0], min(sides[1], 800)))
    planes = [cloud(rng, shape, np.exp(rng.uniform(0, 3))) for _ in range(3 if rng.random() < 0.5 else 1)]
    return taken(np.resize(np.array(planes), (3, *shape)) * np.float32(rng.uniform(0.05, 0.4)) + np.float32(0.5), rng)


def textures(rng: np.random.Generator, sides: tuple[int, int] = SIDES_PX) -> Image.Image:
    """Ground without any writing: wood, cloth or marble, in uneven light."""
    scene: Scene = sheet(rng, sides, tuple(rng.uniform(0.2, 0.9, 3)))
    shape, (x, y) = scene.view.shape, scene.view.grid()
    bent = cloud(rng, shape, max(shape) / rng.uniform(2, 6)) * max(shape) * rng.uniform(0.01, 0.08)
    waves = np.sin((x * rng.uniform(0, 1) + y + bent) * (2 * np.pi / max(6, max(shape) / rng.uniform(8, 60))))
    if rng.random() < 0.4:
        waves = waves * np.sin((x + bent) * (2 * np.pi / max(6, max(shape) / rng.uniform(8, 60))))
    scene.light(1 + np.float32(rng.uniform(0.05, 0.3)) * waves.astype(np.float32))
    scene.light(light(rng, shape, 0.7))
    return taken(scene.colours, rng, 0.7, 0.01, 85)


OTHERS: dict[str, Draw] = {
    "letters": letters,
    "printed letters": printed_letters,
    "scribbles": scribbles,
    "faces": faces,
    "empty tables": empty_tables,
    "empty pages": empty_pages,
    "textures": textures,
    "noise": noise,
}
"""Kinds of pictures without a digit, drawn from a generator and the bounds of the longer side in pixels."""
