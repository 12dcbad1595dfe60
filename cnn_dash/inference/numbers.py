"""Several characters in one picture: lines of ink, cut into more segments than there are characters.

Which neighbouring segments make up a character, the network decides: of all ways to join them, it takes the one whose
characters are the most likely in sum (LeCun et al., "Gradient-Based Learning Applied to Document Recognition", 1998,
section V: heuristic over-segmentation).
"""

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from cnn_dash.inference.characters import Character
from cnn_dash.inference.pieces import Box, union
from cnn_dash.inference.preparation import Origin, Prepared

_TALL, _LOW = 1.9, 0.45  # times the height of the most likely character: others of the same number
_SAME_INK = 0.5  # times its strength, at least
_SAME_LINE = 0.5  # of the height: centres of one line are no farther apart
_NARROW = 0.75  # times the height: what is wider may be two that touch
_CUTS = 4  # places at most at which a wide segment is cut
_JOINED = 4  # neighbouring segments at most make up one character
_WIDE = 1.25  # times the height: no character is wider
_APART = 0.3  # of the height: with a wider gap between them two segments are two characters
_MOST_CHARACTERS = 40

_TALL_PART = 0.65  # of the height: of a broken character, one part at most is taller
_BESIDE = 2.0  # the cost of joining two such parts

PER_CHARACTER = 1.0
"""The cost of a further character: what is one is not cut in two without need."""


@dataclass(frozen=True)
class Segment:
    """A stretch of a line that may be one character.

    Attributes:
        first: Index of its first piece in the line.
        last: Index of its last piece, inclusive.
        prepared: As the network gets it.
        oddness: How unlike a character's its shape is, from 0.
    """

    first: int
    last: int
    prepared: Prepared
    oddness: float


def segments(origin: Origin, image_shape: tuple[int, ...]) -> list[list[Segment]]:
    """Return for each line, from the top, all stretches that may be characters, beside the one that was found."""
    rows = []
    for line in _lines(_alike(origin.character, origin.way.characters)):
        height = max(character.box[2] - character.box[0] for character in line)
        parts = [part for character in line for part in _cut(character, height)]
        rows.append(_joined(parts, height, origin, image_shape))
    return rows


def best_path(row: list[Segment], costs: list[float]) -> list[int]:
    """Return the indices of the segments that together cover a line at the least cost."""
    end = max(segment.last for segment in row) + 1
    least = [0.0] + [np.inf] * end
    chosen = [-1] * (end + 1)
    for reached in range(1, end + 1):
        for index, (segment, cost) in enumerate(zip(row, costs, strict=True)):
            if segment.last + 1 == reached and least[segment.first] + cost + PER_CHARACTER < least[reached]:
                least[reached], chosen[reached] = least[segment.first] + cost + PER_CHARACTER, index
    path: list[int] = []
    while end:
        path.append(chosen[end])
        end = row[chosen[end]].first
    return path[::-1]


def _alike(main: Character, characters: tuple[Character, ...]) -> list[Character]:
    """Return those that are as tall and as strong as the main one, and whole."""
    rows, columns = main.reading.strength.shape
    height = main.box[2] - main.box[0]
    strength = float(np.median(main.reading.strength[main.box[0] : main.box[2], main.box[1] : main.box[3]][main.mask]))
    alike = []
    for one in characters[:_MOST_CHARACTERS]:
        top, left, bottom, right = one.box
        cut_off = top <= 1 or left <= 1 or bottom >= rows - 1 or right >= columns - 1
        own = float(np.median(one.reading.strength[top:bottom, left:right][one.mask]))
        tall = _LOW * height <= bottom - top <= _TALL * height and right - left < 6 * height
        if one is not main and _inside(one.box, main.box):
            continue  # a part of it
        if one is main or (tall and not cut_off and own >= _SAME_INK * strength and one.stroke_px < 2 * main.stroke_px):
            alike.append(one)
    if main not in alike:  # one that was joined of several
        alike.append(main)
    return alike


def _inside(box: Box, other: Box) -> bool:
    return union(box, other) == other


