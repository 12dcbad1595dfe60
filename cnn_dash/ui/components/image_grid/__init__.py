"""Small images with their predictions: a click on one asks for its details, a tick chooses it with others."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

from cnn_dash.plots.palette import BAD, GOOD
from cnn_dash.ui.components.shared import component, on_event

_grid = component("image_grid", '<div class="images" role="list"></div>')


@dataclass(frozen=True)
class GridImage:
    """One image.

    Attributes:
        key: Names it, among the others.
        source: `data:` URL.
        alt: Its text for people who do not see it.
        lines: Lines of text below it.
        correct: Marks the first line as a correct or a wrong prediction, by colour and by sign; None marks nothing.
        ticked: Whether it is chosen.
    """

    key: int
    source: str
    alt: str
    lines: tuple[str, ...]
    correct: bool | None = None
    ticked: bool = False


def render_image_grid(
    images: Sequence[GridImage],
    *,
    on_open: Callable[[int], None],
    on_tick: Callable[[dict[int, bool]], None] | None = None,
    width_px: int,
    key: str,
) -> None:
    """Draw images in rows, as many in each as fit.

    Args:
        images: What to show.
        on_open: Called with the key of the image that was clicked.
        on_tick: Called with the keys of the images that were ticked (True) or no longer are (False); None offers no
            ticks.
        width_px: Width of an image, at least.
        key: Key of the component.
    """
    opened = on_event(key, "open", lambda event: on_open(int(event["key"])))
    events = {"on_open_change": opened}
    if on_tick is not None:
        tell = on_tick
        events["on_tick_change"] = on_event(
            key, "tick", lambda event: tell({int(one): bool(on) for one, on in event["ticks"]})
        )
    data = {
        "images": [asdict(image) for image in images],
        "width_px": width_px,
        "ticks": on_tick is not None,
        "colors": {"good": GOOD, "bad": BAD},
    }
    _grid(key=key, data=data, **events, width="stretch", height="content")
