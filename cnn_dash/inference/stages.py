"""The pictures on the way from what was brought to the model's input, for a person to look at."""

import numpy as np
from PIL import Image

from cnn_dash.inference.ground import Bytes
from cnn_dash.inference.preparation import Prepared
from cnn_dash.inference.reader import WORKING_PX

_PART = 0.95  # of height or width: less than that is a part of the picture


def stages_of(
    prepared: Prepared, picture: Image.Image, turn_back: Image.Transpose | None = None
) -> tuple[tuple[str, Bytes], ...]:
    """Return title and uint8 (H, W) or (H, W, 3) image of each step, in order.

    What changed nothing is left out: "upright" of a picture that was not turned, and "part", if all of it was searched.

    Args:
        prepared: The character whose steps are shown.
        picture: The picture as it was read, mode "RGB".
        turn_back: How to turn it back as it was brought, if it was turned; see `turn_back_of`.
    """
    (title, searched), *rest = prepared.stages
    whole = searched
    if _is_part(prepared, picture):
        rest.insert(0, ("part", searched))
        whole = np.asarray(picture.reduce(-(-max(picture.size) // WORKING_PX)))
    if turn_back is None:
        return (title, whole), *rest
    brought = np.asarray(Image.fromarray(whole).transpose(turn_back))
    return (title, brought), ("upright", whole), *rest


def _is_part(prepared: Prepared, picture: Image.Image) -> bool:
    """Return whether only a sheet, or another part of the picture, was searched."""
    if prepared.origin is None:
        return False
    found = prepared.origin.found
    height, width = (side / found.scale * prepared.origin.factor for side in found.picture.shape[:2])
    return bool(height < _PART * picture.height or width < _PART * picture.width)
