"""Straight lines that are no part of a character: ruled and squared paper, boxes, underlines, edges.

A line is a thin, straight run of ink, nearly level or nearly upright. It is taken out without cutting the strokes that
cross it.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from cnn_dash.inference.ground import Array
from cnn_dash.inference.ink import Mask

_COARSE_PX = 240  # the longer side on which lines are looked for
_LONG = 0.16  # of the longer side: a shorter run is no line
_THIN = 0.035  # of the longer side: a thicker run is no line
_SLOPES = np.arange(-4, 5) * 0.03  # 7° to either side
_GAP = 6  # coarse pixels of a line that may be hidden
_FILLED = 0.9  # the share of a run that is ink; a dashed or faint line has gaps
_SPANNING = 0.75  # of the side along which it runs: such a line crosses the picture
_THICKEST_PX = 41  # strokes are not followed across what is wider; the time grows with the square
_DARKER = 1.6  # times the line's own strength: there a pen went over it


@dataclass(frozen=True)
class Lines:
    """The straight lines of a picture.

    Attributes:
        spanning: bool (H, W), lines that cross the picture or run out of it: paper, a table's edge, a form.
        inner: bool (H, W), lines that end within it: a box, an underline, or a stroke of a character.
    """

    spanning: Mask
    inner: Mask


def find_lines(ink: Mask) -> Lines:
    """Find the thin, straight, long runs of ink, bool (H, W)."""
    height, width = ink.shape
    step = max(1, -(-max(ink.shape) // _COARSE_PX))
    coarse = _max_pool(ink, step)
    level = _runs(coarse)
    upright = _runs(coarse.T.copy()).T
    spanning, inner = np.zeros(coarse.shape, bool), np.zeros(coarse.shape, bool)
    for runs, axis in ((level, 1), (upright, 0)):
        # Where strokes or other lines cross, a line has gaps.
        along = np.ones((1, _GAP * 2 + 1) if axis else (_GAP * 2 + 1, 1), np.uint8)
        joined = cv2.dilate(np.ascontiguousarray(runs, np.uint8), along)
        count, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
        side = coarse.shape[axis]
        for label in range(1, count):
            start = stats[label, cv2.CC_STAT_LEFT if axis else cv2.CC_STAT_TOP] + _GAP
            length = stats[label, cv2.CC_STAT_WIDTH if axis else cv2.CC_STAT_HEIGHT] - 2 * _GAP
            at_ends = (start <= 2) + (start + length >= side - 2)
            crosses = length >= _SPANNING * side or at_ends == 2 or (at_ends == 1 and length >= 0.3 * side)
            (spanning if crosses else inner)[(labels == label) & runs] = True
    return Lines(*(_enlarged(found, step, (height, width)) & ink for found in (spanning, inner)))


def without(ink: Mask, lines: Mask, strength: Array) -> Mask:
    """Take lines out of the ink; strokes that cross them stay whole.

    Ink on a line stays where it is clearly stronger than the line, since a pen went over it, and where there is ink on
    both sides, since a stroke crosses there.

    Args:
        ink: bool (H, W).
        lines: bool (H, W), ink that belongs to lines.
        strength: float32 (H, W), how strong the ink is.
    """
    if not lines.any():
        return ink
    band = cv2.dilate(lines.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool) & ink
    own = float(np.median(strength[lines]))
    half = np.percentile(cv2.distanceTransform(lines.astype(np.uint8), cv2.DIST_L2, 3)[lines], 90)
    thick = min(int(2 * half + 3) | 1, _THICKEST_PX)
    left = ink & ~band
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (thick + 2, thick + 2))
    padded = np.pad(left.astype(np.uint8), thick + 2)
    bridged = cv2.morphologyEx(padded, cv2.MORPH_CLOSE, disc)[thick + 2 : -thick - 2, thick + 2 : -thick - 2] > 0
    return left | (band & (bridged | (strength > _DARKER * own + 0.05)))


def _runs(ink: Mask) -> Mask:
    """Return the ink that lies on long, thin, nearly level runs."""
    height, width = ink.shape
    length = max(8, round(_LONG * max(ink.shape)))
    if width < length:
        return np.zeros(ink.shape, bool)
    thickest = max(3, round(_THIN * max(ink.shape)))
    solid = cv2.morphologyEx(ink.astype(np.uint8), cv2.MORPH_OPEN, np.ones((thickest, thickest), np.uint8))
    thin = ((ink.astype(np.uint8) - solid) > 0).astype(np.uint8) * 255
    found = np.zeros(ink.shape, bool)
    for slope in _SLOPES:
        shear = np.array([[1, 0, 0], [slope, 1, -slope * width / 2]], np.float32)
        level = cv2.warpAffine(thin, shear, (width, height), flags=cv2.INTER_NEAREST)
        level = cv2.dilate(level, np.ones((3, 1), np.uint8))
        run = cv2.blur(level, (length, 1), borderType=cv2.BORDER_REFLECT_101) >= 255 * _FILLED
        if not run.any():
            continue
        whole = (cv2.blur(run.astype(np.uint8) * 255, (length, 1)) > 0).astype(np.uint8)
        back = np.array([[1, 0, 0], [-slope, 1, slope * width / 2]], np.float32)
        found |= cv2.warpAffine(whole * (level > 0), back, (width, height), flags=cv2.INTER_NEAREST) > 0
    return _slender(found & ink)


def _slender(lines: Mask) -> Mask:
    """Leave out of nearly level lines what is much thicker than they are: strokes that cross them."""
    if not lines.any():
        return lines
    pixels = lines.astype(np.uint8)
    tops = np.count_nonzero(lines[1:] & ~lines[:-1]) + np.count_nonzero(lines[0])
    thickness = np.count_nonzero(lines) / tops
    thick = cv2.morphologyEx(pixels, cv2.MORPH_OPEN, np.ones((round(1.6 * thickness) + 2, 1), np.uint8))
    thick = cv2.dilate(thick, np.ones((1, 3), np.uint8))
    across = cv2.morphologyEx(pixels * (thick == 0), cv2.MORPH_CLOSE, np.ones((1, 4 * _GAP + 1), np.uint8))
    return lines & (across > 0)


def _max_pool(ink: Mask, step: int) -> Mask:
    if step == 1:
        return ink
    rows, columns = (-side % step for side in ink.shape)
    padded = cv2.copyMakeBorder(ink.astype(np.uint8) * 255, 0, rows, 0, columns, cv2.BORDER_CONSTANT)
    size = padded.shape[1] // step, padded.shape[0] // step
    return np.asarray(cv2.resize(padded, size, interpolation=cv2.INTER_AREA) > 0)


def _enlarged(found: Mask, step: int, shape: tuple[int, int]) -> Mask:
    return found.repeat(step, 0).repeat(step, 1)[: shape[0], : shape[1]] if step > 1 else found
