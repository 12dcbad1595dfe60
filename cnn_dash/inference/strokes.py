"""The width of strokes: measured, and changed."""

import numpy as np
from PIL import Image, ImageFilter

from cnn_dash.inference.ground import Array


def stroke_width(ink: Array) -> float:
    """Return the mean width of the strokes in pixels: twice the area of the ink over the length of its outline.

    Args:
        ink: float (H, W), 0 no ink to 1 full ink; soft edges count by their share.
    """
    padded = np.pad(ink, 1)
    across, down = np.diff(padded, axis=1)[:-1], np.diff(padded, axis=0)[:, :-1]
    outline = float(np.hypot(across, down).sum())
    return 2 * float(ink.sum()) / outline if outline else 0.0


def widen(ink: Image.Image, by_px: float) -> Image.Image:
    """Draw each stroke `by_px` pixels wider, or narrower where negative; rounded to even pixels, half on each side.

    Args:
        ink: Mode "L", ink bright; wider strokes grow beyond what is there only if it has a margin.
        by_px: Change of width in pixels.
    """
    once = ImageFilter.MaxFilter(3) if by_px > 0 else ImageFilter.MinFilter(3)
    for _ in range(round(abs(by_px) / 2)):
        ink = ink.filter(once)
    return ink
