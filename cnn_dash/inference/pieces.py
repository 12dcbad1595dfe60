"""Pieces of ink: what touches is one piece."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from cnn_dash.inference.ink import Mask, Reading

Box = tuple[int, int, int, int]
"""Top, left, bottom, right in pixels, the last two exclusive."""

_SPECK = 0.012  # of the longer side: what is smaller is no piece
_MOST = 60  # pieces are looked at, the largest
_INSIDE = 0.25  # of a circle or box: what it is drawn around is at least this large
_SECTORS = 36
_CLOSED = 0.85  # of the directions in which a circle or box must be seen from what it is drawn around


@dataclass(frozen=True)
class Piece:
    """Ink that touches.

    Attributes:
        label: Its number on the map of pieces.
        box: Where it is.
        area: Pixels.
        stroke_px: Width of its strokes.
        strength: Median of the strength of its ink, 0 to 1.
        cut_off: Whether it runs out of the picture.
    """

    label: int
    box: Box
    area: int
    stroke_px: float
    strength: float
    cut_off: bool

    @property
    def height(self) -> int:
        """Pixels."""
        return self.box[2] - self.box[0]

    @property
    def width(self) -> int:
        """Pixels."""
        return self.box[3] - self.box[1]

    @property
    def longest(self) -> int:
        """The longer side in pixels."""
        return max(self.height, self.width)


@dataclass(frozen=True)
class Pieces:
    """The pieces of a picture.

    Attributes:
        labels: uint16 or int32 (H, W), which piece each pixel belongs to; 0 for none.
        large: Those that may be part of a character, largest first.
        count: How many there are that are no specks.
        specks: How many there are besides.
        amount: Pixels of ink in all, with what was taken out and may have been part of what is meant.
    """

    labels: NDArray[np.integer]
    large: tuple[Piece, ...]
    count: int
    specks: int
    amount: int


def find_pieces(ink: Mask, reading: Reading, besides: int = 0) -> Pieces:
    """Find the pieces of ink.

    Args:
        ink: bool (H, W).
        reading: How it was told from the ground.
        besides: Pixels of ink that were taken out and may have been part of what is meant.
    """
    # There are no more pieces than pixels of ink, and 16 bits take half the time.
    short = np.count_nonzero(ink) <= np.iinfo(np.uint16).max
    count, numbered, stats, _ = cv2.connectedComponentsWithStats(
        ink.astype(np.uint8), connectivity=8, ltype=cv2.CV_16U if short else cv2.CV_32S
    )
    labels: NDArray[np.integer] = np.asarray(numbered, np.uint16 if short else np.int32)
    stats = np.asarray(stats, np.int32)
    areas = stats[:, cv2.CC_STAT_AREA]
    least = max(2, (_SPECK * max(ink.shape)) ** 2 / 4)
    seen = np.flatnonzero(areas[1:] >= least) + 1
    large = (_piece(int(label), labels, stats[label], reading) for label in seen[np.argsort(-areas[seen])][:_MOST])
    return Pieces(
        labels,
        tuple(large),
        len(seen),
        count - 1 - len(seen),
        int(np.count_nonzero(ink)) + besides,
    )


def find_frames(pieces: Pieces) -> Mask:
    """Find what is drawn around something else, a circle or a box, even one that is not quite closed: bool (H, W)."""
    around = [piece.label for piece in pieces.large if _encloses(piece, pieces)]
    return np.isin(pieces.labels, around) if around else np.zeros(pieces.labels.shape, bool)


def union(one: Box, other: Box) -> Box:
    """Return the box around two boxes."""
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])


def overlap(one: Box, other: Box) -> float:
    """Return the area that two boxes share by the area that they cover together, 0 to 1."""
    tall = min(one[2], other[2]) - max(one[0], other[0])
    wide = min(one[3], other[3]) - max(one[1], other[1])
    if tall <= 0 or wide <= 0:
        return 0.0
    areas = sum((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other))
    return tall * wide / (areas - tall * wide)


def shared(one: Box, other: Box) -> float:
    """Return the area that two boxes share by that of the smaller one, 0 to 1: 1 if one lies within the other."""
    tall = max(0, min(one[2], other[2]) - max(one[0], other[0]))
    wide = max(0, min(one[3], other[3]) - max(one[1], other[1]))
    return tall * wide / max(1, min((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other)))


def _piece(label: int, labels: NDArray[np.integer], stats: NDArray[np.int32], reading: Reading) -> Piece:
    left, top, width, height, area = (int(value) for value in stats)
    there = np.s_[top : top + height, left : left + width]
    part = labels[there] == label
    distance = cv2.distanceTransform(np.pad(part, 1).astype(np.uint8), cv2.DIST_L2, 3)[1:-1, 1:-1]
    stroke = 4 * float(np.mean(distance[part]))  # across a stroke of width w the mean distance is w / 4
    strength = float(np.median(reading.strength[there][part]))
    rows, columns = labels.shape
    cut_off = top <= 1 or left <= 1 or top + height >= rows - 1 or left + width >= columns - 1
    return Piece(label, (top, left, top + height, left + width), area, stroke, strength, cut_off)


def _encloses(piece: Piece, pieces: Pieces) -> bool:
    top, left, bottom, right = piece.box
    inside = [
        one
        for one in pieces.large
        if one.box[0] > top and one.box[1] > left and one.box[2] < bottom and one.box[3] < right
        and one.longest >= _INSIDE * min(piece.height, piece.width)
    ]  # fmt: skip
    if not inside:
        return False
    rows, columns = np.nonzero(pieces.labels[top:bottom, left:right] == piece.label)
    for one in inside:
        middle = (one.box[0] + one.box[2]) / 2 - top, (one.box[1] + one.box[3]) / 2 - left
        sector = (np.arctan2(rows - middle[0], columns - middle[1]) / np.pi + 1) * (_SECTORS / 2)
        if np.count_nonzero(np.bincount(sector.astype(int) % _SECTORS, minlength=_SECTORS)) >= _CLOSED * _SECTORS:
            return True
    return False
