"""Several characters in one picture: lines of ink, cut into more segments than there are characters.

Which neighbouring segments make up a character, the network decides: of all ways to join them, it takes the one whose
characters are the most likely in sum (LeCun et al., "Gradient-Based Learning Applied to Document Recognition", 1998,
section V: heuristic over-segmentation).
"""

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from cnn_dash.inference.characters import Character, gap
from cnn_dash.inference.ground import Array
from cnn_dash.inference.ink import Mask
from cnn_dash.inference.pieces import overlap, shared
from cnn_dash.inference.plausibility import is_bar
from cnn_dash.inference.preparation import Origin, Prepared
from cnn_dash.inference.touching import NARROW, Part, cut

_TALL, _LOW = 1.9, 0.45  # times the height of the most likely character: others of the same number
_SAME_INK = 0.25  # of the strongest ink: the colours of one pen differ by no more, …
_PALER = 0.45  # … though thin strokes are paler, as much of the ground is mixed in
_LEAST_LIGHT = 0.3  # of 0–1: on darker grounds, colours differ by more than they would on paper
_SAME_PLACE = 0.5  # of both boxes: there is the same character
_MORE = 3  # further ways are tried
_HELD = 0.8  # of the smaller of two boxes: what shares more is not beside it
_AMONG = 0.5  # heights: a fragment that is farther from all characters of a line is not one of its
_FRAGMENT = 0.12  # times the height: lower is a speck
_LEAVE_OUT = 0.6  # the cost of leaving out a fragment
_TICK, _FINER, _TICK_NEAR = 4, 0.7, 0.1  # times its width, times the main stroke, heights from a line: no 1
_FAR = 2.0  # heights: what is farther from the others is no part of the same number
_SAME_PEN = 0.3  # times its stroke, at least; and it times theirs
_SAME_LINE = 0.5  # of the height: centres of one line are no farther apart
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
    alike = _alike(origin)
    for line in _lines(alike):
        height = max(_height(character) for character in line)
        pieces = [(character, cut(character, height)) for character in line]
        pieces += [(one, [Part(one, None, True)]) for one in _fragments(line, alike, origin)]
        pieces.sort(key=lambda piece: piece[0].box[1])
        parts = [part for _, of_piece in pieces for part in of_piece]
        rows.append(_joined(parts, height, origin, image_shape))
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


def _alike(origin: Origin) -> list[Character]:
    """Return those that are as tall as the main one, from the same pen, whole, and not far from each other."""
    main = origin.character
    rows, columns = main.reading.strength.shape
    height = _height(main)
    ink = _ink_colour(main, origin)
    left_over: list[Character] = []
    for one in origin.way.characters:  # most likely first
        if one is main or shared(one.box, main.box) > _HELD or is_bar(one.box, one.mask, (rows, columns)):
            continue
        top, left, bottom, right = one.box
        tall = _LOW * height <= bottom - top <= _TALL * height and right - left < 6 * height
        if (
            tall
            and not _cut_off(one)
            and not _is_tick(one, main, origin.way.lines)
            and _same_pen(one, main)
            and _same_ink(_ink_colour(one, origin), ink)
            and not any(one.shares_ink(other) for other in left_over)
        ):
            left_over.append(one)
    alike = [main]
    for known in alike:  # grows while it is walked
        near = [one for one in left_over if gap(one.box, known.box) <= _FAR * height]
        alike += near
        left_over = [one for one in left_over if one not in near]
    return alike


def _fragments(line: list[Character], alike: list[Character], origin: Origin) -> list[Character]:
    """Return what is lower than the characters of a line, but among them: parts of broken ones, or specks."""
    height = max(_height(character) for character in line)
    top, bottom = min(one.box[0] for one in line), max(one.box[2] for one in line)
    main = origin.character
    ink = _ink_colour(main, origin)
    boxes = [one.box for one in line]
    found: list[Character] = []
    for one in origin.way.characters:
        middle = (one.box[0] + one.box[2]) / 2
        among = top <= middle <= bottom and min(gap(one.box, box) for box in boxes) <= _AMONG * height
        known = any(one is other or shared(one.box, other.box) > _HELD for other in alike)
        known = known or any(one.shares_ink(other) for other in (*alike, *found))
        low = _FRAGMENT * height <= _height(one) < _LOW * height
        if (
            among
            and low
            and not known
            and not _cut_off(one)
            and _same_pen(one, main)
            and _same_ink(_ink_colour(one, origin), ink)
        ):
            found.append(one)
            boxes.append(one.box)
    return found


