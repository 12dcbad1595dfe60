"""Which images are of doubtful quality: empty, much darker, brighter or less sharp than others, or unlike their class.

What is much is said by the modified z-score, which a few bad images do not move: 0.6745 × (value − median) / MAD, with
3.5 as the limit (B. Iglewicz and D. Hoaglin, "How to Detect and Handle Outliers", 1993). Sharpness is the variance of
the Laplacian (J. Pech-Pacheco et al., "Diatom autofocusing in brightfield microscopy", 2000), here as a share of the
variance of the image, or a pale image would count as blurred.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cnn_dash.datasets.exploration.positions import OnShare, chunks, count, grey, labels, silent
from cnn_dash.datasets.internal_format import Imported

LIMIT = 3.5
EMPTY_BELOW = 3.0
"""An image whose grey values deviate by less, of 255, shows nothing."""
FEWEST = 20
"""Among fewer images nothing stands out."""

EMPTY, DARK, BRIGHT, BLURRED, UNLIKE = "empty", "too dark", "too bright", "blurred", "unlike its class"
ODD_SIZE = "odd size"
REASONS = (EMPTY, DARK, BRIGHT, BLURRED, UNLIKE, ODD_SIZE)


@dataclass(frozen=True, eq=False)
class ImageQuality:
    """Numbers of each image, by position.

    Attributes:
        brightness: float32 (N,), mean grey value, 0–255.
        contrast: float32 (N,), standard deviation of the grey values.
        sharpness: float32 (N,), variance of the Laplacian as a share of the variance; 0 for an empty image.
        distance: float32 (N,), root mean square of the differences to the mean image of its class.
    """

    brightness: NDArray[np.float32]
    contrast: NDArray[np.float32]
    sharpness: NDArray[np.float32]
    distance: NDArray[np.float32]


@dataclass(frozen=True)
class Doubt:
    """Why an image is doubtful.

    Attributes:
        position: Of the image.
        reason: One of `REASONS`.
        score: How far it is beyond the others: the size of its modified z-score, infinite if it is empty.
    """

    position: int
    reason: str
    score: float


def image_quality(data: Imported, mean: NDArray[np.uint8], on_share: OnShare = silent) -> ImageQuality:
    """Measure all images.

    Args:
        data: The data set.
        mean: uint8 (K, H, W, C), the mean image of each class.
        on_share: Told how much is done.
    """
    made = np.zeros((4, count(data)), np.float32)
    by_label = labels(data)
    for begin, images in chunks(data, on_share):
        brightness = grey(images)
        variance = brightness.var(axis=(1, 2))
        difference = images.astype(np.int16) - mean[by_label[begin : begin + len(images)]]
        made[:, begin : begin + len(images)] = (
            brightness.mean(axis=(1, 2)),
            np.sqrt(variance),
            _laplacian(brightness).var(axis=(1, 2)) / np.maximum(variance, 1e-6) * (variance > 1e-6),
            np.sqrt(np.square(difference, dtype=np.float32).mean(axis=(1, 2, 3))),
        )
    return ImageQuality(*made)


def doubts(
    quality: ImageQuality, label: NDArray[np.int64], sizes: NDArray[np.integer] | None = None
) -> tuple[Doubt, ...]:
    """Return why images are doubtful, the most doubtful first; an image may have several reasons.

    Args:
        quality: Of all images.
        label: int64 (N,), their classes.
        sizes: int (N, 2), width and height of each before it was resized, if that is known.
    """
    empty = quality.contrast < EMPTY_BELOW
    found = [Doubt(int(one), EMPTY, np.inf) for one in np.flatnonzero(empty)]
    shown = ~empty
    bright = modified_z(quality.brightness, shown)
    sharp = modified_z(np.log(np.maximum(quality.sharpness, 1e-6)), shown)
    unlike = np.zeros_like(bright)
    for one in np.unique(label):
        unlike += modified_z(np.log(np.maximum(quality.distance, 1e-3)), shown & (label == one))
    for reason, score in ((DARK, -bright), (BRIGHT, bright), (BLURRED, -sharp), (UNLIKE, unlike)):
        found += [Doubt(int(one), reason, float(score[one])) for one in np.flatnonzero(score > LIMIT)]
    if sizes is not None:
        width, height = np.log(np.maximum(sizes, 1)).T
        odd = np.maximum(abs(modified_z(width - height)), abs(modified_z(width + height)))
        found += [Doubt(int(one), ODD_SIZE, float(odd[one])) for one in np.flatnonzero(odd > LIMIT)]
    return tuple(sorted(found, key=lambda doubt: (-doubt.score, doubt.position)))


def modified_z(values: NDArray[np.floating], among: NDArray[np.bool_] | None = None) -> NDArray[np.float64]:
    """Return the modified z-score of each value: float64 (N,); 0 where it is not `among` those that count.

    It is 0 for all if more than half are the same, or there are few: nothing stands out then.
    """
    made = np.zeros(len(values))
    counted = np.ones(len(values), bool) if among is None else among
    if counted.sum() < FEWEST:
        return made
    middle = np.median(values[counted])
    spread = np.median(abs(values[counted] - middle))
    if spread > 1e-9:
        made[counted] = 0.6745 * (values[counted] - middle) / spread
    return made


def _laplacian(images: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the sum of the four neighbours less four times the pixel, borders continued: float32 (n, H, W)."""
    wide = np.pad(images, ((0, 0), (1, 1), (1, 1)), mode="edge")
    around = wide[:, :-2, 1:-1] + wide[:, 2:, 1:-1] + wide[:, 1:-1, :-2] + wide[:, 1:-1, 2:]
    made: NDArray[np.float32] = around - 4 * images
    return made
