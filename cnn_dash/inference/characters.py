"""Pieces of ink, grouped into what was most likely written as one character."""

from dataclasses import dataclass
from functools import cached_property, reduce

import cv2
import numpy as np

from cnn_dash.inference.ink import LEAST_ROOM, Mask, Reading
from cnn_dash.inference.pieces import Box, Piece, Pieces, union
from cnn_dash.inference.plausibility import plausibility

_FLAT = 4.0  # width by height from which a piece is an underline or a dash
_FLAT_BELOW = 2.5  # … if it is below, since no digit has such a part
_NEAR = 0.3  # of a character's height: a fragment this near belongs to it
_SAME_INK = 0.45  # the weaker of two inks by the stronger; below, they are not from one pen
_SAME_PEN = 2.5  # times as wide are the strokes of one pen at most
_DOT = 1.2  # strokes: what is no longer is a dot or a speck …
_SPECK = 0.5  # strokes: what is shorter is a speck
_DOT_NEAR = 0.6  # … and belongs to what is as near as this many strokes
_BROKEN_NEAR = 0.2  # of the longer side of a part, or …
_BROKEN_STROKES = 2.5  # … so many strokes: so far apart may parts of a broken stroke be
_WHOLE_LIKELY = 1.3  # times as likely as a part of it, where characters have several
_MOST_BROKEN, _MOST_PARTS = 20, 5  # the largest pieces are looked at, and joined with so few at most
_WITHOUT_PARTS = 0.75  # times as likely as with the fragments beside it
_BROKEN_LIKELY = 0.95  # times as likely as a whole one


@dataclass(frozen=True, eq=False)
class Character:
    """Ink that was most likely written as one character.

    Attributes:
        box: Where it is.
        mask: bool, as large as the box: its ink.
        reading: How the ink was told from the ground.
        stroke_px: Width of its strokes.
        score: How likely it is what is meant, from 0; about 1 for a plain one.
    """

    box: Box
    mask: Mask
    reading: Reading
    stroke_px: float
    score: float

    @property
    def height(self) -> int:
        """Pixels."""
        return self.box[2] - self.box[0]

    @cached_property
    def contrast(self) -> float:
        """How far its ink departs from its ground, 0 to 1, black from white."""
        top, left, bottom, right = self.box
        there, ground = np.s_[top:bottom, left:right], self.reading.ground
        room = ground.dark[there] if self.reading.dark_on_light else 1 - ground.bright[there]
        least = max(float(np.median(room[self.mask])), LEAST_ROOM)
        return float(np.median(self.reading.strength[there][self.mask])) * least

    def shares_ink(self, other: "Character") -> bool:
        """Return whether some ink belongs to both: then they are two ways to group the same pieces."""
        top, left = max(self.box[0], other.box[0]), max(self.box[1], other.box[1])
        bottom, right = min(self.box[2], other.box[2]), min(self.box[3], other.box[3])
        if top >= bottom or left >= right:
            return False
        mine, its = (
            one.mask[top - one.box[0] : bottom - one.box[0], left - one.box[1] : right - one.box[1]]
            for one in (self, other)
        )
        return bool((mine & its).any())

    def without(self, part: "Character") -> tuple[int, int] | None:
        """Return left and right of the ink that remains without a part; None if it is no part, or nothing remains."""
        top, left = part.box[0] - self.box[0], part.box[1] - self.box[1]
        height, width = part.mask.shape
        if top < 0 or left < 0 or top + height > self.mask.shape[0] or left + width > self.mask.shape[1]:
            return None
        there = np.s_[top : top + height, left : left + width]
        if (part.mask & ~self.mask[there]).any():
            return None
        rest = self.mask.copy()
        rest[there] &= ~part.mask
        columns = np.flatnonzero(rest.any(axis=0))
        return (self.box[1] + int(columns[0]), self.box[1] + int(columns[-1]) + 1) if columns.size else None


def find_characters(pieces: Pieces, reading: Reading) -> tuple[Character, ...]:
    """Group pieces into characters, most likely first: fragments go to the character beside them."""
    groups: list[list[Piece]] = []
    boxes: list[Box] = []  # around each group
    for piece in pieces.large:
        near = [index for index, group in enumerate(groups) if _belongs(piece, group[0], boxes[index])]
        if near:
            nearest = min(near, key=lambda index: gap(piece.box, boxes[index]))
            groups[nearest].append(piece)
            boxes[nearest] = union(boxes[nearest], piece.box)
        else:
            groups.append([piece])
            boxes.append(piece.box)
    whole = [_character(group, pieces, reading) for group in groups]
    largest = [_character(group[:1], pieces, reading, _WITHOUT_PARTS) for group in groups if len(group) > 1]
    return _ranked(whole + largest)


def find_broken(pieces: Pieces, reading: Reading) -> tuple[Character, ...]:
    """Join pieces that may be one broken stroke, though each might be a character; most likely first."""
    found: dict[frozenset[int], Character] = {}
    for piece in pieces.large[:_MOST_BROKEN]:
        group, box = [piece], piece.box
        near = [one for one in pieces.large if one is not piece and gap(one.box, piece.box) <= piece.longest]
        for other in sorted(near, key=lambda one: gap(one.box, piece.box)):
            if len(group) < _MOST_PARTS and _continues(other, piece, box):
                group.append(other)
                box = union(box, other.box)
                labels = frozenset(one.label for one in group)
                if labels not in found:
                    found[labels] = _character(group, pieces, reading, _BROKEN_LIKELY)
    return _ranked(list(found.values()))


