"""What a network says to a picture, in short: what fits on a card, beside others and into a row of a table."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image

from cnn_dash.errors import PictureError
from cnn_dash.inference import Steps
from cnn_dash.inference.answers import Doubt, Network, Reading, read
from cnn_dash.inference.pictures import as_it_lies, open_first_page, to_rgb
from cnn_dash.inference.pieces import Box
from cnn_dash.ui.components.data_urls import data_url

THUMBNAIL_PX = 160

BROKEN = "The network's weights are broken. Train it again with a lower learning rate."


@dataclass(frozen=True)
class Summary:
    """The answer of one network for one picture.

    Attributes:
        name: The file's name.
        picture: What was brought, small, as a `data:` URL; empty if it cannot be opened.
        model_inputs: The model input of each character, as a `data:` URL; empty if there is no answer.
        answer: What is written, as text; empty if it cannot be read.
        confidence: The least probability of its characters, 0 to 1.
        doubt: Why the answer is doubtful, if it is.
        boxes: Where the characters are, in pixels of the upright picture.
        class_names: The classes among which the network chose; empty if there is no answer.
        error: Why there is no answer; empty if there is one.
        pages: Of how many pages the first was read.
    """

    name: str
    picture: str = ""
    model_inputs: tuple[str, ...] = ()
    answer: str = ""
    confidence: float = 0.0
    doubt: Doubt | None = None
    boxes: tuple[Box, ...] = ()
    class_names: tuple[str, ...] = ()
    error: str = ""
    pages: int = 1


def summarize(
    networks: Mapping[int, Network], data: bytes, name: str, steps: Steps, region: Box | None
) -> dict[int, Summary]:
    """Have networks read a file, which is opened once; one that cannot be read has its reason in `error`.

    Args:
        networks: By the numbers of their runs.
        data: The file's content.
        name: The file's name.
        steps: See `answers.read`.
        region: See `answers.read`.

    Returns:
        The answer of each network, by the number of its run.
    """
    try:
        picture, pages = open_first_page(data, name)
        upright = to_rgb(picture if steps.upright else as_it_lies(picture))
    except PictureError as error:
        return dict.fromkeys(networks, Summary(name, error=str(error)))
    small = data_url(upright, THUMBNAIL_PX)
    return {
        run_id: replace(ask(network, upright, steps, region, name, small), pages=pages)
        for run_id, network in networks.items()
    }


def ask(
    network: Network, upright: Image.Image, steps: Steps, region: Box | None, name: str = "", picture: str = ""
) -> Summary:
    """Have a network read an opened picture. See `Summary` and `answers.read`."""
    try:
        return summary_of(read(network, upright, steps, region), network.model_input.class_names, name, picture)
    except PictureError as error:
        return Summary(name, picture, error=str(error))


def summary_of(reading: Reading, class_names: tuple[str, ...], name: str = "", picture: str = "") -> Summary:
    """Return in short what was read, or why that is no answer."""
    answers = reading.answers
    if not is_finite(reading):
        return Summary(name, picture, error=BROKEN)
    return Summary(
        name,
        picture,
        model_inputs=tuple(_input_url(answer.prepared.pixels) for answer in answers),
        answer=reading.text(class_names),
        confidence=min(answer.confidence for answer in answers),
        doubt=next((answer.doubt for answer in answers if answer.doubt), None),
        boxes=tuple(answer.prepared.box for answer in answers if answer.prepared.box),
        class_names=class_names,
    )


def is_finite(reading: Reading) -> bool:
    """Return whether the network gave numbers; one with broken weights gives none."""
    return all(bool(np.isfinite(answer.probabilities).all()) for answer in reading.answers)


def _input_url(pixels: np.ndarray) -> str:
    grey = pixels.shape[2] == 1
    return data_url(Image.fromarray(pixels[..., 0] if grey else pixels), max(pixels.shape[:2]))
