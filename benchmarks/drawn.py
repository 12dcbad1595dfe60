"""Digits as a person would draw or photograph them, made from MNIST, and how well a network reads them.

A drawing is an MNIST digit blown up to a canvas of 280×280 pixels at a random place, size and stroke width, with
sharp, antialiased edges; a photo is a digit in blue pen on grained paper under uneven light, as a JPEG. Both go
through `cnn_dash.inference.prepare`, so what is measured is the way from a image to the model's input.
"""

import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np
from PIL import Image, ImageFilter

from cnn_dash.errors import BlankPicture
from cnn_dash.inference import prepare

CANVAS_PX = 280
SIDES_PX = (90, 260)
STROKES = {"thin": -0.75, "as written": 0.0, "thick": 0.75, "fat": 1.5}
"""What the pen adds to the width of a stroke, in pixels of the 28×28 digit."""

Predict = Callable[[np.ndarray], np.ndarray]


@dataclass
class Score:
    """How many of the drawings were read correctly.

    Attributes:
        accuracy: Share of all drawings, 0–1.
        plain_accuracy: The same digits as they are in MNIST, 0–1.
        by: Accuracy by `"ink, stroke"`, e.g. `"white on black, thin"`.
    """

    accuracy: float
    plain_accuracy: float
    by: dict[str, float] = field(default_factory=dict)

    @property
    def gap(self) -> float:
        """Points (0–1) lost on the way from MNIST to the drawing and back; negative if it was gained."""
        return self.plain_accuracy - self.accuracy


def enlarge(digit: np.ndarray, side_px: int, stroke: float = 0.0) -> np.ndarray:
    """Blow up a digit to a sharp, antialiased drawing.

    Args:
        digit: uint8 (28, 28), ink bright.
        side_px: Longest side of the digit before the pen is changed.
        stroke: What the pen adds to the width of a stroke, in pixels of `digit`; negative makes it thinner.

    Returns:
        uint8 (H, W), ink 255 on 0, cut to the ink.
    """
    ink = Image.fromarray(digit).crop(Image.fromarray(digit).getbbox())
    scale = 2 * side_px / max(ink.size)  # twice the size, reduced at the end: antialiasing
    margin = int(3 * scale)
    large = Image.new("L", (round(ink.width * scale) + 2 * margin, round(ink.height * scale) + 2 * margin))
    large.paste(
        ink.resize((round(ink.width * scale), round(ink.height * scale)), Image.Resampling.BICUBIC), (margin,) * 2
    )
    large = large.filter(ImageFilter.GaussianBlur(scale * 0.35)).point(lambda level: 255 * (level > 110))
    large = _redraw(large, stroke * scale)
    box = large.getbbox()
    return np.asarray(large.crop(box).reduce(2))


def _redraw(line: Image.Image, wider_px: float) -> Image.Image:
    """Make the strokes of a black and white drawing wider or thinner, but never so thin that they break away."""
    if wider_px >= 0:
        return line.filter(ImageFilter.BoxBlur(round(wider_px / 2))).point(lambda level: 255 * (level > 0))
    area = np.count_nonzero(line)
    for reach in range(round(-wider_px / 2), 0, -1):
        thinner = line.filter(ImageFilter.BoxBlur(reach)).point(lambda level: 255 * (level == 255))
        if np.count_nonzero(thinner) > 0.45 * area:
            return thinner
    return line


def drawing(
    digit: np.ndarray, rng: np.random.Generator, stroke: float = 0.0, white_on_black: bool = False
) -> np.ndarray:
    """Draw a digit at a random place and size on a canvas: uint8 (280, 280), flat ink on a flat ground."""
    shape = enlarge(digit, int(rng.integers(*SIDES_PX, endpoint=True)), stroke)
    if max(shape.shape) > CANVAS_PX:
        shape = np.asarray(
            Image.fromarray(shape).resize([s * CANVAS_PX // max(shape.shape) for s in shape.shape[::-1]])
        )
    canvas = np.zeros((CANVAS_PX, CANVAS_PX), np.uint8)
    top, left = (int(rng.integers(0, CANVAS_PX - side, endpoint=True)) for side in shape.shape)
    canvas[top : top + shape.shape[0], left : left + shape.shape[1]] = shape
    return canvas if white_on_black else 255 - canvas


def photo(digit: np.ndarray, rng: np.random.Generator, stroke: float = 0.0) -> Image.Image:
    """Photograph a digit in blue pen on paper: 1200×900, light from 0.5 to 1, grain, blur, noise, JPEG at 60."""
    width, height = 1200, 900
    shape = enlarge(digit, int(rng.integers(200, 700)), stroke) / 255.0
    ink = np.zeros((height, width), np.float32)
    top, left = (int(rng.integers(20, side - extent - 20)) for side, extent in zip(ink.shape, shape.shape, strict=True))
    ink[top : top + shape.shape[0], left : left + shape.shape[1]] = shape
    grain = np.asarray(
        Image.fromarray(rng.normal(0, 1, (height // 6, width // 6)).astype(np.float32)).resize((width, height))
    )
    paper = np.array([0.97, 0.95, 0.9], np.float32) * (1 + 0.015 * grain[..., None])
    pen = np.array([0.1, 0.14, 0.45], np.float32)
    angle = rng.uniform(0, 2 * np.pi)
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j].astype(np.float32)
    slope = x * np.cos(angle) + y * np.sin(angle)
    light = 0.5 + 0.5 * (slope - slope.min()) / np.ptp(slope)
    scene = (paper + ink[..., None] * (pen - paper)) * light[..., None]
    scene = scene + np.float32(0.03) * rng.standard_normal(scene.shape, np.float32)
    image = Image.fromarray((scene.clip(0, 1) * 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(1.5))
    file = io.BytesIO()
    image.save(file, "JPEG", quality=60)
    return Image.open(file)


def accuracy_of(predict: Predict, images: np.ndarray, labels: np.ndarray, seed: int = 1) -> Score:
    """Draw each digit once, both inks and all pens in turn, and let a model read the drawings.

    Args:
        predict: Probabilities (N, 10) of images uint8 (N, 28, 28, 1).
        images: uint8 (N, 28, 28) or (N, 28, 28, 1), the plain digits.
        labels: Integers (N,), the digits' classes.
        seed: Start of the random places and sizes.
    """
    digits = images.reshape(-1, 28, 28)
    rng = np.random.default_rng(seed)
    kinds = [(ink, pen) for pen in STROKES for ink in ("black on white", "white on black")]
    kind_of = rng.permutation(len(digits)) % len(kinds)
    drawn = (
        drawing(digit, rng, STROKES[kinds[kind][1]], kinds[kind][0] == "white on black")
        for digit, kind in zip(digits, kind_of, strict=True)
    )
    right = predict(prepared(drawn)).argmax(1) == labels
    plain = predict(digits[..., None]).argmax(1) == labels
    by = {", ".join(kind): float(right[kind_of == i].mean()) for i, kind in enumerate(kinds) if (kind_of == i).any()}
    return Score(float(right.mean()), float(plain.mean()), by)


def prepared(images: Iterable[np.ndarray | Image.Image]) -> np.ndarray:
    """All images as model input, uint8 (N, 28, 28, 1); one judged blank stays black, and counts as misread."""

    def ready(image: np.ndarray | Image.Image) -> np.ndarray:
        try:
            return prepare(image)
        except BlankPicture:
            return np.zeros((28, 28, 1), np.uint8)

    return np.stack([ready(image) for image in images])
