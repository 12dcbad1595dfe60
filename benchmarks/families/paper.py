"""Writing on paper and boards, as photographed or scanned."""

import numpy as np
from PIL import Image

from families.pens import INKS, PAPERS, ballpoint, varied
from families.scene import SIDES_PX, Colour, Made, Placed, Scene, placed, shape_of_picture
from families.surface import grain, light, shadow, taken
from families.view import View, tilted

Array = np.ndarray


def sheet(
    rng: np.random.Generator,
    sides: tuple[int, int] = SIDES_PX,
    ground: Colour | None = None,
    degrees: float = 4.0,
) -> Scene:
    """Return an empty sheet of paper that fills the picture."""
    view: View = tilted(rng, shape_of_picture(rng, sides), degrees)
    scene = Scene(rng, ground or varied(rng, PAPERS, 0.02), view)
    scene.light(grain(rng, view.shape, rng.uniform(0.003, 0.02)))
    return scene


def write(scene: Scene, digit: Array, ink: Colour | None = None, **place: object) -> Placed:
    """Write a digit somewhere on a sheet, with a pen or as `place` says, see `placed`."""
    rng = scene.rng
    place.setdefault("pen", rng.uniform(-0.7, 0.5))
    put = placed(rng, digit, scene.view, **place)
    scene.write(put, ink or varied(rng, INKS), ballpoint(scene, put))
    return put


def photographed(scene: Scene, darkest: tuple[float, float] = (0.6, 0.95)) -> Made:
    """Photograph a page in everyday light, well enough."""
    rng, shape = scene.rng, scene.view.shape
    warmth = rng.uniform(0.85, 1.0) * (1 + rng.uniform(-0.03, 0.03, 3))
    scene.light(light(rng, shape, rng.uniform(*darkest), rng.uniform(0, 0.2)), tuple(warmth))
    stroke = min(digit.stroke for digit in scene.digits)
    jpeg = int(rng.integers(60, 96)) if rng.random() < 0.8 else None
    blur = min(rng.uniform(0, 0.0012) * max(shape), 0.25 * stroke)
    return scene.made(taken(scene.colours, rng, blur, rng.uniform(0.002, 0.02), jpeg))


def pen_on_paper(rng: np.random.Generator, digits: Array, sides: tuple[int, int] = SIDES_PX) -> Made:
    """Pen on white paper, with a soft shadow and grain."""
    scene = sheet(rng, sides)
    write(scene, digits[0])
    scene.light(shadow(rng, scene.view.shape, rng.uniform(0.1, 0.4), max(scene.view.shape) * rng.uniform(0.03, 0.12)))
    return photographed(scene, (0.5, 0.9))


def specks(rng: np.random.Generator, digits: Array, sides: tuple[int, int] = SIDES_PX) -> Made:
    """Scan of a worn sheet: black and white or grey, with specks all over, each much smaller than a stroke is wide."""
    scene = Scene(rng, (1, 1, 1), tilted(rng, shape_of_picture(rng, sides), 4, 0))
    put = placed(rng, digits[0], scene.view, rng.uniform(-0.6, 1))
    height, width = scene.view.shape
    scatter(scene, put, np.exp(rng.uniform(*np.log((0.0003, 0.012)))))
    scene.write(put, (0, 0, 0))
    grey = Image.fromarray((scene.colours[0] * 255).astype(np.uint8))
    if rng.random() < 0.6:
        return scene.made(grey.point(lambda level: 255 * (level > 128)).convert("1", dither=Image.Dither.NONE))
    pixels = np.asarray(grey, np.float32) * np.float32(rng.uniform(0.7, 0.9)) + np.float32(rng.uniform(5, 25))
    pixels += rng.standard_normal((height, width), np.float32) * np.float32(rng.uniform(1, 6))
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
