"""From any picture to the model's input, with the steps on the way for a person to look at.

For a network that learned from ink on a black ground they are those by which MNIST itself was made, behind a part that
copes with canvases and photos. For any other, the whole picture is brought to the size of the input.
"""

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageOps

from cnn_dash.inference.framing import CENTRED, Framing, frame, ink_box
from cnn_dash.inference.ink import blank, find_ink, without_dust
from cnn_dash.inference.pictures import to_grey, to_rgb

_WORKING_PX = 512


@dataclass(frozen=True)
class Prepared:
    """A picture as the model gets it, and how it came about.

    Attributes:
        pixels: uint8 (height, width, channels), the model's input.
        stages: Title and uint8 (H, W) or (H, W, 3) image of each step, in order, from "as read" to "final".
    """

    pixels: np.ndarray
    stages: tuple[tuple[str, np.ndarray], ...]


def prepare(
    image: Image.Image | np.ndarray,
    image_shape: tuple[int, int, int] = (28, 28, 1),
    framing: Framing | None = CENTRED,
) -> np.ndarray:
    """Return the model's input for a picture: uint8 of `image_shape`. See `prepare_stages`."""
    return prepare_stages(image, image_shape, framing).pixels


def prepare_stages(
    image: Image.Image | np.ndarray,
    image_shape: tuple[int, int, int] = (28, 28, 1),
    framing: Framing | None = CENTRED,
) -> Prepared:
    """Turn a drawing, scan or photo into the model's input.

    Args:
        image: A Pillow picture, or uint8 (H, W), (H, W, 3) or (H, W, 4).
        image_shape: Height, width and channels (1 or 3) of the model's input.
        framing: How the images that the model learned from frame their ink, as `framing_of` reads it from them; None
            if they have none, or if there are colours: then nothing is looked for in the picture.

    Raises:
        BlankPicture: If ink is looked for and there is none.
        PictureError: If it is no picture.
    """
    if framing is None or image_shape[2] != 1:
        return _whole(image, image_shape)
    grey = to_grey(image)
    grey = grey.reduce(-(-max(grey.size) // _WORKING_PX))
    ink = without_dust(find_ink(np.asarray(grey, np.float32) / np.float32(255)).pixels)
    if not ink.any():
        raise blank()
    top, left, bottom, right = ink_box(ink)
    cropped = ink[top:bottom, left:right]
    final = frame(cropped, image_shape[:2], framing)
    stages = (
        ("as read", np.asarray(grey)),
        ("ink", (ink * 255).astype(np.uint8)),
        ("cropped", (cropped * 255).astype(np.uint8)),
        ("final", final),
    )
    return Prepared(final[..., None], stages)


def _whole(image: Image.Image | np.ndarray, image_shape: tuple[int, int, int]) -> Prepared:
    """Scale a picture until it covers the model's input, and cut off what hangs over, on both sides equally."""
    height, width, channels = image_shape
    read = to_grey(image) if channels == 1 else to_rgb(image)
    final = np.asarray(ImageOps.fit(read, (width, height), Image.Resampling.BICUBIC))
    shown = read.reduce(-(-max(read.size) // _WORKING_PX))
    return Prepared(final.reshape(image_shape), (("as read", np.asarray(shown)), ("final", final)))
