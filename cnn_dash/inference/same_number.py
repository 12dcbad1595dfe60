"""Which ink of a picture stands in the same number as a character: as tall, of the same pen, not far away."""

import numpy as np

from cnn_dash.inference.characters import Character, gap
from cnn_dash.inference.ground import Array
from cnn_dash.inference.ink import Mask
from cnn_dash.inference.pieces import shared
from cnn_dash.inference.plausibility import is_bar
from cnn_dash.inference.preparation import Origin

LOW = 0.45
"""Times the height of the most likely character: what is lower is no character of the same number."""

_TALL = 1.9  # times its height: no other character of the same number is taller
_SAME_INK = 0.25  # of the strongest ink: the colours of one pen differ by no more, …
_PALER = 0.45  # … though thin strokes are paler, as much of the ground is mixed in
_FULL = 0.75  # of the ink of a character is weaker than what shows its colour: soft edges do not
_LEAST_LIGHT = 0.3  # of 0–1: on darker grounds, colours differ by more than they would on paper
_HELD = 0.8  # of the smaller of two boxes: what shares more is not beside it
_AMONG = 1.0  # heights: a fragment that is farther from all characters of a line is not one of its
_FRAGMENT = 0.12  # times the height: lower is a speck
_TICK, _FINER, _TICK_NEAR = 4, 0.7, 0.1  # times its width, times the main stroke, heights from a line: no 1
_FAR = 2.0  # heights: what is farther from the others is no part of the same number
_SAME_PEN = 0.3  # times its stroke, at least; and it times theirs
_SAME_LINE = 0.5  # of the height: centres of one line are no farther apart


def lines_of(origin: Origin) -> list[list[Character]]:
    """Return the characters of the same number by lines from the top, each from left to right."""
    lines: list[list[Character]] = []
    characters = _alike(origin)
    tallest = max(one.height for one in characters)
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


def fragments_among(line: list[Character], known: list[Character], origin: Origin) -> list[Character]:
    """Return what is lower than the characters of a line, but among them: parts of broken ones, or specks.

    Args:
        line: The characters of the line.
        known: Those of all lines.
        origin: The most likely of them.
    """
    height = max(character.height for character in line)
    top, bottom = min(one.box[0] for one in line), max(one.box[2] for one in line)
    main = origin.character
    ink = _ink_colour(main, origin)
    boxes = [one.box for one in line]
    found: list[Character] = []
    for one in origin.way.characters:
        middle = (one.box[0] + one.box[2]) / 2
        among = top <= middle <= bottom and min(gap(one.box, box) for box in boxes) <= _AMONG * height
        taken = any(one is other or shared(one.box, other.box) > _HELD for other in known)
        taken = taken or any(one.shares_ink(other) for other in (*known, *found))
        low = _FRAGMENT * height <= one.height < LOW * height
        if (
            among
            and low
            and not taken
            and not _cut_off(one)
            and _same_pen(one, main)
            and _same_ink(_ink_colour(one, origin), ink)
        ):
            found.append(one)
            boxes.append(one.box)
    return found


def _alike(origin: Origin) -> list[Character]:
    """Return those that are as tall as the main one, from the same pen, whole, and not far from each other."""
    main = origin.character
    rows, columns = main.reading.strength.shape
    height = main.height
    ink = _ink_colour(main, origin)
    left_over: list[Character] = []
    for one in origin.way.characters:  # most likely first
        if one is main or shared(one.box, main.box) > _HELD or is_bar(one.box, one.mask, (rows, columns)):
            continue
        top, left, bottom, right = one.box
        tall = LOW * height <= bottom - top <= _TALL * height and right - left < 6 * height
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


def _cut_off(character: Character) -> bool:
    """Return whether a character runs out of the picture."""
    rows, columns = character.reading.strength.shape
    top, left, bottom, right = character.box
    return top <= 1 or left <= 1 or bottom >= rows - 1 or right >= columns - 1


def _is_tick(one: Character, main: Character, lines: Mask) -> bool:
    """Return whether it is a finer straight stroke that stands on a line, as those that part the boxes of a form."""
    top, left, bottom, right = one.box
    if one.height < _TICK * (right - left) or one.stroke_px > _FINER * main.stroke_px:
        return False
    reach = round(_TICK_NEAR * main.height)
    return bool(lines[max(0, top - reach) : bottom + reach, max(0, left - reach) : right + reach].any())


def _same_pen(one: Character, main: Character) -> bool:
    return _SAME_PEN * main.stroke_px < one.stroke_px < main.stroke_px / _SAME_PEN


def _ink_colour(character: Character, origin: Origin) -> Array:
    """Return the median colour of the ink, by that of the ground: float32 (3,), so that light does not count."""
    top, left, bottom, right = character.box
    there = np.s_[top:bottom, left:right]
    strength = character.reading.strength[there]
    inked = strength[character.mask]
    rank = int(_FULL * len(inked))
    full = character.mask & (strength >= np.partition(inked, rank)[rank])  # `quantile` takes ten times as long
    ground = origin.found.ground.middle[there][full]
    ink = origin.found.picture[there][full] / np.float32(255)
    return np.asarray(np.median(ink - ground, axis=0) / np.maximum(np.median(ground, axis=0), _LEAST_LIGHT), np.float32)


def _same_ink(one: Array, other: Array) -> bool:
    """Return whether two colours may be of one pen: alike, but for how much of the ground is mixed in."""
    ones, others = float(np.abs(one).max()), float(np.abs(other).max())
    alike = float(np.abs(one / ones - other / others).max()) <= _SAME_INK
    return alike and min(ones, others) >= _PALER * max(ones, others)
