"""Where a drawing stands in the model's frame: the habits of the data set that the model learned from."""

import cv2
import numpy as np
from PIL import Image

from cnn_dash.datasets.selected_images import Images
from cnn_dash.inference.frame import CENTRED, FRAME_PX, Framing
from cnn_dash.inference.ground import Array
from cnn_dash.inference.ink import Mask
from cnn_dash.inference.pieces import Box
from cnn_dash.inference.strokes import stroke_width, widen

_SAMPLE = 2_000  # images are enough to tell a data set's habits
_INK = 0.25  # what is darker counts as ground when a box is measured
_BLACK = 0.1
_GROUND = 0.25  # the least share of black: about 0.8 in MNIST, 0.5 in Fashion-MNIST
_PART = 0.05  # of the ink: less is a speck
_OFTEN = 0.15  # of the images: about 0.05 in MNIST, 0.5 in KMNIST
_FINE = 8  # strokes are redrawn at this many times the final size


def framing_of(images: Images) -> Framing | None:
    """Return the framing that a training set's own images show.

    Args:
        images: uint8 (N, H, W, C).

    Returns:
        What most images do, from up to 2,000 of them; MNIST's framing if there is no ink on any. None if the images
        are not bright ink on a black ground: they have colours, or hardly any black.
    """
    height, width, channels = images.shape[1:]
    if channels != 1:
        return None
    sample = images[:: -(-len(images) // _SAMPLE) or 1][..., 0] / np.float32(255)
    if np.mean(sample <= _BLACK) < _GROUND:
        return None
    inked = [one for one in sample if one.max() > _INK]
    if not inked:
        return CENTRED
    boxes = np.array([ink_box(np.where(one > _INK, one, 0)) for one in inked])
    masses = np.array([_centre_of_mass(one) for one in inked])
    off_by_mass = np.abs(masses - (height // 2, width // 2)).mean()
    off_by_box = np.abs((boxes[:, :2] + boxes[:, 2:]) / 2 - (height / 2, width / 2)).mean()
    scale = FRAME_PX / max(height, width)
    side = float(np.median((boxes[:, 2:] - boxes[:, :2]).max(axis=1)))
    low, high = np.percentile([stroke_width(one) for one in inked], (5, 95)) * scale
    return Framing(
        longest_side=round(side * scale),
        centre="mass" if off_by_mass < off_by_box else "box",
        stroke_px=(round(float(low), 1), round(float(high), 1)),
        several_parts=float(np.mean([_parts(one) > 1 for one in inked])) > _OFTEN,
    )


def _centre_of_mass(ink: Array) -> tuple[float, float]:
    """Return row and column of the centre of mass; there must be some ink."""
    # Not `cv2.moments`: it takes two columns for a list of points.
    down, across = ink.sum(axis=1, dtype=np.float64), ink.sum(axis=0, dtype=np.float64)
    row, column = (float(mass @ np.arange(len(mass)) / mass.sum()) for mass in (down, across))
    return row, column


def _parts(image: Array) -> int:
    """Return how many parts the ink of an image has, without specks."""
    ink = image > _INK
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    return int(np.count_nonzero(stats[1:, cv2.CC_STAT_AREA] >= _PART * np.count_nonzero(ink)))


def frame(ink: Array, shape: tuple[int, int], framing: Framing) -> np.ndarray:
    """Bring ink to the size and place that the data set's images have.

    Args:
        ink: float32 (H, W), 0–1, cut to the box around it.
        shape: Height and width of the frame in pixels.
        framing: The data set's habits.

    Returns:
        uint8 of `shape`, ink bright on black, brightest 255. No ink is lost beyond the frame.
    """
    scale = max(shape) / FRAME_PX
    longest = max(1, round(framing.longest_side * scale))
    small = _scaled(ink, longest, shape, tuple(px * scale for px in framing.stroke_px))
    if framing.centre == "mass":
        middle = _centre_of_mass(small)
        place = [round(side // 2 - float(at)) for side, at in zip(shape, middle, strict=True)]
    else:
        place = [(side - extent) // 2 for side, extent in zip(shape, small.shape, strict=True)]
    (height, width), (row, column) = small.shape, place
    row, column = min(max(row, 0), shape[0] - height), min(max(column, 0), shape[1] - width)
    framed = np.zeros(shape, np.uint8)
    framed[row : row + height, column : column + width] = np.rint(small * (255 / small.max()))
    return framed


def ink_box(ink: Array | Mask) -> Box:
    """Return top, left, bottom, right of all ink, the last two exclusive; there must be some."""
    left, top, width, height = cv2.boundingRect((ink > 0).view(np.uint8))  # NumPy takes several times as long
    return top, left, top + height, left + width


def _scaled(ink: Array, longest: int, room: tuple[int, int], stroke_px: tuple[float, ...]) -> Array:
    """Scale by area averaging to the longest side, or less to fit the room, with strokes of usual width."""
    fine = _resized(Image.fromarray(ink), longest * _FINE, (room[0] * _FINE, room[1] * _FINE))
    width = stroke_width(np.asarray(fine)) / _FINE
    low, high = stroke_px
    change = _FINE * (min(max(width, low), high) - width)
    if abs(change) >= 1:
        margin = int(abs(change)) + 1
        line = Image.fromarray((np.pad(np.asarray(fine), margin) * 255).astype(np.uint8))
        line = widen(line, change)
        fine = Image.fromarray(np.asarray(line.crop(line.getbbox()), np.float32) / 255)
    return np.asarray(_resized(fine, longest, room))


def _resized(drawing: Image.Image, longest: int, room: tuple[int, int]) -> Image.Image:
    scale = min(longest / max(drawing.size), room[0] / drawing.height, room[1] / drawing.width)
    size = max(1, round(drawing.width * scale)), max(1, round(drawing.height * scale))
    return drawing.resize(size, Image.Resampling.BOX)
