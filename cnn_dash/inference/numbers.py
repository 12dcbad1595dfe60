"""Several characters in one picture: lines of ink, cut into more segments than there are characters.

Which neighbouring segments make up a character, the network decides: of all ways to join them, it takes the one whose
characters are the most likely in sum (LeCun et al., "Gradient-Based Learning Applied to Document Recognition", 1998,
section V: heuristic over-segmentation).
"""

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from cnn_dash.inference.characters import Character
from cnn_dash.inference.pieces import overlap
from cnn_dash.inference.preparation import Origin, Prepared
from cnn_dash.inference.same_number import LOW, fragments_among, lines_of
from cnn_dash.inference.touching import NARROW, Part, cut, pieces_of

_SAME_PLACE = 0.5  # of both boxes: there is the same character
_MORE = 3  # further ways are tried
_LEAVE_OUT = 2.5  # the cost of leaving out a fragment, by its longer side in heights
_CUT_THROUGH = 1.2  # the cost of each further stroke that is cut through
_SEAM = 0.1  # the cost of each side at which a character was cut off another
_JOINED = 12  # neighbouring parts at most make up one character
_USUAL_WIDTH = 0.9  # times the height: wider ones are rarely one
_WIDE = 1.25  # times the height: no character is wider
_WIDE_IN_PARTS = 1.6  # … unless one part is above the other, as a flag is
_APART = 0.3  # of the height: with a wider gap between them two segments are two characters

_TALL_PART = 0.65  # of the height: of a broken character, one part at most is taller
_BESIDE = 2.0  # the cost of joining two such parts, …
_CLOSE = 0.5  # … or less where they are closer to each other than this, by the usual gap

_EACH, _EACH_OF_ONE = 0.15, 1.2  # the cost of each character, and where all ink hangs together: one is rarely two


@dataclass(frozen=True)
class Segment:
    """A stretch of a line that may be one character.

    Attributes:
        first: Index of its first piece in the line.
        last: Index of its last piece, inclusive.
        prepared: As the network gets it.
        oddness: How unlikely it is by its shape, and as a further character, from 0.
        left_out: Whether it is a fragment that belongs to no character.
    """

    first: int
    last: int
    prepared: Prepared
    oddness: float
    left_out: bool = False


def segments(origin: Origin, image_shape: tuple[int, ...]) -> list[list[Segment]]:
    """Return for each line, from the top, all stretches that may be characters, beside the one that was found.

    There are none where it is one that is narrow, and nearly all the ink.
    """
    rows: list[list[Segment]] = []
    if _is_alone(origin):
        return rows
    lines = lines_of(origin)
    known = [character for line in lines for character in line]
    for line in lines:
        height = max(character.height for character in line)
        pieces = [(one, False) for one in fragments_among(line, known, origin)]
        for character in line:
            largest, *others = pieces_of(character, height)
            pieces += [(largest, True), *((one, one.height >= LOW * height) for one in others)]
        pieces.sort(key=lambda piece: piece[0].box[1])
        parts = [
            part for piece, is_tall in pieces for part in (cut(piece, height) if is_tall else [Part(piece, None, True)])
        ]
        if len(lines) == len(parts) == 1:
            return []  # there is nothing to join
        rows.append(_joined(parts, height, len(line) > 1, origin, image_shape))
    return rows


def with_more_ink(origin: Origin) -> list[Origin]:
    """Return the same character in the ways to read the picture that leave more ink.

    In the way in which it was found, strokes of its neighbours may be missing: because they are thin, and break where
    only strong ink counts, or because they are straight, and were taken for lines.
    """
    if _is_alone(origin):
        return []
    mine, amount = origin.way.reading, np.count_nonzero(origin.way.ink)
    found: list[Origin] = []
    for way in origin.found.ways:  # best first
        alike = (way.reading.dark_on_light, way.reading.two_tones) == (mine.dark_on_light, mine.two_tones)
        if alike and np.count_nonzero(way.ink) > amount:
            same = [one for one in way.characters if overlap(one.box, origin.character.box) > _SAME_PLACE]
            found += [replace(origin, way=way, character=one) for one in same[:1]]
    return found[:_MORE]


