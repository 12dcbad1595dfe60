"""What a network says to one of many pictures, in short: what fits on a card and into a row of a table."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

from cnn_dash.errors import PictureError
from cnn_dash.inference import Steps, open_picture
from cnn_dash.inference.answers import DOUBTS, Doubt, Network, read
from cnn_dash.inference.pictures import to_rgb
from cnn_dash.inference.pieces import Box
from cnn_dash.runs.export import csv_text
from cnn_dash.ui.components.data_urls import data_url

THUMBNAIL_PX = 160

BROKEN = "The network's weights are broken. Train it again with a lower learning rate."

_COLUMNS = ("file", "answer", "confidence", "doubt", "boxes", "error")


@dataclass(frozen=True)
class Summary:
    """The answer for one picture.

    Attributes:
        name: The file's name.
        picture: What was brought, small, as a `data:` URL; empty if it cannot be opened.
        model_input: The model input of the first character, as a `data:` URL; empty if there is none.
        answer: What is written, as text; empty if it cannot be read.
        confidence: The least probability of its characters, 0 to 1.
        doubt: Why the answer is doubtful, if it is.
        boxes: Where the characters are, in pixels of the upright picture.
        error: Why there is no answer; empty if there is one.
    """

    name: str
    picture: str = ""
    model_input: str = ""
    answer: str = ""
    confidence: float = 0.0
    doubt: Doubt | None = None
    boxes: tuple[Box, ...] = ()
    error: str = ""


def summarize(network: Network, data: bytes, name: str, steps: Steps, region: Box | None) -> Summary:
    """Read the content of a file; one that cannot be read has its reason in `error`. See `answers.read`."""
    picture = ""
    try:
        upright = to_rgb(open_picture(data, name))
        picture = data_url(upright, THUMBNAIL_PX)
        reading = read(network, upright, steps, region)
    except PictureError as error:
        return Summary(name, picture, error=str(error))
    answers = reading.answers
    if not all(np.isfinite(answer.probabilities).all() for answer in answers):
        return Summary(name, picture, error=BROKEN)
    return Summary(
        name,
        picture,
        model_input=_input_url(answers[0].prepared.pixels),
        answer=reading.text(network.model_input.class_names),
        confidence=min(answer.confidence for answer in answers),
        doubt=next((answer.doubt for answer in answers if answer.doubt), None),
        boxes=tuple(answer.prepared.box for answer in answers if answer.prepared.box),
    )


def most_doubtful_first(keyed: Iterable[tuple[str, Summary]]) -> list[tuple[str, Summary]]:
    """Return summaries with their keys: the doubtful ones first, then those without an answer, then by name."""
    return sorted(keyed, key=lambda one: (not one[1].doubt, not one[1].error, one[1].name.casefold()))


def as_csv(summaries: Sequence[Summary]) -> bytes:
    """Return a table for a spreadsheet, UTF-8 with a mark by which spreadsheets know it.

    A box is `top left bottom right` in pixels of the upright picture, several have semicolons between them.
    """
    rows = [
        (
            one.name,
            one.answer,
            None if one.error else round(one.confidence, 4),
            DOUBTS[one.doubt] if one.doubt else "",
            "; ".join(" ".join(map(str, box)) for box in one.boxes),
            one.error,
        )
        for one in summaries
    ]
    return csv_text([_COLUMNS, *rows]).encode("utf-8-sig")


def _input_url(pixels: np.ndarray) -> str:
    grey = pixels.shape[2] == 1
    return data_url(Image.fromarray(pixels[..., 0] if grey else pixels), max(pixels.shape[:2]))
