"""What was said of the test images of an own data set: columns that they came with, and tags, to group them by."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cnn_dash.datasets.own import library
from cnn_dash.datasets.own.derive import TAGS, read_rows
from cnn_dash.datasets.readers.example import Value
from cnn_dash.runs.records import Run
from cnn_dash.settings import Settings

MOST_COLUMNS = 20
MOST_VALUES = 12
"""Of a column of words: the most frequent ones."""
FEWEST_IMAGES = 2
"""A word that fewer images have tells nothing of a group."""
NUMBERS_FROM = 6
"""So many different numbers are divided into ranges; fewer are groups of their own, as words are."""
NO_TAG = "no tag"


@dataclass(frozen=True, eq=False)
class Column:
    """One column, or the tags: a number for each image, or groups of images.

    Attributes:
        name: As it was brought.
        numbers: float64 (N,), NaN where there is none; None if the images are in named groups.
        groups: Positions in the test set, int64 (M,), by value; those of tags may overlap.
    """

    name: str
    numbers: NDArray[np.float64] | None
    groups: dict[str, NDArray[np.int64]]


def columns_of(run: Run, settings: Settings) -> list[Column]:
    """Return the columns of the data set of a run by which its test images can be grouped; none for other data sets.

    Raises:
        DataError: If what is known of the images is damaged.
    """
    if run.config is None:
        return []
    name = run.config.data.dataset
    places = [*([Path(run.data_dir)] if run.data_dir else []), settings.data_dir]
    place = next((one for one in places if library.is_there(name, one)), None)
    if place is None:
        return []
    rows = read_rows(library.folder_of(name, place))["test"]
    found = [
        _column("width before resizing", [row.width for row in rows]),
        _column("height before resizing", [row.height for row in rows]),
    ]
    names = dict.fromkeys(one for row in rows for one in row.columns)
    for one in names:
        values = [row.columns.get(one) for row in rows]
        found.append(_tags(values) if one == TAGS else _column(one, values))
    return [column for column in found if column.numbers is not None or len(column.groups) > 1][:MOST_COLUMNS]


def _column(name: str, values: Sequence[Value]) -> Column:
    known = [value for value in values if value is not None]
    if known and all(isinstance(value, int | float) and not isinstance(value, bool) for value in known):
        numbers = np.array([np.nan if value is None else float(value) for value in values])
        if len(np.unique(numbers[np.isfinite(numbers)])) >= NUMBERS_FROM:
            return Column(name, numbers, {})
    return Column(name, None, _groups([[] if value is None else [str(value)] for value in values]))


def _tags(values: Sequence[Value]) -> Column:
    return Column(TAGS, None, _groups([str(value or "").split() or [NO_TAG] for value in values]))


def _groups(words: Sequence[Sequence[str]]) -> dict[str, NDArray[np.int64]]:
    counts = Counter(word for of_image in words for word in of_image)
    frequent = [word for word, count in counts.most_common(MOST_VALUES) if count >= FEWEST_IMAGES]
    return {
        word: np.array([place for place, of_image in enumerate(words) if word in of_image], np.int64)
        for word in frequent
    }
