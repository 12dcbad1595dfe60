"""Finds what was written on a picture: ground, ink, lines, characters, in this order."""

from dataclasses import dataclass

import cv2
import numpy as np

from cnn_dash.inference.characters import Character, find_broken, find_characters
from cnn_dash.inference.ground import Bytes, Ground, flat_ground_of, ground_of
from cnn_dash.inference.ink import Mask, Reading, readings
from cnn_dash.inference.lines import Lines, find_lines, without
from cnn_dash.inference.pieces import Pieces, find_frames, find_pieces

WORKING_PX = 640
"""The longer side on which characters are looked for."""

_LEAST_PX = 280  # smaller pictures are enlarged to this, so that strokes are wider than a pixel
_CHARACTERS = 12  # are kept of each way to read the picture
_INNER = 0.96  # a short line may be a stroke: of two ways as good, the one that takes less out
_FRAMED = 0.5  # what is drawn around something is hardly what is meant
_UNLIKE = 0.1  # of 0–1: where the ground differs this much from the corners, it may be ink that fills the frame
_DOUBTFUL = 0.7  # … or where no character has a better score than this
_TWO_TONES = 0.95


@dataclass(frozen=True)
class Way:
    """One way to read a picture: how ink was told from ground, and which lines were taken out.

    Attributes:
        reading: How ink was told from ground.
        ink: bool (H, W), the ink without the lines.
        lines: bool (H, W), what was taken out.
        characters: Most likely first.
        broken: Characters that are there if some of these are parts of one; most likely first.
        weight: What the scores of its characters are multiplied with.
    """

    reading: Reading
    ink: Mask
    lines: Mask
    characters: tuple[Character, ...]
    broken: tuple[Character, ...]
    weight: float

    @property
    def score(self) -> float:
        """How likely its best character is what is meant, 0 to 1."""
        return self.weight * self.characters[0].score


@dataclass(frozen=True)
class Found:
    """What was found on a picture.

    Attributes:
        picture: uint8 (H, W, 3), at working size.
        ground: The same without ink.
        scale: Working pixels for each pixel of the picture as brought.
        place: Row and column at which the picture was cut out of a larger one.
        ways: Ways to read it, best first; none if there is no ink.
    """

    picture: Bytes
    ground: Ground
    scale: float
    place: tuple[int, int]
    ways: tuple[Way, ...]


def find(picture: Bytes, place: tuple[int, int] = (0, 0), even_ground: bool = True, remove_lines: bool = True) -> Found:
    """Find the characters on a picture.

    Args:
        picture: uint8 (H, W, 3), upright, opaque.
        place: Row and column at which it was cut out of a larger one.
        even_ground: Whether the ground may vary over the picture; if not, it is the median colour of the border.
        remove_lines: Whether straight lines are taken out.
    """
    working, scale = _at_working_size(picture)
    flat = flat_ground_of(working)
    ground = ground_of(working) if even_ground else flat
    ways = [way for reading in readings(working, ground) for way in _ways(reading, 1.0, remove_lines, remove_lines)]
    unlike = float(np.percentile(np.abs(ground.middle - flat.middle)[::4, ::4], 95)) > _UNLIKE
    if unlike or max((way.score for way in ways), default=0) < _DOUBTFUL:
        twos = readings(working, flat, two_tones=True)
        ways += [way for reading in twos for way in _ways(reading, _TWO_TONES, remove_lines, False)]
    return Found(working, ground, scale, place, tuple(sorted(ways, key=lambda way: -way.score)))


def _ways(reading: Reading, weight: float, remove_frames: bool, remove_lines: bool) -> list[Way]:
    ink = reading.mask
    pieces = find_pieces(ink, reading)
    none = np.zeros_like(ink)
    frames = find_frames(pieces) if remove_frames else none
    lines = find_lines(ink & ~frames) if remove_lines else Lines(none, none)
    ways = [_way(reading, ink, none, pieces, weight * (_FRAMED if frames.any() else 1))]
    taken = none
    for more in (frames, lines.spanning, lines.inner):
        if more.any():
            taken = taken | more
            left = without(ink, taken, reading.strength)
            perhaps = int(np.count_nonzero(lines.inner & ~left)) if more is lines.inner else 0
            likely = weight * (_INNER if perhaps else 1)
            ways.append(_way(reading, left, taken & ~left, find_pieces(left, reading, perhaps), likely))
    return [way for way in ways if way.characters]


def _way(reading: Reading, ink: Mask, lines: Mask, pieces: Pieces, weight: float) -> Way:
    characters = find_characters(pieces, reading)[:_CHARACTERS]
    return Way(reading, ink, lines, characters, find_broken(pieces, reading)[:_CHARACTERS], weight)


def _at_working_size(picture: Bytes) -> tuple[Bytes, float]:
    height, width = picture.shape[:2]
    longest = max(height, width)
    scale = min(WORKING_PX / longest, max(1.0, _LEAST_PX / longest))
    if scale == 1:
        return picture, 1.0
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return np.asarray(cv2.resize(picture, size, interpolation=how), np.uint8), scale