def _is_alone(origin: Origin) -> bool:
    top, left, bottom, right = origin.character.box
    narrow = right - left <= NARROW * (bottom - top)
    return narrow and origin.way.settled and origin.character is origin.way.characters[0]


def best_path(row: list[Segment], costs: list[float]) -> list[int]:
    """Return the indices of the segments that together cover a line at the least cost."""
    end = max(segment.last for segment in row) + 1
    least = [0.0] + [np.inf] * end
    chosen = [-1] * (end + 1)
    for reached in range(1, end + 1):
        for index, (segment, cost) in enumerate(zip(row, costs, strict=True)):
            total = least[segment.first] + cost
            if segment.last + 1 == reached and total < least[reached]:
                least[reached], chosen[reached] = total, index
    path: list[int] = []
    while end:
        path.append(chosen[end])
        end = row[chosen[end]].first
    return path[::-1]


def _joined(
    parts: list[Part], height: int, are_several: bool, origin: Origin, image_shape: tuple[int, ...]
) -> list[Segment]:
    row = []
    usual = _usual_gap(parts)
    each = _EACH if are_several else _EACH_OF_ONE
    for first in range(len(parts)):
        if parts[first].is_fragment:
            fragment = parts[first].character
            size = max(fragment.mask.shape) / height
            alone = replace(origin, character=fragment).prepared(image_shape)
            row.append(Segment(first, first, alone, _LEAVE_OUT * size, left_out=True))
        for last in range(first, min(first + _JOINED, len(parts))):
            between = [part.character for part in parts[first : last + 1]]
            whole = _union(between)
            wide = (whole.box[3] - whole.box[1]) / max(height, whole.height)
            if last > first and parts[last].cut_before is None:
                apart = between[-1].box[1] - max(one.box[3] for one in between[:-1])
                if apart > _APART * height or wide > (_WIDE if apart > 0 else _WIDE_IN_PARTS):
                    break
            low = whole.height / height
            # Digits that touch do so with one stroke; who cuts through two has cut a loop.
            cuts = [part.cut_before for part in (parts[first], *parts[last + 1 : last + 2]) if part.cut_before]
            tall = sum(one.height > _TALL_PART * height for one in between)
            untouched = any(part.cut_before is None for part in parts[first + 1 : last + 1])
            beside = _BESIDE * _apart(between, usual) if are_several and untouched and tall > 1 else 0.0
            through = sum(max(0.0, cut - 1) for cut in cuts)
            seams = _SEAM * len(cuts)
            shape = max(0.0, wide - _USUAL_WIDTH) * 2.5 + max(0.0, 0.5 - low) * 4
            oddness = each + beside + seams + _CUT_THROUGH * through + shape
            if first == last and parts[first].is_fragment:
                continue
            row.append(Segment(first, last, replace(origin, character=whole).prepared(image_shape), oddness))
    return row


def _usual_gap(parts: list[Part]) -> float | None:
    """Return how far apart the characters of a line are in pixels; None if there are too few to tell."""
    gaps = [
        after.character.box[1] - before.character.box[3]
        for before, after in pairwise(parts)
        if after.cut_before is None and not (before.is_fragment or after.is_fragment)
    ]
    return float(np.median(gaps)) if len(gaps) > 2 else None


def _apart(parts: list[Character], usual: float | None) -> float:
    """Return how likely parts are characters of their own by the widest gap between them, 0 to 1."""
    widest = max(after.box[1] - before.box[3] for before, after in pairwise(parts))
    return 1.0 if usual is None or usual <= 0 else float(min(max(widest / (_CLOSE * usual), 0), 1))


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
