"""What a network says to a picture: one character or several, where each is, and whether that is to be believed."""

from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cnn_dash.inference.familiarity import Familiarity
from cnn_dash.inference.model_input import ModelInput
from cnn_dash.inference.numbers import Segment, best_path, segments, with_more_ink
from cnn_dash.inference.pieces import Box, shared
from cnn_dash.inference.preparation import Prepared, prepare_all
from cnn_dash.inference.steps import Steps

Floats = NDArray[np.float32]
Doubt = Literal["strange", "undecided"]

DOUBTS: dict[Doubt, str] = {"strange": "unlike all training images", "undecided": "several classes fit"}
"""Why an answer is doubtful, in a few words."""

_USUAL = 0.5  # of the limit: as strange are many images that are read right
_FAMILIAR = 0.3  # of the limit: as strange is the half of them
_UNLIKELY = 1.5  # so much less likely is what is stranger, on a log scale, by the limit
_STRANGER = 2.0  # stranger than this by so much, a candidate is out of the question
_KNOWN = 0.65  # of the limit: so strange is at most what other ink is a part of
_PART = 0.6  # times as likely is what is but a part, …
_LARGE_PART = 0.4  # … or this, if what remains is no speck or smear but a large part, too
_AT_ONCE = 64  # images are given to a network
_WORTH = 2.5  # what is less likely than at this cost speaks against a way to read a number
_STRANGE = 2.0  # the cost of being stranger than usual, by the limit
_MOST_OF_IT = 0.7  # of the ink of the whole: then what remains is a large part
_HELD = 0.3  # of the smaller of two boxes: what shares more is no other place


class Network(Protocol):
    """A trained network that is asked.

    Attributes:
        model_input: The input that it takes, and the classes that it predicts.
        familiarity: What it has seen; None if that was not measured.
    """

    model_input: ModelInput
    familiarity: Familiarity | None

    def outputs(self, images: NDArray[np.uint8], /) -> tuple[Floats, Floats]:
        """Return probabilities (N, classes) and features (N, D) of prepared images uint8 (N, H, W, C)."""


@dataclass(frozen=True)
class Answer:
    """What a network says to one character.

    Attributes:
        prepared: The character as the network got it, and where it is.
        probabilities: float32 (classes,), temperature-scaled where that was measured; not finite if weights are
            broken.
        strangeness: How unlike the training images it is; above 1 it is doubtful. 0 if that was not measured.
        indecision: How little decided the answer is; above 1 it is doubtful.
    """

    prepared: Prepared
    probabilities: Floats
    strangeness: float
    indecision: float

    @property
    def label(self) -> int:
        """The index of the most likely class."""
        return int(np.argmax(self.probabilities))

    @property
    def confidence(self) -> float:
        """Its probability, 0 to 1."""
        return float(self.probabilities[self.label])

    @property
    def doubt(self) -> Doubt | None:
        """Why the answer is doubtful, if it is: the image is none of the known kind, or several classes fit it."""
        if self.strangeness > 1:
            return "strange"
        return "undecided" if self.indecision > 1 else None


@dataclass(frozen=True)
class Reading:
    """What a network reads on a picture.

    Attributes:
        answers: One for each character, in the order in which one reads.
        lines: How many of them stand on each line.
        others: Where else something is that may be meant, most likely first.
    """

    answers: tuple[Answer, ...]
    lines: tuple[int, ...]
    others: tuple[Box, ...]

    def text(self, class_names: tuple[str, ...]) -> str:
        """Return what is written, the lines parted by a space."""
        names = iter([class_names[answer.label] for answer in self.answers])
        return " ".join("".join(next(names) for _ in range(count)) for count in self.lines)


def read(
    network: Network,
    image: Image.Image | np.ndarray,
    steps: Steps | None = None,
    region: Box | None = None,
    several: bool = True,
) -> Reading:
    """Read a picture.

    Args:
        network: Who is asked.
        image: A Pillow picture, or uint8 (H, W), (H, W, 3) or (H, W, 4).
        steps: The steps of preparation that are taken, else all.
        region: Where to look, in pixels of the upright picture; else everywhere, for what is most likely meant.
        several: Whether several characters may be read; else the one that is most likely meant.

    Raises:
        BlankPicture: If nothing is written there.
        PictureError: If it is no picture.
    """
    shape, framing = network.model_input.image_shape, network.model_input.framing
    candidates = prepare_all(image, shape, framing, steps, region)
    answers = answers_to(network, candidates)
    best = max(answers, key=lambda answer: _plausibility(answer) * _likely_whole(answer, answers))
    others: list[Box] = []
    for candidate in candidates:
        taken = [best.prepared.box, *others]
        if candidate.box and not any(box and shared(candidate.box, box) > _HELD for box in taken):
            others.append(candidate.box)
    one = Reading((best,), (1,), tuple(others))
    origin = best.prepared.origin
    if (
        not several
        or (framing and framing.several_parts)
        or region is not None
        or origin is None
        or (steps and not steps.choose)
    ):
        return one
    ways = [_several(network, segments(way, shape)) for way in (origin, *with_more_ink(origin))]
    return max(ways, key=lambda way: way.worth).reading or one


