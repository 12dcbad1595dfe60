"""How likely a group of ink is the character that somebody wants to have read, by its size, place, strokes and ink."""

import numpy as np

from cnn_dash.inference.ink import Mask, Reading
from cnn_dash.inference.pieces import Box, Piece, Pieces

_LARGE = 0.25  # of the picture's longer side: what is meant is at least so large, mostly
_BLOB = 0.28  # of its length: wider than this is no stroke
_THIN = 0.03  # of its length: narrower is an outline of something
_PATCH = 1.35  # strokes: what is wider than this …
_SOLID = 0.65  # … and has more ink than this in its box is a patch
_WIDE = 2.5  # times its height: wider is a dash, or several characters
_FLAT = 4.0  # times its height: so wide is each stroke of "="
_NARROW = 12  # times its width: higher is a line
_STRONG = 0.35  # of what is possible: so strong is a pen
_TEXTURE = 30  # pieces: more are grain or leaves
_FILLS = 0.7  # of the longer side: such a character fills its picture, and may touch the border, …
_ALL = 0.85  # … if nearly all ink of the picture is its own, …
_FEW = 3  # pieces at most: strokes that hardly touch, …
_BOLD = 0.07  # … its strokes are this wide, by its length, …
_BORDER = 0.55  # … at most this much of the border is ink, …
_ALONG_SIDE = 0.9  # … and less than this of all sides but one, or of each if it is broken, …
_ALONG_CORNER = 0.35  # … and less than this of both sides of a corner, …
_CLEAN = 40  # … and there are hardly any specks
_BAR, _STRAIGHT, _ALONG = 2.5, 0.88, 0.06  # times its width, of its box, of the side: a bar along an edge
_TWO_TONES = 0.35  # of the longer side: only larger ink needs to be told by two tones
_APART = 0.28  # of what is possible: so far apart are two tones of which none is a shadow
_FAT, _FULL, _FAT_LIKELY = 0.55, 0.9, 0.4  # strokes by length, ink by box: so fat may one be that fills its picture
_FILLING = 1.5  # so much more likely it is than a part of it


def plausibility(box: Box, mask: Mask, group: list[Piece], pieces: Pieces, reading: Reading) -> float:
    """Return how likely a group is the character that is meant, from 0; about 1 for a plain one.

    Args:
        box: The box around it.
        mask: bool, as large as the box: its ink.
        group: Its pieces.
        pieces: All pieces of the picture.
        reading: How the ink was told from the ground.
    """
    rows, columns = reading.strength.shape
    height, width = box[2] - box[0], box[3] - box[1]
    longest, side = max(height, width), max(rows, columns)
    area = sum(piece.area for piece in group)
    slim = sum(piece.stroke_px * piece.area for piece in group) / area / longest
    strength = sum(piece.strength * piece.area for piece in group) / area
    filled, share = area / mask.size, area / pieces.amount
    borders = _at_borders(box, mask, rows, columns)

    score = min(1.0, longest / side / _LARGE) ** 0.7
    alone = max(piece.area for piece in group) >= _ALL * pieces.amount
    fills = reading.two_tones and longest >= _FILLS * side and share >= _ALL and pieces.specks <= _CLEAN
    fills = fills and (alone or pieces.count <= _FEW) and reading.threshold >= _APART
    shaped = _BOLD <= slim <= 1.25 * _BLOB and filled < _SOLID and strength >= _STRONG
    fat = alone and slim <= _FAT and filled < _FULL and strength >= _STRONG
    along = [
        share * size / whole
        for share, size, whole in zip(borders, (width, height) * 2, (columns, rows) * 2, strict=True)
    ]
    within = (
        sum(borders) * longest < _BORDER * 2 * (rows + columns) and sorted(along)[-2 if alone else -1] < _ALONG_SIDE
    )
    within = within and not _covers_corner(box, mask, rows, columns)
    if fills and shaped and within:
        score *= _FILLING if alone else 1
    elif fills and fat and within:
        return float(_FAT_LIKELY * score)
    else:
        for border in borders:  # what runs out of the picture is mostly the surroundings
            score *= (0.75 if border < 0.35 else 0.35) if border else 1
    if slim > _BLOB:
        score *= max(0.2, 1 - 6 * (slim - _BLOB))
    if slim < _THIN:
        score *= slim / _THIN
    if min(height, width) > _PATCH * slim * longest and filled > _SOLID:
        score *= 0.3
    if width > _WIDE * height:
        score *= 0.25
    if all(piece.width > _FLAT * piece.height for piece in group):
        score *= 0.3
    if height > _NARROW * width:
        score *= 0.5
    if is_bar(box, mask, (rows, columns)):
        score *= 0.3
    score *= min(1.0, strength / _STRONG) ** 0.5
    score *= 1 - 0.5 * min(1.0, _off_centre(box, rows, columns) / 0.7)
    score *= min(1.0, _TEXTURE / pieces.count) ** 0.5
    if reading.two_tones and (pieces.specks > _CLEAN or longest < _TWO_TONES * side):
        score *= 0.2
    # Of two ways to tell ink from ground, the one that leaves less unexplained.
    return float(score * (0.5 + 0.5 * share**0.5))


def is_bar(box: Box, mask: Mask, shape: tuple[int, int]) -> bool:
    """Return whether a group is a straight bar along an edge of the picture, as the thumb of a scroll bar is.

    Args:
        box: The box around it.
        mask: bool, as large as the box: its ink.
        shape: Height and width of the picture.
    """
    height, width = mask.shape
    if max(height, width) < _BAR * min(height, width) or mask.mean() < _STRAIGHT:
        return False
    upright = height > width
    before, behind = (box[1], shape[1] - box[3]) if upright else (box[0], shape[0] - box[2])
    return min(before, behind) <= _ALONG * shape[1 if upright else 0]


def _at_borders(box: Box, mask: Mask, rows: int, columns: int) -> list[float]:
    """Return for each side of the picture which share of the group's own side is ink there; 0 if it is not there."""
    there = (box[0] <= 1, box[1] <= 1, box[2] >= rows - 1, box[3] >= columns - 1)
    sides = (mask[0], mask[:, 0], mask[-1], mask[:, -1])
    return [float(side.mean()) if touches else 0.0 for touches, side in zip(there, sides, strict=True)]


def _covers_corner(box: Box, mask: Mask, rows: int, columns: int) -> bool:
    """Return whether ink reaches far along both sides of a corner of the picture, as light does and no stroke."""
    across, down = ((0, box[1] <= 1), (-1, box[3] >= columns - 1)), ((0, box[0] <= 1), (-1, box[2] >= rows - 1))
    return any(
        _run(mask[row][::-1] if column else mask[row]) >= _ALONG_CORNER * columns
        and _run(mask[::-1, column] if row else mask[:, column]) >= _ALONG_CORNER * rows
        for row, at_row in down
        for column, at_column in across
        if at_row and at_column
    )


def _run(line: Mask) -> int:
    """Return how many pixels from the beginning of a line are ink, but for its first two."""
    return int(np.argmin(np.append(line[2:], False))) + 2


def _off_centre(box: Box, rows: int, columns: int) -> float:
    down, across = ((box[0] + box[2]) / rows - 1) / 2, ((box[1] + box[3]) / columns - 1) / 2
    return float(np.hypot(down, across))
