"""Some pictures of a file that is to be imported, across its classes, as they were brought."""

import time
from collections import Counter
from dataclasses import dataclass

import numpy as np
from PIL import Image

from cnn_dash.datasets.readers.example import Example, Listing, Reader
from cnn_dash.errors import PictureError
from cnn_dash.inference.pictures import open_picture, to_rgb_within

MOST = 12
_LONGEST_S = 2.0
_MOST_LOOKED_AT = 5_000
_KEPT_PX = 400


@dataclass(frozen=True, eq=False)
class Sample:
    """A picture before its import.

    Attributes:
        label: Its class.
        file: Its name.
        picture: Mode "RGB", upright, made smaller if it is large.
        coloured: Whether there is colour in it.
        width: Of the picture as it was brought, in pixels.
        height: Likewise.
    """

    label: str
    file: str
    picture: Image.Image
    coloured: bool
    width: int
    height: int


@dataclass(frozen=True, eq=False)
class FileContent:
    """What is in a file.

    Attributes:
        listing: Layout, classes and counts.
        samples: Some of its pictures; the shape of the others may differ.
    """

    listing: Listing
    samples: tuple[Sample, ...]


def look_into(reader: Reader) -> FileContent:
    """Return classes and some pictures of a file: as many classes as can be met within two seconds.

    Raises:
        DataError: If it cannot be read.
    """
    listing = reader.listing()
    of_each = max(1, MOST // max(1, len(listing.class_names)))
    taken: Counter[str] = Counter()
    samples: list[Sample] = []
    began = time.monotonic()
    for number, example in enumerate(reader.examples()):
        if taken[example.label] < of_each and (sample := _sample(example)) is not None:
            taken[example.label] += 1
            samples.append(sample)
        if len(samples) >= MOST or number > _MOST_LOOKED_AT or time.monotonic() - began > _LONGEST_S:
            break
    return FileContent(listing, tuple(samples))


def _sample(example: Example) -> Sample | None:
    if isinstance(example.picture, str):
        return None
    try:
        picture = open_picture(example.picture, example.file) if isinstance(example.picture, bytes) else example.picture
        small, factor = to_rgb_within(picture, _KEPT_PX)
    except PictureError:
        return None
    pixels = np.asarray(small).astype(int)
    coloured = bool((pixels.max(axis=2) - pixels.min(axis=2)).mean() > 4)
    return Sample(example.label, example.file, small, coloured, small.width * factor, small.height * factor)
