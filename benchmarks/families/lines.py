"""Printed lines behind and around the digit: ruled and squared paper, boxes, tables, the comb of a form."""

import numpy as np

from families.paper import photographed, sheet
from families.pens import varied, write
from families.scene import SIDES_PX, Colour, Made, Placed, Scene
from families.surface import cloud

Array = np.ndarray

RULES: tuple[Colour, ...] = (
    (0.55, 0.68, 0.88),  # the usual light blue
    (0.6, 0.6, 0.62),
    (0.75, 0.6, 0.75),
    (0.55, 0.75, 0.6),
    (0.85, 0.6, 0.5),
    (0.45, 0.5, 0.6),
)
PRINT: tuple[Colour, ...] = ((0.1, 0.1, 0.1), (0.35, 0.35, 0.38), (0.2, 0.3, 0.5))
FORM: tuple[Colour, ...] = (*PRINT, (0.75, 0.3, 0.3), (0.9, 0.5, 0.2), (0.3, 0.6, 0.45))


def bars(away: Array, pitch: float, width: float) -> Array:
    """Return parallel lines, float32 (H, W), 0–1; `away` is the distance from the first of them in pixels."""
    turns = away * np.float32(1 / pitch)
    return line((turns - np.rint(turns)) * np.float32(pitch), width)


def line(away: Array, width: float) -> Array:
    """Return the line along which `away`, a distance in pixels with a sign, is 0: float32 (H, W), 0–1."""
    return (np.float32(width / 2 + 0.5) - np.abs(away)).clip(0, min(width, 1)).astype(np.float32)


def ruled(rng: np.random.Generator, digits: Array, sides: tuple[int, int] = SIDES_PX) -> Made:
    """Pen on ruled paper: lines of any colour, pitch and strength run behind the digit; perhaps a margin."""
    scene = sheet(rng, sides)
    put = write(scene, digits[0])
    pitch = max(12.0, put.height * np.exp(rng.uniform(*np.log((0.4, 1.6)))))
    x, y = scene.view.grid()
    width = rule_width(scene, put, pitch)
    behind(scene, bars(y + rng.uniform(0, pitch), pitch, width), varied(rng, RULES, 0.06), rng.uniform(0.45, 1))
    if rng.random() < 0.3:
        margin = line(x - rng.uniform(-0.45, 0.45) * scene.view.shape[1], width)
        behind(scene, margin, varied(rng, ((0.9, 0.45, 0.5),), 0.05), rng.uniform(0.5, 1))
    return photographed(scene)


def squared(rng: np.random.Generator, digits: Array, sides: tuple[int, int] = SIDES_PX) -> Made:
    """Pen on squared paper."""
    scene = sheet(rng, sides)
    put = write(scene, digits[0])
    pitch = max(9.0, put.height * np.exp(rng.uniform(*np.log((0.25, 1.2)))))
    x, y = scene.view.grid()
    width = rule_width(scene, put, pitch)
    both = np.maximum(bars(y + rng.uniform(0, pitch), pitch, width), bars(x + rng.uniform(0, pitch), pitch, width))
    behind(scene, both, varied(rng, RULES, 0.06), rng.uniform(0.45, 1))
    return photographed(scene)


def rule_width(scene: Scene, put: Placed, pitch: float) -> float:
    """Return the width of a ruled line in pixels: much thinner than the pen's and than the pitch."""
    return float(np.clip(scene.rng.uniform(0.08, 0.3) * put.stroke, 0.7, 0.06 * pitch))


def behind(scene: Scene, share: Array, colour: Colour, strength: float) -> None:
    """Print on the page as if it had been there first: where ink covers it, the ink stays."""
    ink = np.max([digit.ink for digit in scene.digits], axis=0)
    uneven = 1 + np.float32(0.08) * cloud(scene.rng, share.shape, max(share.shape) / 8)
    scene.paint((share * np.float32(strength) * uneven * (1 - ink)).clip(0, 1), colour)


def printed_box(rng: np.random.Generator, digits: Array, sides: tuple[int, int] = SIDES_PX) -> Made:
    """Pen inside a printed box, alone or a cell of a table whose other cells are empty."""
    scene = sheet(rng, sides)
    room = rng.uniform(0.12, 0.5, 2)
    put = write(scene, digits[0], share=(0.12, 0.6), room=(0.5, room[1] + 0.05))
    half, middle = cell(rng, put, room)
    x, y = scene.view.grid()
    across, down = np.abs(x - middle[0]) - np.float32(half[0]), np.abs(y - middle[1]) - np.float32(half[1])
    width = float(np.clip(put.stroke * rng.uniform(0.15, 0.9), 1, 0.08 * put.height))
    if rng.random() < 0.5:
        drawn = line(np.maximum(across, down), width)
    else:  # the lines go on, as in a table
        drawn = np.maximum(bars(across, 2 * half[0], width), bars(down, 2 * half[1], width))
    scene.paint(drawn * np.float32(rng.uniform(0.7, 1)), varied(rng, PRINT))
    return photographed(scene)


def comb(rng: np.random.Generator, digits: Array, sides: tuple[int, int] = SIDES_PX) -> Made:
    """Pen in the comb of a form: a row of printed cells, all others empty; closed boxes or short teeth."""
    scene = sheet(rng, sides)
    room = rng.uniform(0.1, 0.3, 2)
    put = write(scene, digits[0], share=(0.12, 0.5), room=(0.45, room[1] + 0.1))
    half, middle = cell(rng, put, room)
    x, y = scene.view.grid()
    before, after = rng.integers(0, 5), rng.integers(1, 5)
    across, down = x - np.float32(middle[0]), y - np.float32(middle[1])
    width = float(np.clip(put.stroke * rng.uniform(0.12, 0.6), 1, 0.06 * put.height))
    along = np.maximum(-across - half[0] * (1 + 2 * before), across - half[0] * (1 + 2 * after))
    tall = np.abs(down) - np.float32(half[1])
    inside = np.maximum(along, tall) <= width / 2
    teeth = bars(across - half[0], 2 * half[0], width)
    if rng.random() < 0.5:
        drawn = np.maximum(teeth, line(tall, width)) * inside
    else:
        drawn = np.maximum(teeth * (down > half[1] * rng.uniform(-0.3, 0.6)), line(down - half[1], width)) * inside
    colour = varied(rng, FORM)
    if rng.random() < 0.3:  # the field is tinted
        behind(scene, inside.astype(np.float32), colour, rng.uniform(0.06, 0.2))
    behind(scene, drawn, colour, rng.uniform(0.6, 1))
    return photographed(scene)


def cell(rng: np.random.Generator, put: Placed, room: Array) -> tuple[Array, Array]:
    """Return half the width and height of a cell around a digit, and its middle on the page."""
    size = np.array([put.width, put.height])
    half = np.maximum(size * (0.5 + room), 0.4 * put.height)
    return half, put.centre + rng.uniform(-0.4, 0.4, 2) * (half - 0.56 * size)
