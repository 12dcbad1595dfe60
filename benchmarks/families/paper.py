"""Pen on a sheet of paper, as photographed: the plain page, the phone's photo, the small digit on a large page."""

import numpy as np

from families.pens import INKS, PAPERS, ballpoint, varied, write
from families.scene import SIDES_PX, Colour, Made, Scene, placed, shape_of_picture
from families.surface import grain, light, shadow, taken
from families.view import tilted

Array = np.ndarray


def sheet(
    rng: np.random.Generator,
    sides: tuple[int, int] = SIDES_PX,
    ground: Colour | None = None,
    degrees: float = 4.0,
) -> Scene:
    """Return an empty sheet of paper that fills the picture."""
    view = tilted(rng, shape_of_picture(rng, sides), degrees)
    scene = Scene(rng, ground or varied(rng, PAPERS, 0.02), view)
    scene.light(grain(rng, view.shape, rng.uniform(0.003, 0.02)))
    return scene


def photographed(scene: Scene, darkest: tuple[float, float] = (0.6, 0.95)) -> Made:
    """Photograph a page in everyday light, well enough."""
    rng, shape = scene.rng, scene.view.shape
    warmth = rng.uniform(0.85, 1.0) * (1 + rng.uniform(-0.03, 0.03, 3))
    scene.light(light(rng, shape, rng.uniform(*darkest), rng.uniform(0, 0.2)), tuple(warmth))
    stroke = min((digit.stroke for digit in scene.digits), default=4)
    jpeg = int(rng.integers(60, 96)) if rng.random() < 0.8 else None
    blur = min(rng.uniform(0, 0.0012) * max(shape), 0.25 * stroke)
    return scene.made(taken(scene.colours, rng, blur, rng.uniform(0.002, 0.02), jpeg))


def pen_on_paper(rng: np.random.Generator, digits: Array, sides: tuple[int, int] = SIDES_PX) -> Made:
    """Pen on white paper, with a soft shadow and grain."""
    scene = sheet(rng, sides)
    write(scene, digits[0])
    soft = max(scene.view.shape) * rng.uniform(0.03, 0.12)
    scene.light(shadow(rng, scene.view.shape, rng.uniform(0.1, 0.4), soft))
    return photographed(scene, (0.5, 0.9))


def hard_shadow(rng: np.random.Generator, digits: Array, sides: tuple[int, int] = SIDES_PX) -> Made:
    """Pen on paper in the sun: something throws a shadow with a sharp edge, perhaps across the digit."""
    scene = sheet(rng, sides)
    write(scene, digits[0], varied(rng, INKS[:4]))
    sharp = max(scene.view.shape) * rng.uniform(0.0008, 0.006)
    scene.light(shadow(rng, scene.view.shape, rng.uniform(0.3, 0.6), sharp))
    return photographed(scene, (0.8, 1.0))


def phone(rng: np.random.Generator, digits: Array, sides: tuple[int, int] = SIDES_PX) -> Made:
    """Photo of a phone held badly: turned by about 10°, dark corners, blur, noise, JPEG of quality 60."""
    shape = shape_of_picture(rng, (max(sides[0], min(700, sides[1] - 1)), sides[1]))
    side = rng.choice((-1, 1)) * rng.uniform(8, 12)
    scene = Scene(rng, varied(rng, PAPERS, 0.02), tilted(rng, shape, 0, 0.06, side))
    scene.light(grain(rng, shape, rng.uniform(0.005, 0.02)))
    put = write(scene, digits[0])
    scene.light(
        light(rng, shape, rng.uniform(0.5, 0.85), rng.uniform(0.35, 0.7)), tuple(1 + rng.uniform(-0.06, 0.06, 3))
    )
    blur = min(rng.uniform(0.0008, 0.002) * max(shape), 0.35 * put.stroke)
    return scene.made(taken(scene.colours, rng, blur, rng.uniform(0.01, 0.03), 60))


def small(rng: np.random.Generator, digits: Array, sides: tuple[int, int] = SIDES_PX) -> Made:
    """Pen, small in a large page: the digit's longer side is about 5 % of the picture's width."""
    shape = shape_of_picture(rng, (max(sides[0], min(800, sides[1] - 1)), sides[1]))
    scene = Scene(rng, varied(rng, PAPERS, 0.02), tilted(rng, shape))
    scene.light(grain(rng, shape, rng.uniform(0.003, 0.01)))
    longer = max(24, shape[1] * rng.uniform(0.04, 0.06)) / shape[0]
    put = placed(rng, digits[0], scene.view, rng.uniform(-0.5, 0.5), (longer, longer * 1.0001))
    scene.write(put, varied(rng, INKS), ballpoint(scene, put))
    return photographed(scene)
