"""What lies at the border of a picture: the table, a pasted sheet, the lines of a cell, pieces of neighbours."""

import numpy as np

from families.glyph import coverage, glyph_of
from families.lines import PRINT
from families.paper import photographed, sheet
from families.pens import INKS, PAPERS, ballpoint, varied, write
from families.scene import SIDES_PX, Colour, Made, Placed, Region, Scene
from families.surface import cloud, grain

Array = np.ndarray

_TABLES: tuple[Colour, ...] = (
    (0.42, 0.28, 0.17),
    (0.6, 0.43, 0.27),
    (0.22, 0.14, 0.1),
    (0.12, 0.12, 0.13),
    (0.3, 0.36, 0.42),
    (0.25, 0.4, 0.32),
    (0.5, 0.2, 0.18),
)


def table_edge(rng: np.random.Generator, digits: Array, sides: tuple[int, int] = SIDES_PX) -> Made:
    """Sheet that does not fill the picture: the table shows at one side or two, with a thin shadow."""
    scene = sheet(rng, sides)
    seen = np.where(rng.permutation(4) < rng.choice((1, 2), p=(0.7, 0.3)), rng.uniform(0.05, 0.28, 4), 0)
    put = write(scene, digits[0], share=(0.12, 0.6), within=inside(seen))
    beyond = np.max([away for away, at in zip(outside(scene, put, seen), seen, strict=True) if at], axis=0)
    wood = varied(rng, _TABLES, 0.05)
    scene.paint((beyond + 0.5).clip(0, 1), wood)
    # Boards have long streaks; other tables are merely uneven.
    height, width = scene.view.shape
    streaks = cloud(rng, (height, -(-width // 40)), max(height, width) / rng.uniform(20, 80)).repeat(40, 1)[:, :width]
    table = beyond > 0.5
    soft = np.float32(max(height, width) * rng.uniform(0.002, 0.012))
    shaded = 1 - np.float32(rng.uniform(0, 0.6)) * np.exp(-beyond.clip(0) / soft)
    scene.light(np.where(table, shaded * (1 + np.float32(rng.uniform(0, 0.12)) * streaks), np.float32(1)))
    return photographed(scene)


def inside(seen: Array) -> Region:
    """Return the part of the picture that is left when so much is `seen` of what is beyond left, top, right, bottom."""
    left, top, right, bottom = np.where(seen, seen + 0.04, 0)
    return left, top, 1 - right, 1 - bottom


def outside(scene: Scene, put: Placed, seen: Array, degrees: float = 4.0) -> list[Array]:
    """Return for each side of a sheet how far each pixel is beyond it, float32 (H, W), negative on the sheet.

    Each side is turned a little, about the point next to the digit, so that it never comes near to that.
    """
    rng, (height, width) = scene.rng, scene.view.shape
    y, x = np.ogrid[0:height, 0:width]
    x, y = x.astype(np.float32), y.astype(np.float32)
    across, down = (put.box[0] + put.box[2]) / 2, (put.box[1] + put.box[3]) / 2
    slopes = np.tan(np.radians(rng.uniform(-degrees, degrees, 4))).astype(np.float32)
    return [
        np.float32(seen[0] * width) - x + (y - np.float32(down)) * slopes[0],
        np.float32(seen[1] * height) - y + (x - np.float32(across)) * slopes[1],
        x - np.float32((1 - seen[2]) * width) + (y - np.float32(down)) * slopes[2],
        y - np.float32((1 - seen[3]) * height) + (x - np.float32(across)) * slopes[3],
    ]


def pasted(rng: np.random.Generator, digits: Array, sides: tuple[int, int] = SIDES_PX) -> Made:
    """Piece of grey paper that was pasted on a white ground; the digit is on the grey."""
    grey = np.full(3, rng.uniform(0.5, 0.85)) + rng.uniform(-0.03, 0.03, 3)
    scene = sheet(rng, sides, tuple(grey))
    seen = rng.uniform(0.04, 0.25, 4)
    put = write(scene, digits[0], varied(rng, INKS[:4]), share=(0.15, 0.6), within=inside(seen))
    beyond = np.max(outside(scene, put, seen, rng.uniform(0, 4)), axis=0)
    scene.paint((beyond + 0.5).clip(0, 1), (1, 1, 1) if rng.random() < 0.6 else varied(rng, PAPERS[:3], 0.02))
    return photographed(scene, (0.85, 1.0))


def cut_cell(rng: np.random.Generator, digits: Array, sides: tuple[int, int] = SIDES_PX) -> Made:
    """Cell of a form or a puzzle, cut out at its lines: they run along one to four borders, cut in their width."""
    scene = sheet(rng, (max(80, sides[0] // 3), max(81, sides[1] // 4)), None, 0)
    seen = np.where(rng.permutation(4) < rng.integers(1, 5), rng.uniform(0.015, 0.07, 4), 0)
    put = write(scene, digits[0], share=(0.35, 0.8), within=inside(seen))
    colour = varied(rng, PRINT)
    for away, at in zip(outside(scene, put, seen, 1.5), seen, strict=True):
        if at:
            scene.paint((away + 0.5).clip(0, 1) * np.float32(rng.uniform(0.75, 1)), colour)
    scene.light(grain(rng, scene.view.shape, 0.02))
    return photographed(scene, (0.7, 1))


def neighbours(rng: np.random.Generator, digits: Array, sides: tuple[int, int] = SIDES_PX) -> Made:
    """Digit cut out of a row, with pieces of the ones beside it at one border or at both."""
    scene = sheet(rng, (max(80, sides[0] // 3), max(81, sides[1] // 2)))
    ink = varied(rng, INKS)
    put = write(scene, digits[0], ink, share=(0.4, 0.8), within=(0.24, 0, 0.76, 1))
    first = rng.integers(2)
    width = scene.view.shape[1]
    for side in (0, 1) if rng.random() < 0.4 else (first,):
        glyph = glyph_of(digits[1 % len(digits)] if side == first else digits[-1], rng.uniform(-0.6, 0.4))
        left, top, right, bottom = glyph.box
        scale = put.height / (bottom - top) * rng.uniform(0.85, 1.15)
        wide = scale * (right - left)
        seen = min(rng.uniform(0.12, 0.4) * wide, 0.17 * width)
        # What is seen of it ends there; its middle is beyond the border.
        middle = seen - wide / 2 if side == 0 else width - seen + wide / 2
        level = (put.box[1] + put.box[3]) / 2 + rng.uniform(-0.3, 0.3) * put.height
        matrix = np.array([[scale, 0, middle], [0, scale, level], [0, 0, 1]]) @ np.array(
            [[1, 0, -(left + right) / 2], [0, 1, -(top + bottom) / 2], [0, 0, 1]]
        )
        scene.paint(coverage(glyph, matrix, scene.view.shape) * ballpoint(scene, put), ink)
    return photographed(scene)