def find_joined(pieces: Pieces, reading: Reading) -> Character | None:
    """Join the largest piece with all that nearly touch it, or each other; None if there are none."""
    of_one_pen = [piece for piece in pieces.large if _same_pen(piece, pieces.large[0])]
    if len(of_one_pen) < 2:
        return None
    ink = np.isin(pieces.labels, [piece.label for piece in of_one_pen]).astype(np.uint8)
    reach = 1 + int(min(piece.stroke_px for piece in of_one_pen) / 2)
    _, joined = cv2.connectedComponents(cv2.dilate(ink, np.ones((reach, reach), np.uint8)))
    together = joined[pieces.labels == of_one_pen[0].label][0]
    group = [piece for piece in of_one_pen if joined[pieces.labels == piece.label][0] == together]
    return _character(group, pieces, reading) if len(group) > 1 else None


def find_whole(pieces: Pieces, reading: Reading, everything: bool) -> Character | None:
    """Join all that is from one pen and within the picture, for characters of several parts; or everything."""
    if not pieces.large:
        return None
    main = pieces.large[0]
    parts = [
        piece
        for piece in pieces.large
        if everything or piece is main or (_same_ink(piece, main) and _same_pen(piece, main) and not piece.cut_off)
    ]
    return _character(parts, pieces, reading, _WHOLE_LIKELY)


def _ranked(characters: list[Character]) -> tuple[Character, ...]:
    return tuple(sorted(characters, key=lambda character: -character.score))


def _belongs(piece: Piece, main: Piece, around: Box) -> bool:
    """Return whether a piece is part of the character with this largest piece and box."""
    height, width = around[2] - around[0], around[3] - around[1]
    size = max(height, width)
    apart = gap(piece.box, around)
    # What runs out of the picture, a table beside a sheet, has no fragments within it.
    if apart > _NEAR * size or not _same_ink(piece, main) or piece.cut_off != main.cut_off:
        return False
    if piece.longest < _DOT * main.stroke_px:
        return piece.longest >= _SPECK * main.stroke_px and apart <= _DOT_NEAR * main.stroke_px
    if not _same_pen(piece, main) or _is_rule(piece, around):
        return False
    if piece.height > 0.6 * height and piece.width < 4 * piece.height:
        return False  # a neighbour of its own
    top, left, bottom, right = union(around, piece.box)
    return bottom - top <= 1.35 * size and right - left <= 1.1 * size


def _continues(piece: Piece, main: Piece, around: Box) -> bool:
    """Return whether a piece may be the continuation of a stroke that broke."""
    if piece.cut_off and not main.cut_off:
        return False
    if piece.longest < _DOT * main.stroke_px or not (_same_ink(piece, main) and _same_pen(piece, main)):
        return False
    top, left, bottom, right = union(around, piece.box)
    tall, wide = bottom - top, right - left
    reach = max(_BROKEN_NEAR * main.longest, _BROKEN_STROKES * main.stroke_px)
    near = gap(piece.box, around) <= reach
    return (
        near
        and wide <= 1.5 * tall
        and tall <= 4 * wide
        and not _is_rule(piece, around)
        and not _is_rule(main, piece.box)
    )


def _same_ink(one: Piece, other: Piece) -> bool:
    return min(one.strength, other.strength) >= _SAME_INK * max(one.strength, other.strength)


def _same_pen(one: Piece, other: Piece) -> bool:
    return max(one.stroke_px, other.stroke_px) <= _SAME_PEN * min(one.stroke_px, other.stroke_px)


def _is_rule(piece: Piece, around: Box) -> bool:
    """Return whether a piece is a flat line, as wide as the character beside it: an underline, the side of a box."""
    height, width = around[2] - around[0], around[3] - around[1]
    if piece.box[0] >= around[2] + piece.stroke_px / 2:  # below, and apart from it
        return piece.width >= _FLAT_BELOW * piece.height and piece.width > 0.7 * width
    below = piece.box[0] >= around[2] - 0.1 * height
    return piece.width >= _FLAT * piece.height and piece.width > (0.8 if below else 1.15) * width


def gap(one: Box, other: Box) -> float:
    """Return how far apart two boxes are in pixels; 0 if they touch."""
    down = max(one[0] - other[2], other[0] - one[2], 0)
    across = max(one[1] - other[3], other[1] - one[3], 0)
    return float(np.hypot(down, across))


def _character(group: list[Piece], pieces: Pieces, reading: Reading, likely: float = 1.0) -> Character:
    box = reduce(union, (piece.box for piece in group))
    labels = pieces.labels[box[0] : box[2], box[1] : box[3]]
    mask = reduce(np.logical_or, (labels == piece.label for piece in group))
    stroke = sum(piece.stroke_px * piece.area for piece in group) / sum(piece.area for piece in group)
    score = likely * plausibility(box, mask, group, pieces, reading)
    return Character(box, mask, reading, stroke, score)
