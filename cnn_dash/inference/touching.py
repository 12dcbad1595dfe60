"""Takes ink apart into what may be characters: pieces that do not touch, and along seams those that may."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from cnn_dash.inference.characters import Character
from cnn_dash.inference.framing import ink_box
from cnn_dash.inference.ink import Mask
from cnn_dash.inference.pieces import Box

NARROW = 0.65
"""Times the height: what is wider may be two characters that touch."""

_LEAST_WIDE = 0.2  # times the height: narrower is no character that touches another
_STEP, _REACH = 0.1, 0.35  # times the height: so far apart seams begin, and so far aside they may go
_EDGE = 0.1  # times the height: so far from the sides of the ink seams stay
_DISTINCT = 0.4  # times the least width: seams that are nearer to each other are the same
_TALL = 0.45  # times the height: on either side of a seam is something that may be a character
_SLANT = 0.002  # pixels of ink: so little costs a step of a seam to the side
_CUTS = 6  # places at most at which a wide segment is cut
_PIECE = 0.2  # times the height: what is smaller is no piece of its own
_PIECES = 4  # of one character at most

Columns = NDArray[np.int64]
_Seam = tuple[Columns, int]


@dataclass(frozen=True)
class Part:
    """A piece of a line.

    Attributes:
        character: Its ink.
        cut_before: Strokes that were cut through to part it from the one before; None if they did not touch.
        is_fragment: Whether it is too low to be a character.
    """

    character: Character
    cut_before: float | None
    is_fragment: bool = False


def pieces_of(character: Character, height: int) -> list[Character]:
    """Return the pieces of a character that do not touch; what is small stays with the largest of them.

    Args:
        character: Its ink.
        height: Of the characters in its line, in pixels.
    """
    _, labels, stats, _ = cv2.connectedComponentsWithStats(character.mask.astype(np.uint8), connectivity=8)
    largest = 1 + np.argsort(-stats[1:, cv2.CC_STAT_AREA])[:_PIECES]
    sides = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1)
    apart = [int(label) for label in largest[1:] if sides[label] >= _PIECE * height]
    if not apart:
        return [character]
    top, left = character.box[:2]
    masks = [character.mask & ~np.isin(labels, apart), *(labels == label for label in apart)]
    return [_trimmed(character, mask, top, left) for mask in masks]


def cut(character: Character, height: int) -> list[Part]:
    """Cut what is wide along the seams that pass through the least ink, from left to right."""
    top, left, _, right = character.box
    width = right - left
    if width <= NARROW * height:
        return [Part(character, None)]
    margin = max(2, round(_LEAST_WIDE * height))
    starts = np.arange(margin, width - margin + 1, max(1, round(_STEP * height)))
    reach, edge = max(2, round(_REACH * height)), round(_EDGE * height)
    seams = sorted(_seams(character.mask, starts, reach, edge), key=lambda seam: seam[1])
    kept: list[_Seam] = []
    most = _CUTS * max(1, round(width / height))
    for found in seams:
        apart = all(np.abs(found[0] - other).mean() >= _DISTINCT * margin for other, _ in kept)
        if apart and len(kept) < most and _parts_two(character.mask, found[0], height):
            kept.append(found)
    kept.sort(key=lambda seam: float(np.mean(seam[0])))
    columns = np.arange(width)
    parts: list[Part] = []
    before: Columns = np.zeros(len(character.mask), np.int64)
    through: float | None = None
    end: Columns = np.full(len(character.mask), width, np.int64)
    ends: _Seam = (end, 0)
    for seam, ink in [*kept, ends]:
        mask = character.mask & (columns >= before[:, None]) & (columns < seam[:, None])
        if mask.any():
            parts.append(Part(_trimmed(character, mask, top, left), through if parts else None))
        before, through = np.asarray(np.maximum(before, seam), np.int64), ink / character.stroke_px
    return parts


def _parts_two(ink: Mask, seam: Columns, height: int) -> bool:
    """Return whether what is on either side of a seam may be a character, and not a tip of one."""
    left = ink & (np.arange(ink.shape[1]) < seam[:, None])
    boxes = [ink_box(side) for side in (left, ink & ~left) if side.any()]
    return len(boxes) == 2 and all(bottom - top >= _TALL * height for top, _, bottom, _ in boxes)


def _seams(ink: Mask, starts: Columns, reach: int, edge: int) -> list[_Seam]:
    """Return for each start the way from top to bottom that passes through the least ink, and how many pixels of it.

    Args:
        ink: bool (H, W).
        starts: Columns (S,).
        reach: So far from its start, at least 1 pixel, a seam may go.
        edge: So far from either side of the ink it stays: one that goes around it would cost nothing.
    """
    around = np.arange(-reach, reach + 1)
    inked = np.pad(ink, ((0, 0), (reach, reach)))[:, starts[:, None] + around + reach]  # (H, S, 2 reach + 1)
    columns = starts[:, None] + around
    beyond = np.where((columns >= edge) & (columns < ink.shape[1] - edge), _SLANT * np.abs(around), np.inf)
    cost = inked + beyond.astype(np.float32)
    steps = np.empty(cost.shape, np.int8)
    ways = np.full((3, len(starts), len(around)), np.inf, np.float32)  # from the left, above, the right
    total = cost[0]
    for row in range(1, len(cost)):
        ways[0, :, 1:], ways[1], ways[2, :, :-1] = total[:, :-1] + _SLANT, total, total[:, 1:] + _SLANT
        steps[row] = ways.argmin(axis=0) - 1
        total = ways.min(axis=0) + cost[row]
    each = np.arange(len(starts))
    path = np.empty((len(cost), len(starts)), np.int64)
    path[-1] = total.argmin(axis=1)
    for row in range(len(cost) - 1, 0, -1):
        path[row - 1] = path[row] + steps[row, each, path[row]]
    through = inked[np.arange(len(cost))[:, None], each, path].sum(axis=0)
    return [(path[:, seam] + starts[seam] - reach, int(through[seam])) for seam in each]


def _trimmed(character: Character, mask: Mask, top: int, left: int) -> Character:
    above, before, below, behind = ink_box(mask)
    box: Box = (top + above, left + before, top + below, left + behind)
    return Character(box, mask[above:below, before:behind], character.reading, character.stroke_px, character.score)
