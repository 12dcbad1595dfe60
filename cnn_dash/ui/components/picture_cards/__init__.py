"""Pictures with their answers as a grid of small cards; a click on one asks for its details.

A component of our own: hundreds of buttons and images of Streamlit would take the browser seconds.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

from cnn_dash.ui.components.shared import component, on_event

_cards = component("picture_cards", '<div class="cards" role="list"></div>')


@dataclass(frozen=True)
class Said:
    """What one run says to a picture.

    Attributes:
        run: Which run; empty if there is but one.
        answer: What it read.
        confidence: How sure that is, as text.
        differs: Whether the first run says something else.
    """

    run: str
    answer: str
    confidence: str
    differs: bool = False


@dataclass(frozen=True)
class Card:
    """One picture.

    Attributes:
        key: Names it, among the others.
        name: What is below it.
        picture: `data:` URL of what was brought; empty draws none.
        model_input: `data:` URL of what the model got; empty draws none.
        said: What each run says; empty if nothing was read.
        note: Why it is doubtful, or why there is no answer; empty if all is well.
        doubtful: Whether the answer is doubtful.
        differ: Whether the runs say different things.
    """

    key: str
    name: str
    picture: str
    model_input: str
    said: tuple[Said, ...]
    note: str
    doubtful: bool
    differ: bool = False


def render_picture_cards(cards: Sequence[Card], *, on_open: Callable[[str], None], key: str) -> None:
    """Draw cards, as many in a row as fit.

    Args:
        cards: What to draw.
        on_open: Called with the key of the card that was clicked.
        key: Key of the component.
    """
    clicked = on_event(key, "open", lambda event: on_open(str(event["key"])))
    data = {"cards": [asdict(card) for card in cards]}
    _cards(key=key, data=data, on_open_change=clicked, width="stretch", height="content")
