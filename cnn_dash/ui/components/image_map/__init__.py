"""Images as points; hovering shows the image, a lasso chooses several.

A component of our own: Plotly's hover shows text only. All images are sent once, small, as tiles of one picture.
"""

import base64
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cnn_dash.plots.palette import CLASS_COLORS
from cnn_dash.ui.components.shared import component, on_event

_map = component(
    "image_map",
    '<div class="map"><canvas tabindex="0" role="img"></canvas>'
    '<div class="tip" hidden><canvas></canvas><span></span></div><div class="legend"></div></div>',
)
_LOSSLESS_PX = 32  # JPEG makes larger tiles several times smaller


@dataclass(frozen=True)
class Tiles:
    """Small images in one picture, row by row.

    Attributes:
        url: `data:` URL of the picture.
        width: Of a tile, in pixels.
        height: Of a tile, in pixels.
        columns: Tiles in a row.
    """

    url: str
    width: int
    height: int
    columns: int


def tiles(images: NDArray[np.uint8]) -> Tiles:
    """Put images into one picture; uint8 (n, h, w, C), at least one."""
    count, height, width, channels = images.shape
    columns = int(np.ceil(np.sqrt(count)))
    rows = -(-count // columns)
    sheet = np.zeros((rows * columns, height, width, channels), np.uint8)
    sheet[:count] = images
    whole = sheet.reshape(rows, columns, height, width, channels).swapaxes(1, 2)
    pixels = whole.reshape(rows * height, columns * width, channels)
    picture = Image.fromarray(pixels[..., 0] if channels == 1 else pixels)
    file = io.BytesIO()
    lossless = max(height, width) <= _LOSSLESS_PX and channels == 1
    if lossless:
        picture.save(file, "PNG", compress_level=4)
    else:
        picture.save(file, "JPEG", quality=88)
    encoded = base64.b64encode(file.getvalue()).decode("ascii")
    return Tiles(f"data:image/{'png' if lossless else 'jpeg'};base64,{encoded}", width, height, columns)


def render_image_map(
    points: NDArray[np.float32],
    labels: NDArray[np.int64],
    captions: Sequence[str],
    class_names: Sequence[str],
    shown: Tiles,
    *,
    highlight: int | None,
    alt: str,
    on_select: Callable[[list[int]], None],
    key: str,
) -> None:
    """Draw a map.

    Args:
        points: float32 (n, 2), from 0 to 1.
        labels: int64 (n,), which give the colours.
        captions: n texts beside the images.
        class_names: K names.
        shown: The images, in the same order.
        highlight: Class whose points stand out; None if all do.
        alt: What the map shows, for people who do not see it.
        on_select: Called with the indices of the points that were chosen; none takes the choice back.
        key: Key of the component.
    """
    chosen = on_event(key, "select", lambda event: on_select([int(one) for one in event["points"]]))
    data = {
        "points": np.rint(points * 10_000).astype(int).reshape(-1).tolist(),
        "labels": labels.tolist(),
        "captions": list(captions),
        "names": list(class_names),
        "colors": list(CLASS_COLORS),
        "tiles": {"url": shown.url, "width": shown.width, "height": shown.height, "columns": shown.columns},
        "highlight": highlight,
        "alt": alt,
    }
    _map(key=key, data=data, on_select_change=chosen, width="stretch", height="content")
