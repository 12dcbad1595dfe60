"""The same drawing in every mode that a picture can have: transparent, inverted, 16 bits, CMYK, palette."""

import numpy as np
from PIL import Image

from families.drawings import drawing
from families.scene import SIDES_PX, Made, Scene
from families.surface import saved, taken

Array = np.ndarray

_PENS = (-0.5, 1.2)


def transparent(rng: np.random.Generator, digits: Array, sides: tuple[int, int] = SIDES_PX) -> Made:
    """Dark ink on nothing: a PNG whose ground is transparent, whatever colour hides there."""
    scene = drawing(rng, digits[0], sides, _PENS)
    return on_nothing(scene, rng.uniform(0, 0.35, 3) * (rng.random() < 0.6))


def white_transparent(rng: np.random.Generator, digits: Array, sides: tuple[int, int] = SIDES_PX) -> Made:
    """White ink, or nearly white, on nothing: on white paper it would not be seen."""
    scene = drawing(rng, digits[0], sides, _PENS)
    return on_nothing(scene, 1 - rng.uniform(0, 0.12, 3) * (rng.random() < 0.4))


def on_nothing(scene: Scene, colour: Array) -> Made:
    """Return the ink alone, in one colour (3,), as the opacity of a picture "RGBA", "LA" or with a palette."""
    rng = scene.rng
    ink = Image.fromarray((scene.digits[0].ink * 255).astype(np.uint8))
    solid = tuple((np.asarray(colour) * 255).astype(int).tolist())
    picture = Image.new("RGB", ink.size, solid)
    hidden = rng.choice(("the ink's", "black", "white"))
    if hidden != "the ink's":
        picture.paste(str(hidden), mask=ink.point(lambda level: 255 * (level == 0)))
    picture.putalpha(ink)
    kind = rng.random()
    if kind < 0.2:
        picture = picture.convert("LA")
    elif kind < 0.35:
        picture = picture.quantize(int(rng.integers(4, 64)), Image.Quantize.FASTOCTREE)
    return scene.made(saved(picture, "PNG"))


def inverted(rng: np.random.Generator, digits: Array, sides: tuple[int, int] = SIDES_PX) -> Made:
    """Negative of a drawing on white: bright ink on a dark ground, in grey."""
    scene = drawing(rng, digits[0], sides, _PENS)
    ink = scene.digits[0].ink
    ground, bright = (0, 255) if rng.random() < 0.5 else (rng.uniform(0, 50), rng.uniform(200, 255))
    grey = Image.fromarray((ground + ink * np.float32(bright - ground)).astype(np.uint8))
    return scene.made(grey if rng.random() < 0.5 else grey.convert("RGB"))


def sixteen_bits(rng: np.random.Generator, digits: Array, sides: tuple[int, int] = SIDES_PX) -> Made:
    """Grey PNG of 16 bits, as scanners make; either polarity."""
    scene = drawing(rng, digits[0], sides, _PENS)
    dark, bright = (0, 65_535) if rng.random() < 0.5 else (rng.uniform(0, 9_000), rng.uniform(45_000, 65_535))
    ink = scene.digits[0].ink if rng.random() < 0.3 else 1 - scene.digits[0].ink
    return scene.made(saved(Image.fromarray((dark + ink * (bright - dark)).astype(np.uint16)), "PNG"))


def cmyk(rng: np.random.Generator, digits: Array, sides: tuple[int, int] = SIDES_PX) -> Made:
    """JPEG of four printing colours."""
    scene = drawing(rng, digits[0], sides, _PENS)
    picture = taken(scene.colours, rng).convert("CMYK")
    return scene.made(saved(picture, "JPEG", quality=int(rng.integers(80, 98))))


def palette(rng: np.random.Generator, digits: Array, sides: tuple[int, int] = SIDES_PX) -> Made:
    """PNG or GIF with a palette of 2 to 32 colours."""
    scene = drawing(rng, digits[0], sides, _PENS)
    few = taken(scene.colours, rng).quantize(int(rng.integers(2, 33)))
    return scene.made(saved(few, rng.choice(("PNG", "GIF"))))
