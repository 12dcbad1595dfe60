"""A sheet, a panel or a screen that is part of a picture: what is written, is written on it."""

from dataclasses import dataclass

import cv2
import numpy as np

from cnn_dash.inference.ground import Bytes
from cnn_dash.inference.ink import Mask
from cnn_dash.inference.pieces import Box

_COARSE_PX = 160  # the longer side on which sheets are looked for
_LARGE, _WHOLE = 0.12, 0.97  # of the picture: a sheet is no smaller, and no larger
_RECTANGULAR = 0.88  # of the smallest rectangle around it, with what is written on it
_INSET = 0.03  # of its sides: so far from its edge begins what is read
_PLAIN = 0.6  # of its area at least is of its own colour
_EDGE = 10  # of 255: by so much a sheet differs from what is beside it; light falls off more gently
_MOST = 2


@dataclass(frozen=True)
class Sheet:
    """A sheet.

    Attributes:
        box: Where it is on the picture, in pixels.
        inside: bool, as large as the box: what is on the sheet and not on its edge. It may be turned a little.
    """

    box: Box
    inside: Mask


def find_sheets(picture: Bytes, shape: tuple[int, int] | None = None) -> list[Sheet]:
    """Find where one colour covers a large, nearly rectangular part of a picture; the largest first.

    Args:
        picture: uint8 (H, W, 3).
        shape: Height and width of the picture in whose pixels the sheets are returned, if this is a smaller copy of it.
    """
    height, width = shape or picture.shape[:2]
    within = min(1.0, _COARSE_PX / max(picture.shape))
    size = max(1, round(picture.shape[1] * within)), max(1, round(picture.shape[0] * within))
    scale = max(size) / max(height, width)
    coarse = cv2.medianBlur(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), 3)
    grey = np.asarray(cv2.cvtColor(coarse, cv2.COLOR_RGB2GRAY))
    beside = np.ones((5, 5), np.uint8)
    steps = cv2.dilate(grey, beside) - cv2.erode(grey, beside)
    _, bright = cv2.threshold(grey, 0, 1, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    found = []
    for tone in (bright, 1 - bright):
        count, labels, stats, _ = cv2.connectedComponentsWithStats(np.asarray(tone, np.uint8), connectivity=4)
        for label in range(1, count):
            left, top, wide, tall, area = (int(value) for value in stats[label])
            if (
                not _LARGE * grey.size <= wide * tall <= _WHOLE * grey.size
                or area < _PLAIN * wide * tall * _RECTANGULAR
            ):
                continue
            part = np.asarray(labels[top : top + tall, left : left + wide] == label, np.uint8)
            outlines, _ = cv2.findContours(part, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
            around = cv2.convexHull(np.concatenate(outlines))
            covered = sum(cv2.contourArea(outline) for outline in outlines)
            _, sides, _ = cv2.minAreaRect(around)
            along = np.concatenate(outlines)[:, 0] + (left, top)
            inner = along[((along > 1) & (along < np.array(grey.shape[::-1]) - 2)).all(axis=1)]
            sharp = len(inner) > 0 and np.median(steps[inner[:, 1], inner[:, 0]]) >= _EDGE
            if sharp and covered >= _RECTANGULAR * max(1.0, sides[0] * sides[1]):
                whole = np.asarray(cv2.fillConvexPoly(np.zeros(part.shape, np.uint8), around, 1), np.uint8)
                found.append((area, _sheet(whole, top, left, scale, (height, width))))
    found.sort(key=lambda sheet: -sheet[0])
    return [sheet for _, sheet in found[:_MOST]]


def _sheet(whole: Bytes, top: int, left: int, scale: float, shape: tuple[int, int]) -> Sheet:
    """Return a sheet in pixels of the picture.

    Args:
        whole: uint8 (h, w), 1 where the sheet is, on the coarse picture.
        top: Row of the coarse picture at which it begins.
        left: Column.
        scale: Of the coarse picture.
        shape: Height and width of the picture.
    """
    tall, wide = whole.shape
    margin = 1 + round(_INSET * min(tall, wide))
    inside = cv2.erode(np.pad(whole, 1), np.ones((2 * margin + 1,) * 2, np.uint8))[1:-1, 1:-1]
    rows, columns = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
    if not len(rows):
        rows, columns = np.arange(tall), np.arange(wide)
    inside = inside[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    upper, before = round((top + int(rows[0])) / scale), round((left + int(columns[0])) / scale)
    lower = min(shape[0], round((top + int(rows[-1]) + 1) / scale))
    behind = min(shape[1], round((left + int(columns[-1]) + 1) / scale))
    larger = cv2.resize(inside, (behind - before, lower - upper), interpolation=cv2.INTER_NEAREST)
    return Sheet((upper, before, lower, behind), larger > 0)
