"""From what was brought to one image of a data set: decoded, upright, opaque, resized."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cnn_dash.datasets.own.manifest import ImportOptions
from cnn_dash.errors import PictureError
from cnn_dash.inference.pictures import open_picture, to_grey, to_rgb
from cnn_dash.inference.signatures import PDF, kind_of

Picture = bytes | NDArray[np.uint8] | str


@dataclass(frozen=True, eq=False)
class Decoded:
    """An image of a data set, and the size of the picture it was made from.

    Attributes:
        image: uint8 (size, size, C).
        width: Of the picture, upright, in pixels.
        height: Likewise.
    """

    image: NDArray[np.uint8]
    width: int
    height: int


def decode(picture: Picture, file: str, options: ImportOptions) -> Decoded | str:
    """Return the image of a picture, or why there is none.

    Args:
        picture: As a reader yields it.
        file: Its name, for the reason.
        options: How it becomes an image.
    """
    if isinstance(picture, str):
        return picture
    try:
        if isinstance(picture, bytes):
            if kind_of(picture) == PDF:
                return "a PDF document, which may have many pages"
            opened: Image.Image | NDArray[np.uint8] = open_picture(picture, file)
        else:
            opened = picture
        upright = to_grey(opened) if options.colour == "grey" else to_rgb(opened)
    except PictureError as error:
        return str(error)
    image = np.asarray(resized(upright, options.size, options.fit))
    return Decoded(image.reshape(options.image_shape), *upright.size)


def resized(picture: Image.Image, size: int, fit: str) -> Image.Image:
    """Return a picture as a square; one that is of this size already is not touched.

    Args:
        picture: Mode "L" or "RGB".
        size: Height and width of the result.
        fit: "fit" keeps all of it, and fills the rest with the median colour along its edge; "fill" keeps the middle.
    """
    if picture.size == (size, size):
        return picture
    width, height = picture.size
    if fit == "fill":
        side = min(width, height)
        left, top = (width - side) / 2, (height - side) / 2
        box = (left, top, left + side, top + side)
        return picture.resize((size, size), Image.Resampling.BILINEAR, box=box, reducing_gap=3.0)
    scale = size / max(width, height)
    inner = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = picture.resize(inner, Image.Resampling.BILINEAR, reducing_gap=3.0)
    if inner == (size, size):
        return small
    made = Image.new(picture.mode, (size, size), _edge_colour(small))
    made.paste(small, ((size - inner[0]) // 2, (size - inner[1]) // 2))
    return made


def _edge_colour(picture: Image.Image) -> int | tuple[int, ...]:
    pixels = np.asarray(picture)
    edge = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    median = np.median(edge, axis=0)
    return int(median) if median.ndim == 0 else tuple(int(one) for one in median)