def _lines(characters: list[Character]) -> list[list[Character]]:
    """Return characters by lines from the top, each from left to right."""
    lines: list[list[Character]] = []
    for one in sorted(characters, key=lambda character: character.box[0] + character.box[2]):
        middle, height = (one.box[0] + one.box[2]) / 2, one.box[2] - one.box[0]
        for line in lines:
            last = line[-1]
            if abs(middle - (last.box[0] + last.box[2]) / 2) <= _SAME_LINE * max(height, last.box[2] - last.box[0]):
                line.append(one)
                break
        else:
            lines.append([one])
    return [sorted(line, key=lambda character: character.box[1]) for line in lines]


@dataclass(frozen=True)
class _Part:
    """A piece of a line.

    Attributes:
        character: Its ink.
        cut_before: Strokes that were cut through to part it from the one before; None if they did not touch.
    """

    character: Character
    cut_before: float | None


def _cut(character: Character, height: int) -> list[_Part]:
    """Cut what is wide where the least ink would be cut through, from left to right."""
    top, left, _, right = character.box
    width = right - left
    if width <= _NARROW * height:
        return [_Part(character, None)]
    ink = character.mask.sum(axis=0).astype(float)
    smooth = np.convolve(np.pad(ink, 2, mode="edge"), np.ones(5) / 5, mode="valid")
    margin = max(2, round(0.15 * height))
    inside = np.arange(margin, width - margin)
    lowest = [x for x in inside if smooth[x] == smooth[max(0, x - margin) : x + margin + 1].min()]
    places: list[int] = []
    for x in sorted(lowest, key=lambda x: smooth[x]):
        if len(places) < _CUTS * max(1, round(width / height)) and all(abs(x - other) >= margin for other in places):
            places.append(int(x))
    parts: list[_Part] = []
    for start, stop in pairwise([0, *sorted(places), width]):
        mask = character.mask[:, start:stop]
        if mask.any():
            through = float(ink[start]) / character.stroke_px if start else None
            parts.append(_Part(_trimmed(character, mask, top, left + start), through))
    return parts


def _joined(parts: list[_Part], height: int, origin: Origin, image_shape: tuple[int, ...]) -> list[Segment]:
    row = []
    for first in range(len(parts)):
        for last in range(first, min(first + _JOINED, len(parts))):
            between = [part.character for part in parts[first : last + 1]]
            whole = _union(between)
            wide = (whole.box[3] - whole.box[1]) / height
            if last > first and parts[last].cut_before is None:
                apart = between[-1].box[1] - between[-2].box[3]
                if apart > _APART * height or wide > _WIDE:
                    break
            low = (whole.box[2] - whole.box[0]) / height
            # Digits that touch do so with one stroke; who cuts through two has cut a loop.
            cuts = [part.cut_before for part in (parts[first], *parts[last + 1 : last + 2]) if part.cut_before]
            tall = sum(one.box[2] - one.box[0] > _TALL_PART * height for one in between)
            untouched = any(part.cut_before is None for part in parts[first + 1 : last + 1])
            beside = _BESIDE if untouched and tall > 1 else 0.0
            oddness = (
                beside + sum(max(0.0, cut - 1) for cut in cuts) + max(0.0, wide - _WIDE) * 3 + max(0.0, 0.5 - low) * 4
            )
            row.append(Segment(first, last, replace(origin, character=whole).prepared(image_shape), oddness))
    return row


def _union(pieces: list[Character]) -> Character:
    if len(pieces) == 1:
        return pieces[0]
    boxes = np.array([piece.box for piece in pieces])
    top, left, bottom, right = (int(side) for side in (*boxes[:, :2].min(0), *boxes[:, 2:].max(0)))
    mask = np.zeros((bottom - top, right - left), bool)
    for piece in pieces:
        up, before = piece.box[0] - top, piece.box[1] - left
        mask[up : up + piece.mask.shape[0], before : before + piece.mask.shape[1]] |= piece.mask
    first = pieces[0]
    return Character((top, left, bottom, right), mask, first.reading, first.stroke_px, first.score)


def _trimmed(character: Character, mask: np.ndarray, top: int, left: int) -> Character:
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    box: Box = (top + int(rows[0]), left + int(columns[0]), top + int(rows[-1]) + 1, left + int(columns[-1]) + 1)
    inner = mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return Character(box, inner, character.reading, character.stroke_px, character.score)