def answers_to(network: Network, candidates: list[Prepared]) -> list[Answer]:
    """Return what a network says to prepared images, in their order."""
    images = np.stack([one.pixels for one in candidates])
    # A long number has hundreds of segments: a large network would take gigabytes for all at once.
    parts = [network.outputs(images[begin : begin + _AT_ONCE]) for begin in range(0, len(images), _AT_ONCE)]
    probabilities, features = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    known = network.familiarity
    if known is None:
        strangeness = np.zeros(len(candidates), np.float32)
        indecision = np.asarray((1 - probabilities.max(axis=1)) * 2, np.float32)  # less than half sure
    else:
        strangeness, indecision = known.strangeness(features), known.indecision(probabilities)
        probabilities = known.calibrated(probabilities)
    return [
        Answer(candidate, p, float(strange), float(undecided))
        for candidate, p, strange, undecided in zip(candidates, probabilities, strangeness, indecision, strict=True)
    ]


def _plausibility(answer: Answer) -> float:
    """Return how likely this is what was meant: by place and shape, and by whether the network has seen the like."""
    beyond = min(max(answer.strangeness - _FAMILIAR, 0), _STRANGER)
    return (answer.prepared.origin.score if answer.prepared.origin else 1.0) * float(np.exp(-_UNLIKELY * beyond))


def _likely_whole(answer: Answer, answers: list[Answer]) -> float:
    """Return less than 1 for ink that is but a part of a character that the network knows.

    It may be part of a stroke, or one of the parts of a broken digit.
    """
    part = answer.prepared.origin
    likely = 1.0
    for other in answers if part else ():
        whole = other.prepared.origin
        if part is None or whole is None or other.strangeness > 1:
            continue
        if other.strangeness <= _KNOWN and part.is_within_stroke_of(whole):
            likely = min(likely, _PART)
        if whole.score >= part.score and part.is_above_or_below_the_rest_of(whole):
            amounts = [np.count_nonzero(one.character.mask) for one in (part, whole)]
            likely = min(likely, _LARGE_PART if amounts[0] <= _MOST_OF_IT * amounts[1] else _PART)
    return likely


@dataclass(frozen=True)
class _Several:
    """Several characters as they were read, or None if there is but one, and how much speaks for that."""

    reading: Reading | None
    worth: float


def _several(network: Network, rows: list[list[Segment]]) -> _Several:
    """Read several characters."""
    if sum(map(len, rows)) <= 1:
        return _Several(None, 0.0)
    worth = 0.0
    read_rows = []
    for row in rows:
        answers = answers_to(network, [segment.prepared for segment in row])
        costs = [_cost(answer, segment) for answer, segment in zip(answers, row, strict=True)]
        path = best_path(row, costs)
        worth += sum(_WORTH - costs[index] for index in path if not row[index].left_out)
        read_rows.append([answers[index] for index in path if not row[index].left_out])
    sure = [[answer for answer in row if answer.strangeness <= _STRANGER] for row in read_rows]
    # What is drawn below or above a number, and is no digit: an underline, a smear.
    plain = [row for row in sure if any(answer.strangeness <= 1 for answer in row)]
    found = plain or [row for row in sure if row]
    if sum(map(len, found)) <= 1:
        return _Several(None, 0.0)
    return _Several(Reading(tuple(answer for row in found for answer in row), tuple(map(len, found)), ()), worth)


def _cost(answer: Answer, segment: Segment) -> float:
    """Return how unlikely it is that this segment is one character, from 0."""
    if segment.left_out:
        return segment.oddness
    unlikely = -float(np.log(max(answer.confidence, 1e-6)))
    return unlikely + _STRANGE * max(answer.strangeness - _USUAL, 0) + segment.oddness
