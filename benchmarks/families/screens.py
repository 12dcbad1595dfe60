"""Screenshots: a drawing in a window, with a pointer, between bars and buttons, in the axes of a plot."""

import numpy as np
from PIL import Image, ImageDraw

from families import widgets
from families.scene import SIDES_PX, Made, box_of, placed, shape_of_picture
from families.surface import compressed
from families.view import straight

Array = np.ndarray


def framed(rng: np.random.Generator, digits: Array, sides: tuple[int, int] = SIDES_PX) -> Made:
    """Screenshot with a frame: the drawing's canvas has an outline, in a page or a window with a title."""
    shape = shape_of_picture(rng, sides)
    ground, part, ink = widgets.shades(rng, rng.random() < 0.3)
    picture, pen = widgets.canvas_of(shape, ground)
    left, top, right, bottom = edge_boxes(rng, shape, (0.03, 0.18))
    if rng.random() < 0.5:
        bar = int(np.clip(0.06 * shape[0], 14, 40))
        widgets.title_bar(rng, pen, (0, 0, shape[1], bar), part, ink)
        top = max(top, bar + 2)
    width = int(np.clip(rng.uniform(0.002, 0.012) * max(shape), 1, 12))
    colour = str(rng.choice(("black", "#888888", "#bbbbbb", "#1677ff", "#cc3333")))
    pen.rectangle((left - width, top - width, right + width - 1, bottom + width - 1), fill=colour)
    return drawn_in(rng, digits[0], picture, (left, top, right, bottom))


def with_pointer(rng: np.random.Generator, digits: Array, sides: tuple[int, int] = SIDES_PX) -> Made:
    """Screenshot of a canvas with the mouse pointer on it, beside the digit."""
    shape = shape_of_picture(rng, sides)
    canvas, _ = widgets.canvas_of(shape, "white")
    made = drawn_in(rng, digits[0], canvas, (0, 0, shape[1], shape[0]), (0.15, 0.6))
    picture = made.picture.convert("RGB")
    pen = ImageDraw.Draw(picture)
    left, top, right, bottom = made.boxes[0]
    size = float(np.clip(rng.uniform(0.02, 0.06) * min(shape), 12, 0.3 * max(right - left, bottom - top, 40)))
    for _ in range(200):
        x, y = rng.uniform(0, shape[1] - size), rng.uniform(0, shape[0] - size)
        if x > right + 6 or y > bottom + 6 or x + size < left - 6 or y + size < top - 6:
            widgets.pointer(rng, pen, (x, y), size)
            break
    return Made(picture, made.ink, made.boxes)


def with_bars(rng: np.random.Generator, digits: Array, sides: tuple[int, int] = SIDES_PX) -> Made:
    """Screenshot with what programs have at their borders: a bar of tools or to scroll, a slider, buttons below."""
    shape = shape_of_picture(rng, sides)
    ground, part, ink = widgets.shades(rng, rng.random() < 0.3)
    picture, pen = widgets.canvas_of(shape, ground)
    left, top, right, bottom = 0, 0, shape[1], shape[0]
    thick = int(np.clip(rng.uniform(0.025, 0.07) * min(shape), 10, 60))
    kinds = rng.permutation(("right", "top", "bottom", "left"))[: rng.integers(1, 4)]
    if "top" in kinds:
        top += int(1.6 * thick)
        widgets.title_bar(rng, pen, (0, 0, right, top), part, ink)
    if "bottom" in kinds:
        bottom -= 3 * thick
        for index in range(rng.integers(1, 4)):
            x = left + thick + index * 6 * thick
            widgets.button(rng, pen, (x, bottom + thick // 2, x + 5 * thick, bottom + int(2.5 * thick)))
    if "right" in kinds:
        right -= thick
        widgets.bar(rng, pen, (right, top, right + thick, bottom), part)
    if "left" in kinds:
        left += thick
        widgets.bar(rng, pen, (0, top, left, bottom), part)
    return drawn_in(rng, digits[0], picture, (left, top, right, bottom))


def with_axes(rng: np.random.Generator, digits: Array, sides: tuple[int, int] = SIDES_PX) -> Made:
    """Screenshot of a plot: the image of 28×28 pixels, enlarged, in axes with ticks."""
    height, width = shape_of_picture(rng, sides)
    picture, pen = widgets.canvas_of((height, width), "white")
    side = int(min(height, width) * rng.uniform(0.68, 0.8))
    left, top = int((width - side) * rng.uniform(0.5, 0.75)), int((height - side) * 0.45)
    box = (left, top, left + side, top + side)
    how = Image.Resampling.NEAREST if rng.random() < 0.7 else Image.Resampling.BICUBIC
    ink = np.zeros((height, width), np.float32)
    ink[top : top + side, left : left + side] = (
        np.asarray(Image.fromarray(digits[0]).resize((side, side), how), np.float32) / 255
    )
    white_on_black = rng.random() < 0.6
    if white_on_black:
        pen.rectangle((left, top, left + side - 1, top + side - 1), fill="black")
    widgets.axes(rng, pen, box, float(np.clip(side * 0.045, 9, 40)))
    if rng.random() < 0.4:
        widgets.text(pen, (left + side / 2, top * 0.5), "image", side * 0.06, "black")
    return over(rng, picture, ink, (255, 255, 255) if white_on_black else (0, 0, 0))


def edge_boxes(rng: np.random.Generator, shape: tuple[int, int], share: tuple[float, float]) -> widgets.Box:
    """Return a box in a picture of this height and width; each side leaves a share of it free, at least 12 pixels."""
    free = np.maximum(rng.uniform(*share, 4) * min(shape), 12).astype(int)
    return int(free[0]), int(free[1]), int(shape[1] - free[2]), int(shape[0] - free[3])


def drawn_in(
    rng: np.random.Generator,
    digit: Array,
    picture: Image.Image,
    box: widgets.Box,
    share: tuple[float, float] = (0.12, 0.7),
) -> Made:
    """Draw a digit on a canvas that fills a box of a screen; either polarity."""
    shape = picture.height, picture.width
    ground, ink = ((255,) * 3, tuple(rng.integers(0, 90, 3).tolist()) if rng.random() < 0.3 else (0,) * 3)
    if rng.random() < 0.3:
        ground, ink = (0,) * 3, (255,) * 3
    picture.paste(ground, box)
    put = placed(rng, digit, straight(shape), rng.uniform(-0.6, 1.4), share, within=widgets.region(box, shape))
    return over(rng, picture, put.ink, ink)


def over(rng: np.random.Generator, picture: Image.Image, ink: Array, colour: tuple[int, ...]) -> Made:
    """Lay ink, float32 (H, W), over a screen; one in three comes as a JPEG."""
    share = Image.fromarray((ink * 255).astype(np.uint8))
    picture.paste(colour, mask=share)
    if rng.random() < 0.3:
        picture = compressed(picture, int(rng.integers(75, 96)))
    return Made(picture, np.asarray(share), (box_of(ink),))
