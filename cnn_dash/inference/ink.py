"""Tells ink from its ground: by what departs from it in colour or brightness, in either direction."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np

from cnn_dash.inference.ground import Array, Bytes, Ground

MIN_CONTRAST = 0.07
"""Ink that departs less than this from the ground (of 0–1) is not seen: paper grain, JPEG blocks, a faint shadow."""

LEAST_ROOM = 0.15
"""Of 0–1: a channel that is nearly black cannot get much darker, and its noise must not be blown up."""

Mask = np.ndarray[Any, np.dtype[np.bool_]]

_NOISE = 5.0  # times the standard deviation of the ground
_PARTED = 0.2  # of the strength of ink: so strong is half of the ground at most
_SMOOTH_PX = 0.8  # standard deviation; noise of single pixels is no ink, …
_CLEAN = 0.01  # … but edges that are sharp stay so where there is none
_SAME = 0.8  # of the ink
_STRONG = 1.5  # a second threshold must lie this far above the first, else it says the same


@dataclass(frozen=True)
class Reading:
    """One way to tell ink from ground.

    Attributes:
        strength: float32 (H, W), how far each pixel departs from the ground in this reading's direction; 0 to 1 of what
            is possible there.
        threshold: What is stronger is ink.
        dark_on_light: Whether the ink is darker than its ground, as on paper; False for chalk on a board.
        two_tones: Whether the ink may fill more than half of the picture.
        ground: What the ink was told from.
    """

    strength: Array
    threshold: float
    dark_on_light: bool
    two_tones: bool
    ground: Ground

    @property
    def mask(self) -> Mask:
        """Where there is ink, bool (H, W)."""
        return self.strength > self.threshold


def readings(picture: Bytes, ground: Ground, two_tones: bool = False, inside: Mask | None = None) -> Iterator[Reading]:
    """Yield the ways to tell ink from ground, of which the characters found in them decide.

    Ink may be darker or brighter than the ground in any colour channel, and one picture may show both: lines of a form
    and a pen, a shadow and chalk. Each direction is read with a low threshold and, where two strengths of ink are
    there, with one between them.

    Args:
        picture: uint8 (H, W, 3).
        ground: The same without ink.
        two_tones: Whether the ink may fill more than half of the picture: then nothing is known of the ground's noise,
            and only the threshold that parts the two tones is used.
        inside: bool (H, W), where ink may be, else everywhere.
    """
    off = _off(picture, ground)
    noise = _noise(off)
    if noise > _CLEAN:
        picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), _SMOOTH_PX), np.uint8)
        off = _off(picture, ground)
        noise = _noise(off)
    darker = bool(off.mean() < 0)  # most ink is darker: that is tried first
    for dark_on_light in (darker, not darker):
        strength = _strength(picture, ground, dark_on_light, 0.0 if two_tones else noise)
        if inside is not None:
            strength[~inside] = 0
        low = MIN_CONTRAST if two_tones else max(MIN_CONTRAST, noise / _usual_room(ground, dark_on_light))
        strong = strength[strength > low]
        if strong.size == 0:
            continue
        if two_tones:
            high = _between(strength.ravel())
            if high > MIN_CONTRAST and not _blends(strength, high):
                yield Reading(strength, high, dark_on_light, two_tones, ground)
            continue
        yield Reading(strength, low, dark_on_light, two_tones, ground)
        high = _between(strong)
        # Where both see the same, there is but one strength of ink.
        if high > _STRONG * low and np.count_nonzero(strong > high) < _SAME * strong.size:
            yield Reading(strength, high, dark_on_light, two_tones, ground)


def core_of(reading: Reading) -> Reading:
    """Return a reading of only the stronger part of its ink: the middle of strokes that are out of focus."""
    return replace(reading, threshold=_between(reading.strength[reading.mask]))


def _strength(picture: Bytes, ground: Ground, dark_on_light: bool, noise: float) -> Array:
    """Return how far each pixel departs from the ground, by the room that it leaves: float32 (H, W), 0 to 1.

    Light falls on ink and paper alike, so full ink is a share of what the ground leaves room for. Noise is not.
    """
    rows, columns = picture.shape[:2]
    channels = np.s_[..., :1] if _is_grey(picture) else np.s_[...]
    bound = np.ascontiguousarray((ground.dark if dark_on_light else ground.bright)[channels]).reshape(rows, -1)
    levels = np.ascontiguousarray(picture[channels]).reshape(rows, -1).astype(np.float32)
    # OpenCV takes half the time of NumPy here, and half of that where no new memory is asked for.
    if dark_on_light:
        share, room = cv2.scaleAdd(levels, -1 / 255, bound, dst=levels), bound
    else:
        share, room = cv2.scaleAdd(levels, 1 / 255, -bound, dst=levels), 1 - bound
    room = np.maximum(room, np.float32(LEAST_ROOM))
    if noise:
        cv2.threshold(share, noise, 0, cv2.THRESH_TOZERO, dst=share)
    share = cv2.divide(share, room, dst=share).reshape(rows * columns, -1)
    strongest = np.asarray(cv2.reduce(share, 1, cv2.REDUCE_MAX), np.float32).reshape(rows, columns)
    return np.maximum(strongest, np.float32(0), out=strongest)


def _is_grey(picture: Bytes) -> bool:
    return np.array_equal(picture[..., 0], picture[..., 1]) and np.array_equal(picture[..., 0], picture[..., 2])


def _usual_room(ground: Ground, dark_on_light: bool) -> float:
    room = ground.dark[::8, ::8] if dark_on_light else 1 - ground.bright[::8, ::8]
    return max(float(np.median(room)), LEAST_ROOM)


def _blends(strength: Array, threshold: float) -> bool:
    """Return whether what is below a threshold is no plain ground: light that falls off, not ink."""
    strength = strength[::2, ::2]
    ink = strength > threshold
    return bool(ink.all() or np.median(strength[~ink]) >= _PARTED * np.median(strength[ink]))


def _off(picture: Bytes, ground: Ground) -> Array:
    """Return by how much every second pixel is brighter than the ground, -1 to 1."""
    every_second = np.s_[::2, ::2]
    return _mean_of_channels(picture[every_second]) / np.float32(255) - _mean_of_channels(ground.middle[every_second])


def _mean_of_channels(image: Array | Bytes) -> Array:
    """Return float32 (H, W); along so short an axis NumPy's own mean takes ten times as long."""
    return np.asarray((image[..., 0].astype(np.float32) + image[..., 1] + image[..., 2]) / np.float32(3), np.float32)


def _noise(off: Array) -> float:
    """Return what noise of the ground may reach, 0 to 1."""
    return _NOISE * 1.4826 * float(np.median(np.abs(off)))


def _between(strength: Array) -> float:
    """Return the strength that best parts weak ink from strong ink (Otsu), 0 to 1."""
    levels = np.minimum(strength * 255, 255).astype(np.uint8).reshape(-1, 1)
    return float(cv2.threshold(levels, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)[0]) / 255
