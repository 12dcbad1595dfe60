"""Finds what was written on a picture: ground, ink, lines, characters, in this order."""

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np

from cnn_dash.inference.characters import Character, find_broken, find_characters, find_joined, find_whole
from cnn_dash.inference.ground import Bytes, Ground, flat_ground_of, ground_of
from cnn_dash.inference.ink import Mask, Reading, core_of, readings
from cnn_dash.inference.lines import Lines, find_lines, without
from cnn_dash.inference.pieces import Pieces, find_frames, find_pieces
from cnn_dash.inference.steps import Steps

WORKING_PX = 640
"""The longer side on which characters are looked for."""

_LEAST_PX = 280  # smaller pictures are enlarged to this, so that strokes are wider than a pixel
_CHARACTERS, _BROKEN = 40, 12  # are kept of each way to read the picture: a number may be long
_INNER = 0.96  # a short line may be a stroke: of two ways as good, the one that takes less out
_FRAMED = 0.5  # what is drawn around something is hardly what is meant
_PHOTO_PX = 64
_PLAINLY = 0.85  # a character with this score is plain
_NEARLY_ALL = 0.95  # of the ink
_PLAIN = 0.5  # of the picture has the colour of a corner: it needs no search for the ground
_UNLIKE = 0.1  # of 0–1: where the ground differs this much from the corners, it may be ink that fills the frame
_DOUBTFUL = 0.7  # … or, on an even ground, where no character has a better score than this
_VERY_DOUBTFUL = 0.4
_TWO_TONES = 0.95
_BAND, _STRAIGHT = 0.1, 0.75  # of a character's size, along a side of it: so much ink there may be a line


Parts = Literal["near", "apart", "all"]
"""What may be one character: ink that is near, as of digits; ink that is apart, too; or all ink of the picture."""


@dataclass(frozen=True)
class Way:
    """One way to read a picture: how ink was told from ground, and which lines were taken out.

    Attributes:
        reading: How ink was told from ground.
        ink: bool (H, W), the ink without the lines.
        lines: bool (H, W), what was taken out.
        characters: Most likely first.
        broken: Characters that are there if some of these are parts of one; most likely first.
        whole: All that may be from one pen, as one character; None if that was not asked for.
        weight: What the scores of its characters are multiplied with.
    """

    reading: Reading
    ink: Mask
    lines: Mask
    characters: tuple[Character, ...]
    broken: tuple[Character, ...]
    whole: Character | None
    weight: float

    @property
    def settled(self) -> bool:
        """Whether one plain character is nearly all ink there is, so that no other way needs to be tried."""
        best = self.characters[0]
        return self.score >= _PLAINLY and bool(best.mask.sum() >= _NEARLY_ALL * np.count_nonzero(self.ink))

    @property
    def all_characters(self) -> tuple[Character, ...]:
        """All that may be one character; some are parts of others."""
        return (*self.characters, *self.broken, *([self.whole] if self.whole else []))

    @property
    def score(self) -> float:
        """How likely its best character is what is meant, 0 to 1."""
        return self.weight * max(self.characters[0].score, self.whole.score if self.whole else 0)


@dataclass(frozen=True)
class Found:
    """What was found on a picture.

    Attributes:
        picture: uint8 (H, W, 3), at working size.
        ground: The same without ink.
        scale: Working pixels for each pixel of the picture that is searched.
        place: Row and column, at which this part begins in the picture that is searched.
        ways: Ways to read it, best first; none if there is no ink.
        even: Whether the ground has one colour, as that of a drawing.
    """

    picture: Bytes
    ground: Ground
    scale: float
    place: tuple[int, int]
    ways: tuple[Way, ...]
    even: bool

    @property
    def settled(self) -> bool:
        """Whether one plain character is nearly all there is, and no sheet, whose edge may look like one."""
        return self.even and any(way.settled for way in self.ways)


def find(
    picture: Bytes,
    steps: Steps | None = None,
    parts: Parts = "near",
    place: tuple[int, int] = (0, 0),
    inside: Mask | None = None,
) -> Found:
    """Find the characters on a picture.

    Args:
        picture: uint8 (H, W, 3), upright, opaque.
        steps: The steps that are taken, else all.
        parts: What may be one character.
        place: Row and column at which it was cut out of a larger one.
        inside: bool (H, W), where ink may be, else everywhere.
    """
    steps = steps or Steps()
    if max(picture.shape) < _PHOTO_PX:  # a data set's own image: all ink on it is one character, on an even ground
        steps, parts = Steps(even_ground=False, remove_lines=False), "all"
    working, scale = _at_working_size(picture)
    flat = flat_ground_of(working)
    even = not steps.even_ground or _is_plain(working)
    ground = flat if even else ground_of(working)
    if inside is not None:
        inside = cv2.resize(inside.astype(np.uint8), working.shape[1::-1], interpolation=cv2.INTER_NEAREST) > 0
    ways: list[Way] = []
    for reading in readings(working, ground, inside=inside):
        ways += _ways(reading, 1.0, steps, parts)
        if any(way.settled for way in ways):
            break
    best = max((way.score for way in ways), default=0)
    if best < _DOUBTFUL if even else _differ(ground, flat):
        for reading in readings(working, flat, two_tones=True, inside=inside):
            ways += _ways(reading, _TWO_TONES, steps, parts)
    if (
        steps.choose and max((way.score for way in ways), default=1) < _VERY_DOUBTFUL
    ):  # blurred strokes run together but for their core
        for reading in {id(way.reading): way.reading for way in ways if not way.reading.two_tones}.values():
            ways += _ways(core_of(reading), 1.0, steps, parts)
    return Found(working, ground, scale, place, tuple(sorted(ways, key=lambda way: -way.score)), even)


