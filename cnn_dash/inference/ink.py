"""Tells ink from its ground: by what departs from it in colour or brightness, in either direction."""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from cnn_dash.errors import BlankPicture
from cnn_dash.inference.ground import Array, Bytes, Ground

MIN_CONTRAST = 0.07
"""Ink that departs less than this from the ground (of 0–1) is not seen: paper grain, JPEG blocks, a faint shadow."""

Mask = np.ndarray[Any, np.dtype[np.bool_]]

_NOISE = 5.0  # times the standard deviation of the ground
_LEAST_ROOM = 0.15  # of 0–1: a channel that is nearly black cannot get much darker, and its noise must not be blown up
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
    """

    strength: Array
    threshold: float
    dark_on_light: bool
    two_tones: bool

    @property
    def mask(self) -> Mask:
        """Where there is ink, bool (H, W)."""
        return self.strength > self.threshold


def readings(picture: Bytes, ground: Ground, two_tones: bool = False) -> list[Reading]:
    """Return the ways to tell ink from ground, of which the characters found in them decide.

    Ink may be darker or brighter than the ground in any colour channel, and one picture may show both: lines of a form
    and a pen, a shadow and chalk. Each direction is read with a low threshold and, where two strengths of ink are
    there, with one between them.

    Args:
        picture: uint8 (H, W, 3).
        ground: The same without ink.
        two_tones: Whether the ink may fill more than half of the picture: then nothing is known of the ground's noise,
            and only the threshold that parts the two tones is used.
    """
    pixels = _as_floats(picture)
    noise = _noise(pixels, ground)
    if noise > _CLEAN:
        pixels = _as_floats(cv2.GaussianBlur(picture, (0, 0), _SMOOTH_PX))
        noise = _noise(pixels, ground)
    found = []
    # Light falls on ink and paper alike, so full ink is a share of what the ground leaves room for.
    for departure, room, dark_on_light in (
        (ground.dark - pixels, ground.dark, True),
        (pixels - ground.bright, 1 - ground.bright, False),
    ):
        room = np.maximum(room, _LEAST_ROOM)
        if not two_tones:  # noise does not shrink with the room that is left
            departure = departure * (departure > noise)
        strength = np.maximum(_largest(np.asarray(departure / room, np.float32)), 0)
        low = MIN_CONTRAST if two_tones else max(MIN_CONTRAST, noise / float(np.median(room)))
        strong = strength[strength > low]
        if strong.size == 0:
            continue
        high = _between(strength.ravel() if two_tones else strong)
        if not two_tones:
            found.append(Reading(strength, low, dark_on_light, two_tones))
        if two_tones:
            parted = high > MIN_CONTRAST and not _blends(strength, high)
        else:
            # Where both see the same, there is but one strength of ink.
            parted = high > _STRONG * low and bool(np.count_nonzero(strong > high) < _SAME * strong.size)
        if parted:
            found.append(Reading(strength, high, dark_on_light, two_tones))
    return found


def _largest(values: Array) -> Array:
    """Return the largest of the three channels, (H, W)."""
    return np.asarray(np.maximum(np.maximum(values[..., 0], values[..., 1]), values[..., 2]), np.float32)


def _as_floats(picture: Any) -> Array:
    return np.asarray(picture, np.float32) / np.float32(255)


def _blends(strength: Array, threshold: float) -> bool:
    """Return whether what is below a threshold is no plain ground: light that falls off, not ink."""
    ink = strength > threshold
    return bool(ink.all() or np.median(strength[~ink]) >= _PARTED * np.median(strength[ink]))


def _noise(pixels: Array, ground: Ground) -> float:
    """Return what noise of the ground may reach, 0 to 1."""
    off = pixels[::2, ::2].mean(axis=2) - ground.middle[::2, ::2].mean(axis=2)
    return _NOISE * 1.4826 * float(np.median(np.abs(off)))


def blank() -> BlankPicture:
    """Return the error for a picture without ink, with what to do about it."""
    return BlankPicture(
        "There is nothing to be seen on this picture: no ink stands out from the ground. Take one with larger strokes "
        "or more contrast."
    )


def _between(strength: Array) -> float:
    """Return the strength that best parts weak ink from strong ink (Otsu), 0 to 1."""
    levels = np.minimum(strength * 255, 255).astype(np.uint8).reshape(-1, 1)
    return float(cv2.threshold(levels, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)[0]) / 255
