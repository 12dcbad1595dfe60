"""A picture with what was read on it in boxes; a person chooses another box, or draws one by hand.

A component of our own, as no widget of Streamlit takes a rectangle on a picture.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

from PIL import Image

from cnn_dash.inference.pieces import Box
from cnn_dash.ui.components.data_urls import data_url
from cnn_dash.ui.components.shared import component, on_event

_SENT_PX = 900  # of the longer side: as wide as a column, also on a screen with small pixels

_boxes = component("picture_boxes", '<div class="picture" tabindex="-1"><img><div class="drawn" hidden></div></div>')


@dataclass(frozen=True)
class ReadBox:
    """A character that was read.

    Attributes:
        box: Where, in pixels of the picture.
        label: What, with a question mark if that is doubtful; empty writes nothing at the box.
    """

    box: Box
    label: str


def render_picture_boxes(
    picture: Image.Image,
    read: Sequence[ReadBox],
    others: Sequence[Box],
    *,
    by_hand: Box | None,
    on_choice: Callable[[Box | None], None],
    key: str,
) -> None:
    """Draw a picture with boxes.

    Args:
        picture: Mode "RGB" or "L", upright.
        read: What was read, drawn solid.
        others: What else may be meant, drawn dimmed; a click on one chooses it.
        by_hand: The region that was chosen, if one was; Esc takes it back.
        on_choice: Called with the region that was chosen, in pixels of the picture, or None to take it back.
        key: Key of the component.
    """
    _boxes(
        key=key,
        data={
            "src": data_url(picture, _SENT_PX),
            "width": picture.width,
            "height": picture.height,
            "read": [asdict(one) for one in read],
            "others": others,
            "byHand": by_hand,
        },
        on_region_change=on_event(key, "region", lambda event: on_choice(_checked(event["box"], picture.size))),
        width="stretch",
        height="content",
    )


def _checked(box: Sequence[float] | None, size: tuple[int, int]) -> Box | None:
    """Return a box as a browser sends it, within a picture of (width, height)."""
    if box is None:
        return None
    top, left, bottom, right = (round(side) for side in box)
    width, height = size
    top, left = min(max(top, 0), height - 1), min(max(left, 0), width - 1)
    return top, left, min(max(bottom, top + 1), height), min(max(right, left + 1), width)
