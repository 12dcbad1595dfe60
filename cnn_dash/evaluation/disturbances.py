"""Ways to disturb images, each in several strengths: what pictures from elsewhere may be like."""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Images = NDArray[np.uint8]
"""uint8 (N, H, W, C)."""


@dataclass(frozen=True)
class Disturbance:
    """One way to disturb images.

    Attributes:
        name: Names it in files.
        label: What a person reads.
        unit: Of the levels.
        levels: From little to much, or from less to more; the neutral one is among them.
        neutral: The level that changes nothing.
        apply: Changes images by a level, with a source of chance for directions and noise.
        grey_only: Whether it is only for images with one channel.
    """

    name: str
    label: str
    unit: str
    levels: tuple[float, ...]
    neutral: float
    apply: Callable[[Images, float, np.random.Generator], Images]
    grey_only: bool = False


def disturb(one: Disturbance, images: Images, level: float, seed: int = 0) -> Images:
    """Return images disturbed by a level; the same seed gives the same images."""
    if level == one.neutral or not len(images):
        return images
    return one.apply(images, level, np.random.default_rng(seed))


def _warped(images: Images, matrices: NDArray[np.float64]) -> Images:
    """Move pixels by a 2×3 matrix for each image, (N, 2, 3); what comes in at the edges is like the edge."""
    height, width = images.shape[1:3]
    done = [
        cv2.warpAffine(image, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        for image, matrix in zip(images, matrices, strict=True)
    ]
    return np.stack(done).reshape(images.shape).astype(np.uint8)


def _about_centre(images: Images, angles: NDArray[np.float64], factor: float) -> NDArray[np.float64]:
    height, width = images.shape[1:3]
    centre = ((width - 1) / 2, (height - 1) / 2)
    return np.stack([cv2.getRotationMatrix2D(centre, float(angle), factor) for angle in angles])


def _shift(images: Images, level: float, random: np.random.Generator) -> Images:
    directions = random.uniform(0, 2 * np.pi, len(images))
    matrices = np.tile(np.eye(2, 3), (len(images), 1, 1))
    matrices[:, 0, 2] = level / 100 * images.shape[2] * np.cos(directions)
    matrices[:, 1, 2] = level / 100 * images.shape[1] * np.sin(directions)
    return _warped(images, matrices)


def _rotate(images: Images, level: float, random: np.random.Generator) -> Images:
    signs = random.choice((-1.0, 1.0), len(images))
    return _warped(images, _about_centre(images, level * signs, 1.0))


def _resize(images: Images, level: float, _random: np.random.Generator) -> Images:
    return _warped(images, _about_centre(images, np.zeros(len(images)), level / 100))


def _noise(images: Images, level: float, random: np.random.Generator) -> Images:
    return _pixels(images.astype(np.float32) + random.normal(0, level, images.shape).astype(np.float32))


def _blur(images: Images, level: float, _random: np.random.Generator) -> Images:
    done = [cv2.GaussianBlur(image, (0, 0), level, borderType=cv2.BORDER_REPLICATE) for image in images]
    return np.stack(done).reshape(images.shape).astype(np.uint8)


def _contrast(images: Images, level: float, _random: np.random.Generator) -> Images:
    mean = images.mean(axis=(1, 2, 3), keepdims=True)
    return _pixels(mean + (images - mean) * (level / 100))


def _stroke(images: Images, level: float, _random: np.random.Generator) -> Images:
    side = abs(int(level)) + 1
    kernel = np.ones((side, side), np.uint8)
    wider = level > 0
    done = [
        # Bright ink grows with a dilation, dark ink with an erosion.
        (cv2.dilate if bright == wider else cv2.erode)(image, kernel, borderType=cv2.BORDER_REPLICATE)
        for image, bright in zip(images, ink_is_bright(images), strict=True)
    ]
    return np.stack(done).reshape(images.shape).astype(np.uint8)


def _invert(images: Images, level: float, _random: np.random.Generator) -> Images:
    return _pixels(images + (255.0 - 2.0 * images) * (level / 100))


def ink_is_bright(images: Images) -> NDArray[np.bool_]:
    """Return for each image, bool (N,), whether its ground is dark, by the median of its outermost pixels."""
    edges = [images[:, 0], images[:, -1], images[:, :, 0], images[:, :, -1]]
    around = np.concatenate([edge.reshape(len(images), -1) for edge in edges], axis=1)
    return np.asarray(np.median(around, axis=1) < 127.5)


def _pixels(values: NDArray[np.floating]) -> Images:
    return np.asarray(np.clip(np.rint(values), 0, 255), np.uint8)


DISTURBANCES = (
    Disturbance("shift", "Shift", "% of the side", (0, 4, 8, 12, 16, 24), 0, _shift),
    Disturbance("rotation", "Rotation", "degrees", (0, 10, 20, 30, 45, 60, 90), 0, _rotate),
    Disturbance("scale", "Size", "%", (50, 65, 80, 100, 120, 140, 160), 100, _resize),
    Disturbance("noise", "Noise", "grey levels (s.d.)", (0, 10, 25, 50, 75, 100), 0, _noise),
    Disturbance("blur", "Blur", "pixels (s.d.)", (0, 0.5, 1, 1.5, 2, 3), 0, _blur),
    Disturbance("contrast", "Contrast", "%", (10, 20, 35, 50, 75, 100, 150), 100, _contrast),
    Disturbance("stroke", "Stroke width", "pixels more", (-3, -2, -1, 0, 1, 2, 3), 0, _stroke, grey_only=True),
    Disturbance("inversion", "Inversion", "%", (0, 25, 40, 60, 75, 100), 0, _invert),
)
