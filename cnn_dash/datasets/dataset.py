"""A loaded data set: images and labels in three fixed splits."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from cnn_dash.datasets.selected_images import Images, SelectedImages
from cnn_dash.errors import DataError

Inputs = Images | NDArray[np.float32]
"""What a network is given: images uint8 (N, H, W, C), or features float32 (N, D)."""


@dataclass(frozen=True, eq=False)
class Split:
    """Images and their labels, in the same order. The arrays are read-only.

    Attributes:
        images: uint8 (N, H, W, C), 0 is black and 255 is white; those of a loaded data set stay in its files until
            they are asked for.
        labels: int64 (N,), each from 0 to the number of classes - 1.
        features: What a pretrained base made of the images, float32 (N, D), from which the rest of a network learns;
            None if it learns from the images.

    Raises:
        DataError: If the arrays have another type or shape, or a label is negative.
    """

    images: Images
    labels: NDArray[np.int64]
    features: NDArray[np.float32] | None = None

    def __post_init__(self) -> None:
        images, labels = self.images, self.labels.view()
        if images.dtype != np.uint8 or images.ndim != 4 or labels.dtype != np.int64 or labels.shape != images.shape[:1]:
            raise DataError(
                "Images and labels do not belong together. "
                f"Received: images {images.dtype} {images.shape}, labels {labels.dtype} {labels.shape}. "
                "Allowed: images uint8 (N, H, W, C) with labels int64 (N,)."
            )
        if len(labels) and labels.min() < 0:
            raise DataError(f"Labels count from 0. Received: {labels.min()}. Allowed: whole numbers from 0.")
        if not isinstance(images, SelectedImages):
            images = images.view()
            images.setflags(write=False)  # on a view of our own: the caller's array stays as it was
        labels.setflags(write=False)
        object.__setattr__(self, "images", images)
        object.__setattr__(self, "labels", labels)

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def inputs(self) -> Inputs:
        """What the network that learns is given: features if there are any, else the images."""
        return self.images if self.features is None else self.features

    def in_memory(self) -> "Split":
        """Return the same with its images copied into memory."""
        return replace(self, images=np.asarray(self.images))


@dataclass(frozen=True, eq=False)
class Dataset:
    """A data set, split.

    Attributes:
        name: Its name in the catalogue, in a URL and on the command line.
        title: What a person reads.
        class_names: One name for each class; the index is the label.
        train: What the network learns from.
        validation: What progress is checked on, split off by fraction and seed.
        test: What it is tested on at the end; depends on neither fraction nor seed.
        content_hash: SHA-256 over class names and all images and labels, whatever the split: hexadecimal digits.

    Raises:
        DataError: If the splits' images differ in shape, or a label has no class name.
    """

    name: str
    title: str
    class_names: tuple[str, ...]
    train: Split
    validation: Split
    test: Split
    content_hash: str

    def __post_init__(self) -> None:
        splits = (self.train, self.validation, self.test)
        shapes = {split.images.shape[1:] for split in splits}
        if len(shapes) > 1:
            raise DataError(f"All images of {self.name} must have one shape. Received: {sorted(shapes)}.")
        largest = max((int(split.labels.max()) for split in splits if len(split)), default=0)
        if largest >= self.classes:
            raise DataError(
                f"A label of {self.name} has no class name. Received: {largest}. Allowed: 0 to {self.classes - 1}."
            )

    @property
    def classes(self) -> int:
        """Number of classes."""
        return len(self.class_names)

    @property
    def image_shape(self) -> tuple[int, int, int]:
        """Height and width in pixels, and channels, of every image."""
        height, width, channels = self.train.images.shape[1:]
        return height, width, channels

    @property
    def counts(self) -> dict[str, int]:
        """Number of images in each split, by its name."""
        return {"train": len(self.train), "validation": len(self.validation), "test": len(self.test)}

    def class_counts(self, split: Split) -> NDArray[np.int64]:
        """Return the number of images of each class in `split`: int64 (classes,)."""
        return np.bincount(split.labels, minlength=self.classes).astype(np.int64)
