"""Lines drawn by hand around and below a digit."""

import numpy as np
from PIL import Image, ImageDraw

from families.paper import photographed, sheet
from families.pens import INKS, ballpoint, varied, write
from families.scene import SIDES_PX, Colour, Made, Placed, Scene

Array = np.ndarray


def circled(rng: np.random.Generator, digits: Array, sides: tuple[int, int] = SIDES_PX) -> Made:
    """Pen, circled by hand, mostly with the same pen; the ends of the circle cross or do not meet."""
    scene = sheet(rng, sides)
    ink = varied(rng, INKS)
    put = write(scene, digits[0], ink, share=(0.12, 0.5), room=(0.75, 0.7))
    angle = rng.uniform(0, 2 * np.pi) + np.linspace(0, 2 * np.pi * rng.uniform(0.97, 1.08), 240)
    radius = np.hypot(put.width, put.height) / 2 * rng.uniform(1.2, 1.4) + 0.7 * put.stroke
    radii = radius * wobble(rng, angle, 0.08) * (1 + np.linspace(0, rng.uniform(-0.03, 0.12), 240))
    flat = rng.uniform(1, 1.2)
    points = put.centre + np.stack([np.cos(angle) * radii * flat, np.sin(angle) * radii], axis=1)
    mark(scene, put, points, ink if rng.random() < 0.7 else varied(rng, INKS))
    return photographed(scene)


def boxed(rng: np.random.Generator, digits: Array, sides: tuple[int, int] = SIDES_PX) -> Made:
    """Pen, boxed by hand in one stroke or in four; corners are rounded, overshot or left open."""
    scene = sheet(rng, sides)
    ink = varied(rng, INKS)
    put = write(scene, digits[0], ink, share=(0.12, 0.5), room=(0.45, 0.45))
    gap = put.stroke + put.height * rng.uniform(0.08, 0.3, 2)
    half = np.maximum(np.array([put.width, put.height]) / 2 + gap, 0.3 * put.height)
    corners = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) * half + rng.normal(0, 0.025, (4, 2)) * put.height
    corners = np.roll(corners, rng.integers(4), axis=0)
    colour = ink if rng.random() < 0.7 else varied(rng, INKS)
    edges = [by_hand(rng, *ends) for ends in zip(corners, np.roll(corners, -1, axis=0), strict=True)]
    if rng.random() < 0.5:
        mark(scene, put, put.centre + np.concatenate(edges), colour)
    else:
        for edge in edges:
            past = (edge[-1] - edge[0]) * rng.uniform(-0.02, 0.06, (2, 1)) * ((-1,), (1,))
            mark(scene, put, put.centre + np.vstack([edge[0] + past[0], edge, edge[-1] + past[1]]), colour)
    return photographed(scene)


def underlined(rng: np.random.Generator, digits: Array, sides: tuple[int, int] = SIDES_PX) -> Made:
    """Pen, underlined by hand once or twice."""
    scene = sheet(rng, sides)
    ink = varied(rng, INKS)
    put = write(scene, digits[0], ink, share=(0.12, 0.55), room=(0.4, 0.4))
    below = put.height / 2 + 1.4 * put.stroke + put.height * rng.uniform(0, 0.12)
    for _ in range(1 + (rng.random() < 0.2)):
        ends = np.array([-1, 1]) * max(put.width, 0.3 * put.height) * rng.uniform(0.5, 0.9) + rng.uniform(-0.1, 0.1, 2)
        rise = rng.uniform(-0.05, 0.08) * np.ptp(ends)
        line = by_hand(rng, np.array([ends[0], 0]), np.array([ends[1], rise]))
        line[:, 1] += below - line[:, 1].min()
        mark(scene, put, put.centre + line, ink)
        below += 2.2 * put.stroke
    return photographed(scene)


def wobble(rng: np.random.Generator, angle: Array, strength: float) -> Array:
    """Return how a hand strays from a round: a factor about 1 for each angle."""
    waves = [rng.normal(0, strength / k) * np.sin(k * angle + rng.uniform(0, 6.28)) for k in (1, 2, 3, 5)]
    return (1 + np.sum(waves, axis=0)).clip(0.95, 1.3)


def by_hand(rng: np.random.Generator, start: Array, end: Array) -> Array:
    """Return a straight line as a hand draws it, points (60, 2): bowed a little, and trembling."""
    along = np.linspace(0, 1, 60)
    reach = end - start
    aside = np.array([-reach[1], reach[0]])
    stray = rng.normal(0, 0.012) * np.sin(np.pi * along) + rng.normal(0, 0.004) * np.sin(
        rng.uniform(6, 14) * along + rng.uniform(0, 6.28)
    )
    return start + along[:, None] * reach + stray[:, None] * aside


def mark(scene: Scene, put: Placed, points: Array, colour: Colour) -> None:
    """Draw a line by hand through points of the page, (N, 2), with a pen about as wide as that of the digit."""
    width = put.stroke * scene.rng.uniform(0.7, 1.1)
    drawn = stroke(scene.view.pixels(points), width, scene.view.shape)
    scene.paint(drawn * ballpoint(scene, put), colour)


def stroke(pixels: Array, width: float, shape: tuple[int, int]) -> Array:
    """Return a round pen's stroke through points (N, 2), float32 (H, W), 0–1."""
    fine = 2 if width > 6 else 4
    low = np.floor(pixels.min(0) - width - 2).clip(0).astype(int)
    high = np.ceil(pixels.max(0) + width + 2).clip(0, (shape[1], shape[0])).astype(int)
    drawn = np.zeros(shape, np.float32)
    if (high <= low).any():
        return drawn
    canvas = Image.new("L", tuple(((high - low) * fine).tolist()))
    pen, radius = ImageDraw.Draw(canvas), width * fine / 2
    path = (pixels - low) * fine
    pen.line([tuple(point) for point in path], fill=255, width=max(1, round(2 * radius)), joint="curve")
    for x, y in path:
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    drawn[low[1] : high[1], low[0] : high[0]] = np.asarray(canvas.reduce(fine), np.float32) / 255
    return drawn
