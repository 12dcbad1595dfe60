"""Pictures as text that a browser shows: `data:` URLs."""

import base64
import io

from PIL import Image

_LOSSLESS_PX = 300  # JPEG makes larger pictures several times smaller, and smaller ones ugly


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
