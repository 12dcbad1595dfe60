"""A look at what a person brings before anything is imported: layout, classes, a few pictures, what is odd."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cnn_dash.datasets.own.decoding import opened, resized
from cnn_dash.datasets.own.manifest import MOST_LISTED, ImportOptions, SkippedFile
from cnn_dash.datasets.own.names import suggest_name
from cnn_dash.datasets.readers.example import Example, Part
from cnn_dash.datasets.readers.opening import open_reader

MOST_SAMPLES = 24
SAMPLE_PX = 256
SIZES = (28, 32, 48, 64, 96)
"""Heights and widths in pixels that are offered."""
UNBALANCED = 5.0
"""How many times as many images the largest class has as the smallest, from which on it is said."""
_COLOURED = 12  # of 255: the largest difference between channels, in the mean, up to which a picture counts as grey


@dataclass(frozen=True, eq=False)
class Sample:
    """A picture among those that were brought.

    Attributes:
        label: Name of its class.
        file: Name of its file, or its place in an array.
        pixels: uint8 (H, W, 3), upright, its longer side at most `SAMPLE_PX` pixels.
        width: Of the picture itself, in pixels.
        height: Likewise.
    """

    label: str
    file: str
    pixels: NDArray[np.uint8]
    width: int
    height: int


@dataclass(frozen=True, eq=False, kw_only=True)
class Findings:
    """What was found, in words and numbers.

    Attributes:
        file: Name of the file that was brought.
        layout: What it holds, in words.
        class_names: In the order of their labels.
        counts: Number of pictures by split ("train", "test") and class, in the order of the classes.
        has_test: Whether a test set was brought.
        notes: Sentences on how it was understood, and on classes of very different sizes.
        passed_over: Files that no picture was expected in, the first of them.
        passed_over_count: How many there are.
        problems: Pictures among the samples that cannot be read.
        suggested_name: A name for the data set.
        suggested: The options that fit the samples.
    """

    file: str
    layout: str
    class_names: tuple[str, ...]
    counts: dict[Part, tuple[int, ...]]
    has_test: bool
    notes: tuple[str, ...]
    passed_over: tuple[SkippedFile, ...]
    passed_over_count: int
    problems: tuple[SkippedFile, ...]
    suggested_name: str
    suggested: ImportOptions

    @property
    def total(self) -> int:
        """Number of pictures."""
        return sum(map(sum, self.counts.values()))


@dataclass(frozen=True, eq=False, kw_only=True)
class Inspection(Findings):
    """What was found, with a few pictures, some of each class."""

    samples: tuple[Sample, ...]


def inspect(path: Path, name: str = "", most_samples: int = MOST_SAMPLES) -> Inspection:
    """Look into what a person brings.

    Args:
        path: Where it is.
        name: What it was called where it comes from; empty for the name it has here.
        most_samples: How many pictures to decode.

    Raises:
        DataNotFound: If there is nothing.
        DataError: If it cannot be imported; the sentence says why.
    """
    reader = open_reader(path, name)
    listing = reader.listing()
    samples, problems = [], []
    for one in reader.samples(most_samples):
        found = _sample(one)
        if isinstance(found, Sample):
            samples.append(found)
        else:
            problems.append(found)
    counts = {part: tuple(of[label] for label in listing.class_names) for part, of in listing.counts.items()}
    return Inspection(
        file=reader.name,
        layout=listing.layout,
        class_names=listing.class_names,
        counts=counts,
        has_test=listing.has_test,
        notes=(*listing.notes, *_balance(listing.class_names, counts)),
        passed_over=tuple(SkippedFile(one.file, one.reason) for one in listing.passed_over[:MOST_LISTED]),
        passed_over_count=len(listing.passed_over),
        problems=tuple(problems),
        samples=tuple(samples),
        suggested_name=suggest_name(reader.name),
        suggested=_suggested(samples),
    )


def preview(sample: Sample, options: ImportOptions) -> NDArray[np.uint8]:
    """Return about what would become of a picture: uint8 (size, size, 1 or 3)."""
    picture = Image.fromarray(sample.pixels)
    small = resized(picture.convert("L") if options.colour == "grey" else picture, options.size, options.fit)
    return np.asarray(small).reshape(options.image_shape)


def _sample(example: Example) -> Sample | SkippedFile:
    upright = opened(example.picture, example.file)
    if isinstance(upright, str):
        return SkippedFile(example.file, upright)
    width, height = upright.size
    upright.thumbnail((SAMPLE_PX, SAMPLE_PX))
    return Sample(example.label, example.file, np.asarray(upright), width, height)


def _suggested(samples: list[Sample]) -> ImportOptions:
    """Return the smallest size that shows nearly all of small pictures, at most the middle one; colour if there is."""
    if not samples:
        return ImportOptions()
    side = float(np.median([max(one.width, one.height) for one in samples]))
    size = next((one for one in SIZES if one >= side), SIZES[3])
    spread = [np.ptp(one.pixels.astype(np.int16), axis=2).mean() for one in samples]
    return ImportOptions(size=size, colour="rgb" if float(np.median(spread)) > _COLOURED else "grey")


def _balance(class_names: tuple[str, ...], counts: dict[Part, tuple[int, ...]]) -> list[str]:
    total = np.sum(list(counts.values()), axis=0)
    low, high = int(total.argmin()), int(total.argmax())
    if total[high] < UNBALANCED * max(1, total[low]):
        return []
    return [
        f"The classes are unbalanced: {total[high]:,} pictures of {class_names[high]}, {total[low]:,} of "
        f"{class_names[low]}. Accuracy is mostly that of the large ones then. “Balance classes” on Train "
        "(Training) lets each count the same."
    ]
