"""Lines that stand beside, around or behind the digit: printed ones and those drawn by hand."""

import numpy as np
from PIL import Image, ImageDraw

from families.paper import photographed, sheet, write
from families.pens import INKS, ballpoint, varied
from families.scene import SIDES_PX, Colour, Made, Placed, Scene
from families.surface import cloud

Array = np.ndarray

PRINTED: tuple[Colour, ...] = (
    (0.55, 0.68, 0.88),  # the usual light blue
    (0.6, 0.6, 0.62),
    (0.75, 0.6, 0.75),
    (0.55, 0.75, 0.6),
    (0.85, 0.6, 0.5),
    (0.45, 0.5, 0.6),
)


def bars(away: Array, pitch: float, width: float) -> Array:
    """Return parallel lines, float32 (H, W), 0–1; `away` is the distance from the first of them in pixels."""
    turns = away * np.float32(1 / pitch)
    return frame((turns - np.rint(turns)) * np.float32(pitch), width)


def frame(beyond: Array, width: float) -> Array:
    """Return the line along which `beyond`, a distance in pixels with a sign, is 0: float32 (H, W), 0–1."""
    return (np.float32(width / 2 + 0.5) - np.abs(beyond)).clip(0, min(width, 1)).astype(np.float32)


def ruled(rng: np.random.Generator, digits: Array, sides: tuple[int, int] = SIDES_PX) -> Made:
    """Pen on ruled paper: lines of any colour, pitch and strength run behind the digit; perhaps a margin."""
    scene = sheet(rng, sides)
    behind = Behind(scene)
    put = write(scene, digits[0])
    pitch = max(12.0, put.height * np.exp(rng.uniform(*np.log((0.4, 1.6)))))
    x, y = scene.view.grid()
    width = line_width(scene, put, pitch)
    behind.paint(bars(y + rng.uniform(0, pitch), pitch, width), varied(rng, PRINTED, 0.06), rng.uniform(0.45, 1))
    if rng.random() < 0.3:
        margin = frame(x - rng.uniform(-0.45, 0.45) * scene.view.shape[1], width)
        behind.paint(margin, varied(rng, ((0.9, 0.45, 0.5),), 0.05), rng.uniform(0.5, 1))
    return photographed(scene)


def squared(rng: np.random.Generator, digits: Array, sides: tuple[int, int] = SIDES_PX) -> Made:
    """Pen on squared paper."""
    scene = sheet(rng, sides)
    behind = Behind(scene)
    put = write(scene, digits[0])
    pitch = max(9.0, put.height * np.exp(rng.uniform(*np.log((0.25, 1.2)))))
    x, y = scene.view.grid()
    width = line_width(scene, put, pitch)
    both = np.maximum(bars(y + rng.uniform(0, pitch), pitch, width), bars(x + rng.uniform(0, pitch), pitch, width))
    behind.paint(both, varied(rng, PRINTED, 0.06), rng.uniform(0.45, 1))
    return photographed(scene)


def line_width(scene: Scene, put: Placed, pitch: float) -> float:
    """Return the width of a printed line in pixels: thinner than the pen's, and than a tenth of the pitch."""
    return float(np.clip(scene.rng.uniform(0.08, 0.3) * put.stroke, 0.7, 0.06 * pitch))


class Behind:
    """Paints behind the ink that is on a page already: where the ink covers, it stays."""

    def __init__(self, scene: Scene) -> None:
        """Remember the page as it is now, still empty."""
        self.scene = scene

    def paint(self, share: Array, colour: Colour, strength: float) -> None:
        """Lay a colour over the page, but not over what was written."""
        ink = np.max([digit.ink for digit in self.scene.digits], axis=0)
        uneven = 1 + np.float32(0.08) * cloud(self.scene.rng, share.shape, max(share.shape) / 8)
        self.scene.paint((share * np.float32(strength) * uneven * (1 - ink)).clip(0, 1), colour)


def printed_box(rng: np.random.Generator, digits: Array, sides: tuple[int, int] = SIDES_PX) -> Made:
    """Pen inside a printed box, alone or a cell of a table whose other cells are empty."""
    scene = sheet(rng, sides)
    room = rng.uniform(0.12, 0.5, 2)
    put = write(scene, digits[0], share=(0.12, 0.6), room=(max(room[0], 0.35), room[1]))
    half = np.array([max(put.width * (0.5 + room[0]), 0.4 * put.height), put.height * (0.5 + room[1])])
    off = rng.uniform(-0.4, 0.4, 2) * (half - np.array([put.width, put.height]) * 0.56)
    x, y = scene.view.grid()
    across, down = np.abs(x - put.centre[0] - off[0]), np.abs(y - put.centre[1] - off[1])
    width = float(np.clip(put.stroke * rng.uniform(0.15, 0.9), 1, 0.08 * put.height))
    if rng.random() < 0.5:
        lines = frame(np.maximum(across - half[0], down - half[1]), width)
    else:  # the lines go on, as in a table
        lines = np.maximum(bars(across - half[0], 2 * half[0], width), bars(down - half[1], 2 * half[1], width))
    scene.paint(
        lines * np.float32(rng.uniform(0.7, 1)), varied(rng, ((0.1, 0.1, 0.1), (0.35, 0.35, 0.38), (0.2, 0.3, 0.5)))
    )
    return photographed(scene)


