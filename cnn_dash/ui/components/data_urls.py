"""Pictures as text that a browser shows: `data:` URLs."""

import base64
import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

_LOSSLESS_PX = 300  # JPEG makes larger pictures several times smaller, and smaller ones ugly


def pixels_url(pixels: NDArray[np.uint8]) -> str:
    """Return an image uint8 (H, W), (H, W, 1) or (H, W, 3) as a `data:` URL, every pixel as it is."""
    file = io.BytesIO()
    Image.fromarray(pixels[..., 0] if pixels.shape[2:] == (1,) else pixels).save(file, "PNG")
    return f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode('ascii')}"


def data_url(picture: Image.Image, longest_px: int) -> str:
    """Return a picture as a `data:` URL.

    Args:
        picture: Mode "RGB" or "L".
        longest_px: Its longer side at most; a larger picture is scaled down.
    """
    small = picture
    if max(picture.size) > longest_px:
        small = picture.reduce(max(1, max(picture.size) // (2 * longest_px)))  # fast, and all that matters is left
        small.thumbnail((longest_px, longest_px), Image.Resampling.BICUBIC)
    lossless = max(small.size) <= _LOSSLESS_PX
    file = io.BytesIO()
    if lossless:
        small.save(file, "PNG")
    else:
        small.save(file, "JPEG", quality=85)
    encoded = base64.b64encode(file.getvalue()).decode("ascii")
    return f"data:image/{'png' if lossless else 'jpeg'};base64,{encoded}"
