"""Letters as a hand writes them: the strokes of each on a grid, made round and shaken."""

import numpy as np
import scipy.interpolate

Array = np.ndarray

# Strokes of x,y points on a grid 4 wide and 6 high, y downwards. No letter here looks like a digit: neither B, G, I,
# L, O, Q, S, Z, nor b, g, l, o, q, s, z. A stroke with a point that comes twice has a corner there.
STROKES = {
    "A": "06 20 20 46;13 33",
    "C": "41 30 10 02 04 16 36 45",
    "D": "00 06 06 26 44 42 20 00",
    "E": "40 00 00 06 06 46;03 33",
    "F": "40 00 00 06;03 33",
    "H": "00 06;40 46;03 43",
    "K": "00 06;40 03 03 46",
    "M": "06 00 00 23 23 40 40 46",
    "N": "06 00 00 46 46 40",
    "P": "06 00 00 30 41 42 33 03",
    "R": "06 00 00 30 41 42 33 03 03 46",
    "T": "00 40;20 26",
    "U": "00 04 16 36 44 40",
    "V": "00 26 26 40",
    "W": "00 16 16 22 22 36 36 40",
    "X": "00 46;40 06",
    "Y": "00 23 23 40;23 26",
    "a": "33 12 04 16 35 33;32 35 46",
    "e": "04 34 33 22 12 04 16 36 45",
    "f": "31 20 11 16;03 33",
    "h": "00 06;04 13 33 44 46",
    "k": "00 06;32 04 04 36",
    "m": "06 02 02;04 13 24 26;24 33 44 46",
    "n": "02 06;04 13 33 44 46",
    "r": "02 06;04 13 33",
    "t": "20 25 36 45;02 42",
    "w": "02 16 16 23 23 36 36 42",
    "x": "02 36;32 06",
    "ä": "33 12 04 16 35 33;32 35 46;10 11;30 31",
    "&": "46 12 11 20 31 32 04 05 16 26 43",
    "?": "11 20 30 41 42 23 24;25 26",
    "#": "10 06;40 36;02 42;04 44",
}


def letter(rng: np.random.Generator) -> list[Array]:
    """Return the strokes of a letter as a hand writes it, each points (N, 2); about -0.5 to 0.5, y downwards."""
    strokes = list(STROKES.values())[rng.integers(len(STROKES))].split(";")
    slant, wide = rng.uniform(-0.1, 0.3), rng.uniform(0.75, 1.1)
    return [_written(rng, stroke) @ np.array([[wide, 0], [-slant, 1]]) for stroke in strokes]


def scribble(rng: np.random.Generator) -> list[Array]:
    """Return a scribble: one long stroke that runs to and fro or around."""
    count = int(rng.integers(8, 30))
    kind = rng.integers(3)
    if kind == 0:
        points = rng.uniform(-0.5, 0.5, (count, 2))
    elif kind == 1:  # a zigzag that wanders
        points = np.stack([np.linspace(-0.5, 0.5, count), np.resize((-0.4, 0.4), count)], axis=1)
        points += rng.normal(0, 0.08, (count, 2))
    else:  # loops
        angle = np.linspace(0, 2 * np.pi * count / 5, count * 3)
        points = np.stack([np.cos(angle) * 0.3 + np.linspace(-0.3, 0.3, len(angle)), np.sin(angle) * 0.3], axis=1)
        points += rng.normal(0, 0.04, points.shape)
    return [_smooth(points)]


def _written(rng: np.random.Generator, stroke: str) -> Array:
    points = np.array([(int(x), int(y)) for x, y in stroke.split()]) / 6 - (1 / 3, 0.5)
    parts, start = [], 0
    shaken = points + rng.normal(0, 0.018, points.shape)
    twice = np.flatnonzero((np.diff(points, axis=0) == 0).all(1))
    shaken[twice + 1] = shaken[twice]
    for corner in (*twice, len(points) - 1):
        parts.append(_smooth(shaken[start : corner + 1]))
        start = corner + 1
    return np.concatenate(parts)


def _smooth(points: Array) -> Array:
    """Return a smooth line through points, (N, 2)."""
    if len(points) < 2:
        return points
    spline = scipy.interpolate.make_interp_spline(np.arange(len(points)), points, k=min(3, len(points) - 1))
    return spline(np.linspace(0, len(points) - 1, 12 * len(points)))