def circled(rng: np.random.Generator, digits: Array, sides: tuple[int, int] = SIDES_PX) -> Made:
    """Pen, circled by hand, mostly with the same pen; the ends of the circle cross or do not meet."""
    scene = sheet(rng, sides)
    ink = varied(rng, INKS)
    put = write(scene, digits[0], ink, share=(0.12, 0.5), room=(0.6, 0.45))
    start, length = rng.uniform(0, 2 * np.pi), 2 * np.pi * rng.uniform(0.97, 1.08)
    angle = start + np.linspace(0, length, 240)
    radius = np.hypot(put.width, put.height) / 2 * rng.uniform(1.15, 1.35)
    radii = radius * wobble(rng, angle, 0.05) * (1 + np.linspace(0, rng.uniform(-0.05, 0.08), 240))
    flat = rng.uniform(0.9, 1.15)
    points = put.centre + np.stack([np.cos(angle) * radii * flat, np.sin(angle) * radii], axis=1)
    mark(scene, put, points, ink if rng.random() < 0.7 else varied(rng, INKS))
    return photographed(scene)


def underlined(rng: np.random.Generator, digits: Array, sides: tuple[int, int] = SIDES_PX) -> Made:
    """Pen, underlined by hand once or twice."""
    scene = sheet(rng, sides)
    ink = varied(rng, INKS)
    put = write(scene, digits[0], ink, share=(0.12, 0.55), room=(0.45, 0.4))
    below = put.height / 2 + 1.2 * put.stroke + put.height * rng.uniform(0, 0.12)
    for _ in range(1 + (rng.random() < 0.2)):
        ends = np.array([-1, 1]) * max(put.width, 0.3 * put.height) * rng.uniform(0.5, 0.9) + rng.uniform(-0.1, 0.1, 2)
        x = np.linspace(*ends, 80)
        bow = rng.uniform(-0.03, 0.03) * put.height * (1 - (x / np.abs(x).max()) ** 2)
        slope = rng.uniform(-0.05, 0.02) * (x - x.min() * 0)
        y = below + bow + np.minimum(slope - slope.min(), 0.1 * put.height)
        mark(scene, put, put.centre + np.stack([x, y], axis=1), ink)
        below += 2.2 * put.stroke
    return photographed(scene)


def wobble(rng: np.random.Generator, angle: Array, strength: float) -> Array:
    """Return how a hand strays from a round: a factor about 1 for each angle."""
    waves = [rng.normal(0, strength / k) * np.sin(k * angle + rng.uniform(0, 6.28)) for k in (1, 2, 3, 5)]
    return 1 + np.sum(waves, axis=0)


def mark(scene: Scene, put: Placed, points: Array, colour: Colour) -> None:
    """Draw a line by hand through points of the page, (N, 2), with a pen as wide as that of the digit."""
    width = put.stroke * scene.rng.uniform(0.7, 1.1)
    drawn = stroke(scene.view.pixels(points), width, scene.view.shape)
    scene.paint(drawn * ballpoint(scene, put), colour)


def stroke(pixels: Array, width: float, shape: tuple[int, int]) -> Array:
    """Return a round pen's stroke through points (N, 2), float32 (H, W), 0–1."""
    fine = 2 if width > 6 else 4
    low = np.floor(pixels.min(0) - width - 2).clip(0).astype(int)
    high = np.ceil(pixels.max(0) + width + 2).clip(0, (shape[1], shape[0])).astype(int)
    canvas = Image.new("L", tuple((np.maximum(high - low, 1) * fine).tolist()))
    pen, radius = ImageDraw.Draw(canvas), width * fine / 2
    path = (pixels - low) * fine
    pen.line([tuple(point) for point in path], fill=255, width=max(1, round(2 * radius)), joint="curve")
    for x, y in path:
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    drawn = np.zeros(shape, np.float32)
    drawn[low[1] : high[1], low[0] : high[0]] = np.asarray(canvas.reduce(fine), np.float32) / 255
    return drawn