def _height(character: Character) -> int:
    return character.box[2] - character.box[0]


def _cut_off(character: Character) -> bool:
    """Return whether a character runs out of the picture."""
    rows, columns = character.reading.strength.shape
    top, left, bottom, right = character.box
    return top <= 1 or left <= 1 or bottom >= rows - 1 or right >= columns - 1


def _is_tick(one: Character, main: Character, lines: Mask) -> bool:
    """Return whether it is a finer straight stroke that stands on a line, as those that part the boxes of a form."""
    top, left, bottom, right = one.box
    if _height(one) < _TICK * (right - left) or one.stroke_px > _FINER * main.stroke_px:
        return False
    reach = round(_TICK_NEAR * _height(main))
    return bool(lines[max(0, top - reach) : bottom + reach, max(0, left - reach) : right + reach].any())


def _same_pen(one: Character, main: Character) -> bool:
    return _SAME_PEN * main.stroke_px < one.stroke_px < main.stroke_px / _SAME_PEN


def _ink_colour(character: Character, origin: Origin) -> Array:
    """Return the median colour of the ink, by that of the ground: float32 (3,), so that light does not count."""
    top, left, bottom, right = character.box
    there = np.s_[top:bottom, left:right]
    ground = origin.found.ground.middle[there][character.mask]
    ink = origin.found.picture[there][character.mask] / np.float32(255)
    return np.asarray(np.median(ink - ground, axis=0) / np.maximum(np.median(ground, axis=0), _LEAST_LIGHT), np.float32)


def _same_ink(one: Array, other: Array) -> bool:
    """Return whether two colours may be of one pen: alike, but for how much of the ground is mixed in."""
    ones, others = float(np.abs(one).max()), float(np.abs(other).max())
    alike = float(np.abs(one / ones - other / others).max()) <= _SAME_INK
    return alike and min(ones, others) >= _PALER * max(ones, others)


def _lines(characters: list[Character]) -> list[list[Character]]:
    """Return characters by lines from the top, each from left to right."""
    lines: list[list[Character]] = []
    tallest = max(character.box[2] - character.box[0] for character in characters)
    for one in sorted(characters, key=lambda character: character.box[0] + character.box[2]):
        middle = (one.box[0] + one.box[2]) / 2
        for line in lines:
            last = line[-1]
            if abs(middle - (last.box[0] + last.box[2]) / 2) <= _SAME_LINE * tallest:
                line.append(one)
                break
        else:
            lines.append([one])
    return [sorted(line, key=lambda character: character.box[1]) for line in lines]


def _joined(parts: list[Part], height: int, origin: Origin, image_shape: tuple[int, ...]) -> list[Segment]:
    row = []
    usual = _usual_gap(parts)
    apart_from_all = sum(part.cut_before is None and not part.is_fragment for part in parts)
    each = _EACH if apart_from_all > 1 else _EACH_OF_ONE
    for first in range(len(parts)):
        if parts[first].is_fragment:
            alone = replace(origin, character=parts[first].character).prepared(image_shape)
            row.append(Segment(first, first, alone, _LEAVE_OUT, left_out=True))
        for last in range(first, min(first + _JOINED, len(parts))):
            between = [part.character for part in parts[first : last + 1]]
            whole = _union(between)
            wide = (whole.box[3] - whole.box[1]) / max(height, _height(whole))
            if last > first and parts[last].cut_before is None:
                apart = between[-1].box[1] - between[-2].box[3]
                if apart > _APART * height or wide > (_WIDE if apart > 0 else _WIDE_IN_PARTS):
                    break
            low = (whole.box[2] - whole.box[0]) / height
            # Digits that touch do so with one stroke; who cuts through two has cut a loop.
            cuts = [part.cut_before for part in (parts[first], *parts[last + 1 : last + 2]) if part.cut_before]
            tall = sum(one.box[2] - one.box[0] > _TALL_PART * height for one in between)
            untouched = any(part.cut_before is None for part in parts[first + 1 : last + 1])
            beside = _BESIDE * _apart(between, usual) if untouched and tall > 1 else 0.0
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
