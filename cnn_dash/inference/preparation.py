"""From any picture of a digit to the model's input, with the steps on the way for a person to look at.

The steps are those by which MNIST itself was made, behind a part that copes with canvases and photos.
"""

from dataclasses import dataclass

import numpy as np
from PIL import Image

from cnn_dash.inference.framing import CENTRED, Framing, frame, ink_box
from cnn_dash.inference.ink import blank, find_ink
from cnn_dash.inference.pictures import to_grey
from cnn_dash.inference.specks import without_specks

_WORKING_PX = 512


@dataclass(frozen=True)
class Prepared:
    """A picture as the model gets it, and how it came about.

    Attributes:
        pixels: uint8 (size, size, 1), ink bright on black.
        stages: Title and uint8 (H, W) picture of each step, in order: "as read", "ink", "cropped", "final".
        dark_on_light: Whether the picture had dark ink on light ground.
        box: Top, left, bottom, right of the ink in the stages "as read" and "ink", the last two exclusive.
    """

    pixels: np.ndarray
    stages: tuple[tuple[str, np.ndarray], ...]
    dark_on_light: bool
    box: tuple[int, int, int, int]


def prepare(image: Image.Image | np.ndarray, size: int = 28, framing: Framing = CENTRED) -> np.ndarray:
    """The model's input for a picture: uint8 (size, size, 1). See `prepare_stages`."""
    return prepare_stages(image, size, framing).pixels


def prepare_stages(image: Image.Image | np.ndarray, size: int = 28, framing: Framing = CENTRED) -> Prepared:
    """Turn a drawing, scan or photo of one digit into the model's input.

    Args:
        image: A Pillow picture, or uint8 (H, W), (H, W, 3) or (H, W, 4), ink dark or bright.
        size: Side of the model's input in pixels.
        framing: How the pictures that the model learned from are framed; `framing_of` reads it from them.

    Raises:
        BlankPicture: If there is no ink on it.
        PictureError: If it is no picture.
    """
    grey = to_grey(image)
    grey = grey.reduce(-(-max(grey.size) // _WORKING_PX))
    found = find_ink(np.asarray(grey, np.float32) / np.float32(255))
    ink = without_specks(found.pixels)
    if not ink.any():
        raise blank()
    top, left, bottom, right = box = ink_box(ink)
    cropped = ink[top:bottom, left:right]
    final = frame(cropped, size, framing)
    stages = (
        ("as read", np.asarray(grey)),
        ("ink", (ink * 255).astype(np.uint8)),
        ("cropped", (cropped * 255).astype(np.uint8)),
        ("final", final),
    )
    return Prepared(final[..., None], stages, found.dark_on_light, box)