def _differ(ground: Ground, flat: Ground) -> bool:
    every_fourth = np.s_[::4, ::4]
    return float(np.percentile(np.abs(ground.middle[every_fourth] - flat.middle[every_fourth]), 95)) > _UNLIKE


def _is_plain(picture: Bytes) -> bool:
    """Return whether most of a picture has exactly one colour, as a drawing or a screenshot has and no photo."""
    sample = picture[::2, ::2]
    alike = [sample[..., channel] == picture[0, 0, channel] for channel in range(3)]
    return bool(np.mean(alike[0] & alike[1] & alike[2]) > _PLAIN)


def _ways(reading: Reading, weight: float, steps: Steps, parts: Parts) -> list[Way]:
    ink = reading.mask
    pieces = find_pieces(ink, reading)
    none = np.zeros_like(ink)
    frames = find_frames(pieces) if steps.remove_lines else none
    with_lines = _way(reading, ink, none, pieces, weight * (_FRAMED if frames.any() else 1), parts)
    plain = with_lines.characters and with_lines.settled and not frames.any()
    if plain and not _has_straight_side(with_lines.characters[0]):
        return [with_lines]
    # Ink that fills the picture has straight edges of its own.
    lines = find_lines(ink & ~frames) if steps.remove_lines and not reading.two_tones else Lines(none, none)
    ways = [with_lines]
    taken = none
    for more in (frames, lines.spanning, lines.inner):
        if more.any():
            taken = taken | more
            left = without(ink, taken, reading.strength)
            perhaps = int(np.count_nonzero(lines.inner & ~left)) if more is lines.inner else 0
            likely = weight * (_INNER if perhaps else 1)
            ways.append(_way(reading, left, taken & ~left, find_pieces(left, reading, perhaps), likely, parts))
    return [way for way in ways if way.characters]


def _has_straight_side(character: Character) -> bool:
    """Return whether ink runs along a side of the box around a character: it may be a box, or underlined."""
    mask = character.mask
    down, across = (max(1, round(_BAND * side)) for side in mask.shape)
    level = (mask[:down].any(axis=0), mask[-down:].any(axis=0))
    upright = (mask[:, :across].any(axis=1), mask[:, -across:].any(axis=1))
    return any(side.mean() > _STRAIGHT for side in (*level, *upright))


def _way(reading: Reading, ink: Mask, lines: Mask, pieces: Pieces, weight: float, parts: Parts) -> Way:
    characters = find_characters(pieces, reading)[:_CHARACTERS]
    broken = find_broken(pieces, reading)[:_BROKEN]
    if parts == "near":  # ink that fills the picture comes in pieces that hardly touch
        whole = find_joined(pieces, reading) if reading.two_tones else None
    else:
        whole = find_whole(pieces, reading, everything=parts == "all")
    return Way(reading, ink, lines, characters, broken, whole, weight)


def _at_working_size(picture: Bytes) -> tuple[Bytes, float]:
    height, width = picture.shape[:2]
    longest = max(height, width)
    scale = min(WORKING_PX / longest, max(1.0, _LEAST_PX / longest))
    if longest < _PHOTO_PX:
        scale = float(round(scale))
    if scale == 1:
        return picture, 1.0
    size = max(1, round(width * scale)), max(1, round(height * scale))
    while 2 * max(size) <= max(picture.shape):  # by a whole factor takes a fraction of the time
        half = picture.shape[1] // 2, picture.shape[0] // 2
        picture = np.asarray(cv2.resize(picture, half, interpolation=cv2.INTER_AREA), np.uint8)
    # A data set's own image keeps its pixels, and so the exact place of its ink.
    larger = cv2.INTER_CUBIC if longest >= _PHOTO_PX else cv2.INTER_NEAREST
    how = cv2.INTER_AREA if scale < 1 else larger
    return np.asarray(cv2.resize(picture, size, interpolation=how), np.uint8), scale
