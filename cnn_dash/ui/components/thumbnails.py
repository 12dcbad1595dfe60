"""Draws small images as the network gets them: every pixel a square, a caption below, as many in a row as fit."""

import base64
import io
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from PIL import Image

from cnn_dash.plots.palette import BAD, GOOD


@dataclass(frozen=True, eq=False)
class Thumbnail:
    """One image to show.

    Attributes:
        pixels: uint8 (H, W), (H, W, 1) or (H, W, 3).
        alt: Its text for people who do not see it.
        lines: Lines of text below it.
        correct: Marks the first line as a correct or a wrong prediction, by colour and by sign; None marks nothing.
    """

    pixels: NDArray[np.uint8]
    alt: str
    lines: tuple[str, ...] = ()
    correct: bool | None = None


def render_thumbnails(images: Iterable[Thumbnail], *, width_px: int, stretch: bool = False) -> None:
    """Draw images in rows.

    One piece of HTML: `st.image` would blur them, lay a toolbar over what stands above, and send an element for each.

    Args:
        images: What to show.
        width_px: Width of an image, at least.
        stretch: Let the images fill the width that there is.
    """
    column = f"minmax({width_px}px, 1fr)" if stretch else f"{width_px}px"
    figures = "".join(_figure(image) for image in images)
    style = f"display: grid; grid-template-columns: repeat(auto-fill, {column}); gap: 0.75rem 0.6rem"
    st.html(f'<div style="{style}">{figures}</div>')


def _figure(image: Thumbnail) -> str:
    file = io.BytesIO()
    pixels = image.pixels[..., 0] if image.pixels.shape[2:] == (1,) else image.pixels
    Image.fromarray(pixels).save(file, "PNG")
    source = base64.b64encode(file.getvalue()).decode("ascii")
    color = {None: "inherit", True: GOOD, False: BAD}[image.correct]
    frame = f"outline: 3px solid {BAD};" if image.correct is False else ""
    lines = [escape(line) for line in image.lines]
    if image.correct is not None:
        lines[0] = f'<b style="color: {color}">{"✓" if image.correct else "✗"} {lines[0]}</b>'
    return (
        f'<figure style="margin: 0; text-align: center; font-size: 0.85rem; line-height: 1.35">'
        f'<img src="data:image/png;base64,{source}" alt="{escape(image.alt)}" style="display: block; width: 100%; '
        f'image-rendering: pixelated; border-radius: 0.35rem; {frame}">'
        f'<figcaption style="margin-top: 0.3rem">{"<br>".join(lines)}</figcaption></figure>'
    )
