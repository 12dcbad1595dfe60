"""Parts of a screen: text, windows, buttons, bars, a mouse pointer, the axes of a plot."""

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from families.scene import Region

Array = np.ndarray
Box = tuple[int, int, int, int]

WORDS = (
    "Clear",
    "Predict",
    "Draw here",
    "File",
    "Edit",
    "View",
    "Untitled",
    "Canvas",
    "Help",
    "Save",
    "Paint",
    "Submit",
)


def shades(rng: np.random.Generator, dark: bool) -> tuple[str, str, str]:
    """Return the colours of a screen's ground, of the parts on it and of their text."""
    ground = int(rng.integers(20, 60) if dark else rng.integers(225, 256))
    part = ground + int(rng.integers(15, 40)) * (1 if dark else -1)
    return tuple(f"#{level:02x}{level:02x}{level:02x}" for level in (ground, part, 215 if dark else 60))


def text(
    pen: ImageDraw.ImageDraw, at: tuple[float, float], words: str, size: float, fill: str, anchor: str = "mm"
) -> None:
    """Write with the font that comes with Pillow."""
    pen.text(at, words, fill=fill, font=ImageFont.load_default(max(7, size)), anchor=anchor)


def title_bar(rng: np.random.Generator, pen: ImageDraw.ImageDraw, box: Box, part: str, ink: str) -> None:
    """Draw a window's bar with its three buttons and a title."""
    left, top, right, bottom = box
    pen.rectangle(box, fill=part)
    middle, dot = (top + bottom) / 2, (bottom - top) * 0.18
    for index, colour in enumerate(("#ff5f56", "#ffbd2e", "#27c93f")):
        x = left + (index * 3 + 3) * dot * 1.2
        pen.ellipse((x - dot, middle - dot, x + dot, middle + dot), fill=colour)
    text(pen, ((left + right) / 2, middle), str(rng.choice(WORDS)), (bottom - top) * 0.5, ink)


def button(rng: np.random.Generator, pen: ImageDraw.ImageDraw, box: Box) -> None:
    """Draw a button with a word on it, coloured or grey."""
    colour, ink = (("#1677ff", "white"), ("#e5e5e5", "#333333"), ("#d9363e", "white"), ("#389e0d", "white"))[
        rng.integers(4)
    ]
    pen.rounded_rectangle(box, (box[3] - box[1]) * rng.uniform(0, 0.45), fill=colour, outline="#999999")
    text(pen, ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2), str(rng.choice(WORDS)), (box[3] - box[1]) * 0.5, ink)


def bar(rng: np.random.Generator, pen: ImageDraw.ImageDraw, box: Box, part: str) -> None:
    """Draw a scroll bar, slider or progress bar that fills a box, along its longer side."""
    left, top, right, bottom = box
    pen.rectangle(box, fill=part)
    first, last = np.sort(rng.uniform(0.03, 0.97, 2))
    fill = str(rng.choice(("#8c8c8c", "#1677ff", "#52c41a", "#444444")))
    inset = min(right - left, bottom - top) * 0.2
    if right - left > bottom - top:
        inner = (left + first * (right - left), top + inset, left + last * (right - left), bottom - inset)
    else:
        inner = (left + inset, top + first * (bottom - top), right - inset, top + last * (bottom - top))
    pen.rounded_rectangle(inner, inset, fill=fill)


def pointer(rng: np.random.Generator, pen: ImageDraw.ImageDraw, tip: tuple[float, float], size: float) -> None:
    """Draw a mouse pointer: an arrow in black or white with an outline, a cross or a text cursor."""
    x, y = tip
    kind = rng.random()
    if kind < 0.7:
        arrow = ((0, 0), (0, 0.85), (0.2, 0.67), (0.33, 0.98), (0.46, 0.92), (0.33, 0.62), (0.6, 0.62))
        fill, edge = ("black", "white") if rng.random() < 0.5 else ("white", "black")
        pen.polygon(
            [(x + a * size, y + b * size) for a, b in arrow], fill=fill, outline=edge, width=max(1, int(size / 16))
        )
        return
    width = max(1, int(size / 14))
    pen.line((x + size / 2, y, x + size / 2, y + size), fill="#666666", width=width)
    if kind < 0.85:
        pen.line((x, y + size / 2, x + size, y + size / 2), fill="#666666", width=width)
    else:
        for end in (y, y + size):
            pen.line((x + size * 0.3, end, x + size * 0.7, end), fill="#666666", width=width)


def axes(rng: np.random.Generator, pen: ImageDraw.ImageDraw, box: Box, size: float) -> None:
    """Draw the axes of a plot around a box: frame, ticks, perhaps what they say, in text of `size` pixels."""
    left, top, right, bottom = box
    width = max(1, round(size / 12))
    pen.rectangle((left - width, top - width, right + width - 1, bottom + width - 1), outline="black", width=width)
    said = rng.random() < 0.6
    for value in range(0, 28, int(rng.choice((5, 10)))):
        x, y = left + (value + 0.5) / 28 * (right - left), top + (value + 0.5) / 28 * (bottom - top)
        pen.line((x, bottom, x, bottom + size * 0.35), fill="black", width=width)
        pen.line((left - size * 0.35, y, left, y), fill="black", width=width)
        if said:
            text(pen, (x, bottom + size), str(value), size * 0.8, "black")
            text(pen, (left - size * 0.55, y), str(value), size * 0.8, "black", "rm")


def region(box: Box, shape: tuple[int, int]) -> Region:
    """Return which part of a picture of this height and width a box in pixels is."""
    return box[0] / shape[1], box[1] / shape[0], box[2] / shape[1], box[3] / shape[0]


def canvas_of(shape: tuple[int, int], colour: str) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    """Return an empty screen, mode "RGB", and the pen that draws on it."""
    picture = Image.new("RGB", shape[::-1], colour)
    return picture, ImageDraw.Draw(picture)
