"""A sheet, a panel or a screen that is part of a picture: what is written, is written on it."""

import cv2
import numpy as np

from cnn_dash.inference.ground import Bytes
from cnn_dash.inference.pieces import Box

_COARSE_PX = 160  # the longer side on which sheets are looked for
_LARGE, _WHOLE = 0.12, 0.97  # of the picture: a sheet is no smaller, and no larger
_RECTANGULAR = 0.88  # of the smallest rectangle around it, with what is written on it
_INSET = 0.03  # of its sides: so far from its edge begins what is read
_PLAIN = 0.6  # of its area at least is of its own colour
_MOST = 2


def find_sheets(picture: Bytes) -> list[Box]:
    """Return where one colour covers a large, nearly rectangular part of uint8 (H, W, 3), without its edges."""
    height, width = picture.shape[:2]
    scale = min(1.0, _COARSE_PX / max(height, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    coarse = cv2.medianBlur(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), 3)
    grey = np.asarray(cv2.cvtColor(coarse, cv2.COLOR_RGB2GRAY))
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
            if covered >= _RECTANGULAR * max(1.0, sides[0] * sides[1]):
                found.append((area, _inner(part, top, left, scale, (height, width))))
    found.sort(key=lambda sheet: -sheet[0])
    return [box for _, box in found[:_MOST]]


def _inner(part: np.ndarray, top: int, left: int, scale: float, shape: tuple[int, int]) -> Box:
    """Return an upright box within a sheet that may be turned a little, in pixels of the picture."""
    tall, wide = part.shape
    # Where a turned sheet has its corners, a row or a column of it is short.
    full_rows = np.flatnonzero(part.sum(1) >= 0.5 * wide)
    full_columns = np.flatnonzero(part.sum(0) >= 0.5 * tall)
    down, across = 1 + _INSET * tall, 1 + _INSET * wide
    box = (
        top + full_rows[0] + down,
        left + full_columns[0] + across,
        top + full_rows[-1] + 1 - down,
        left + full_columns[-1] + 1 - across,
    )
    upper, before, lower, behind = (round(float(side) / scale) for side in box)
    return max(0, upper), max(0, before), min(shape[0], lower), min(shape[1], behind)
