"""The mean image of each class, how far its images deviate from it, and how often each pixel value occurs."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cnn_dash.datasets.exploration.positions import OnShare, chunk_length, count, images_at, labels, silent
from cnn_dash.datasets.internal_format import Imported


@dataclass(frozen=True, eq=False)
class ClassImages:
    """Means, deviations and pixel values of all images, whatever their split.

    Attributes:
        mean: uint8 (K, H, W, C), rounded; black for a class without images.
        deviation: uint8 (K, H, W, C), the standard deviation of each pixel, rounded.
        histogram: int64 (C, 256), how often each value occurs in each channel.
    """

    mean: NDArray[np.uint8]
    deviation: NDArray[np.uint8]
    histogram: NDArray[np.int64]


def class_images(data: Imported, on_share: OnShare = silent) -> ClassImages:
    """Read all images, class by class, so that sums are kept of one class at a time."""
    shape = data.train_images.shape[1:]
    mean = np.zeros((len(data.class_names), *shape), np.uint8)
    deviation = np.zeros_like(mean)
    histogram = np.zeros((shape[-1], 256), np.int64)
    by_label = labels(data)
    order = np.argsort(by_label, kind="stable")
    ends = np.searchsorted(by_label[order], np.arange(len(data.class_names) + 1))
    length, done, total = chunk_length(data), 0, max(1, count(data))
    for label in range(len(data.class_names)):
        members = order[ends[label] : ends[label + 1]]
        sums, squares = np.zeros(shape), np.zeros(shape)
        for begin in range(0, len(members), length):
            images = images_at(data, members[begin : begin + length])
            for channel in range(shape[-1]):
                histogram[channel] += np.bincount(images[..., channel].reshape(-1), minlength=256)
            sums += images.sum(axis=0, dtype=np.uint64)
            squares += np.square(images, dtype=np.uint16).sum(axis=0, dtype=np.uint64)
            done += len(images)
            on_share(done / total)
        if len(members):
            average = sums / len(members)
            mean[label] = np.rint(average)
            deviation[label] = np.rint(np.sqrt(np.maximum(squares / len(members) - average**2, 0)))
    return ClassImages(mean, deviation, histogram)
