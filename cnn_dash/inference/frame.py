"""What is remembered of how a data set's images frame their ink. Needs no library that works on pictures."""

from dataclasses import dataclass
from typing import Literal

FRAME_PX = 28


@dataclass(frozen=True)
class Framing:
    """Size, place and stroke width of the ink on a data set's images.

    Attributes:
        longest_side: Longest side of the box around the ink, in pixels of a frame whose longer side is 28.
        centre: What stands in the middle of the frame: the ink's centre of "mass", or the "box" around it.
        stroke_px: Narrowest and widest usual stroke in pixels of the same frame. A drawing beyond is redrawn to it.
        several_parts: Whether characters often have parts that do not touch, as many Japanese ones do.
    """

    longest_side: int
    centre: Literal["mass", "box"]
    stroke_px: tuple[float, float] = (1.5, 3.4)
    several_parts: bool = False


CENTRED = Framing(20, "mass")
"""MNIST's: "size normalized to fit in a 20x20 pixel box", then "centered in a 28x28 image by computing the center of
mass" (http://yann.lecun.com/exdb/mnist/); the strokes of 90 % of its digits are 1.5 to 3.4 pixels wide."""
