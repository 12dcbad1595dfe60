"""What a person chose to have read on a picture, instead of what was found first."""

from dataclasses import dataclass, field

import streamlit as st
from PIL import Image

from cnn_dash.inference.answers import Reading
from cnn_dash.inference.pieces import Box, overlap
from cnn_dash.ui.components.picture_boxes import ReadBox, render_picture_boxes
from cnn_dash.ui.predict.steps import chosen_steps
from cnn_dash.ui.session import widget_keys

_CHOICES = "predict_choices"
_SAME = 0.5  # boxes that share so much hold the same thing
_MOST = 1_000  # pictures of one session whose choices are remembered


@dataclass
class Choice:
    """What is known of one picture.

    Attributes:
        region: The region to read, in pixels of the picture as it is read; None for the whole.
        places: Where something was found when the whole was read.
    """

    region: Box | None = None
    places: list[Box] = field(default_factory=list)


def region_of(digest: str) -> Box | None:
    """Return the region that was chosen on the picture with this content."""
    known = st.session_state.get(_CHOICES, {}).get(_name(digest))
    return known.region if known else None


def render_choice(
    picture: Image.Image, reading: Reading | None, class_names: tuple[str, ...], digest: str, place: str
) -> None:
    """Draw the picture with boxes, one of which can be chosen, and how to go back to the whole.

    Args:
        picture: Mode "RGB", upright.
        reading: What was read; None if nothing was.
        class_names: Names of the classes.
        digest: Stands for the content of the picture.
        place: Part of the page, for the keys.
    """
    choice = _choice(digest)
    answers = reading.answers if reading else ()
    several = len(answers) > 1
    read = [
        ReadBox(answer.prepared.box, class_names[answer.label] + (" ?" if answer.doubt else "") if several else "")
        for answer in answers
        if answer.prepared.box
    ]
    if choice.region is None:
        choice.places = [*(one.box for one in read), *(reading.others if reading else ())]
    others: list[Box] = []
    for box in choice.places:  # the most likely first
        if all(overlap(box, known) < _SAME for known in (*(one.box for one in read), *others)):
            others.append(box)

    def choose(region: Box | None) -> None:
        _choice(digest).region = region

    key = widget_keys.predict_boxes(place)
    render_picture_boxes(picture, read, others, by_hand=choice.region, on_choice=choose, key=key)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(_hint(len(others)), width="content")
        if choice.region is not None:
            whole = widget_keys.predict_whole(place)
            label, icon = "Read the whole picture", ":material/undo:"
            st.button(label, key=whole, icon=icon, type="tertiary", on_click=choose, args=(None,))


def _hint(others: int) -> str:
    if not others:
        return "Something else is meant? Drag a rectangle around it."
    places = "one more place looks" if others == 1 else f"{others} more places look"
    return f"{places.capitalize()} like a character. Click what is meant, or drag a rectangle around it."


def _choice(digest: str) -> Choice:
    choices: dict[str, Choice] = st.session_state.setdefault(_CHOICES, {})
    name = _name(digest)
    if name not in choices and len(choices) >= _MOST:
        choices.pop(next(iter(choices)))
    return choices.setdefault(name, Choice())


def _name(digest: str) -> str:
    """Return the name under which a choice is remembered: on a picture that is not turned, a place is another one."""
    return digest if chosen_steps().upright else f"{digest} as it lies"
