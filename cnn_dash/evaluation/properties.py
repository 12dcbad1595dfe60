"""What images are like, each as one number: brightness, contrast, size of the ink, width of its strokes."""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from cnn_dash.evaluation.disturbances import ink_is_bright

Images = NDArray[np.uint8]
Floats = NDArray[np.float32]

_FINE_PX = 112  # strokes are measured on images of about this size, where a pixel is a fraction of their width
_BLOCK = 1_000


@dataclass(frozen=True)
class Property:
    """One number for each image.

    Attributes:
        name: Names it.
        label: What a person reads.
        unit: Of the number; empty for none.
        measure: Images uint8 (N, H, W, C) → float32 (N,); NaN where it cannot be told.
        grey_only: Whether it is only for images with one channel.
    """

    name: str
    label: str
    unit: str
    measure: Callable[[Images], Floats]
    grey_only: bool = False


def measure_all(images: Images, on_step: Callable[[str, float], None]) -> dict[str, Floats]:
    """Return each property that such images have, float32 (N,), by its name.

    Args:
        images: uint8 (N, H, W, C).
        on_step: Told what is measured, and how much is done, 0–1.
    """
    fitting = [one for one in PROPERTIES if images.shape[3] == 1 or not one.grey_only]
    found = {}
    for place, one in enumerate(fitting):
        parts = [np.empty(0, np.float32)]
        for begin in range(0, len(images), _BLOCK):
            on_step(one.label, (place + begin / len(images)) / len(fitting))
            parts.append(one.measure(images[begin : begin + _BLOCK]))
        found[one.name] = np.concatenate(parts)
    return found


def _brightness(images: Images) -> Floats:
    return np.asarray(images.mean(axis=(1, 2, 3)), np.float32)


def _contrast(images: Images) -> Floats:
    grey = images.mean(axis=3, dtype=np.float32)
    return np.asarray(grey.std(axis=(1, 2)), np.float32)


def _ink(images: Images) -> NDArray[np.bool_]:
    """Return which pixels are ink, bool (N, H, W): above half way from the darkest to the brightest, or below it."""
    grey = images[..., 0].astype(np.float32)
    low, high = grey.min(axis=(1, 2), keepdims=True), grey.max(axis=(1, 2), keepdims=True)
    above = grey > (low + high) / 2
    bright = ink_is_bright(images)[:, None, None]
    return np.asarray((above == bright) & (high > low))


def _ink_size(images: Images) -> Floats:
    ink = _ink(images)
    sizes = []
    for axis in (1, 2):
        there = np.asarray(ink.any(axis=axis))  # (N, W), then (N, H)
        first, last = there.argmax(axis=1), there.shape[1] - there[:, ::-1].argmax(axis=1)
        sizes.append(np.where(there.any(axis=1), last - first, np.nan))
    return np.maximum(*sizes).astype(np.float32)


def _stroke_width(images: Images) -> Floats:
    """Return the mean width of strokes: four times the mean distance of their pixels from the edge."""
    factor = max(1, round(_FINE_PX / max(images.shape[1:3])))
    size = images.shape[2] * factor, images.shape[1] * factor
    found = np.full(len(images), np.nan, np.float32)
    fine = np.stack([cv2.resize(image[..., 0], size, interpolation=cv2.INTER_LINEAR) for image in images])
    for place, ink in enumerate(_ink(fine[..., None])):
        if ink.any():
            distances = cv2.distanceTransform(ink.astype(np.uint8), cv2.DIST_L2, 3)[ink] - 0.5
            found[place] = 4 * distances.mean() / factor
    return found


PROPERTIES = (
    Property("brightness", "Brightness", "mean grey value", _brightness),
    Property("contrast", "Contrast", "s.d. of grey values", _contrast),
    Property("ink_size", "Size of the ink", "pixels", _ink_size, grey_only=True),
    Property("stroke_width", "Stroke width", "pixels", _stroke_width, grey_only=True),
)
