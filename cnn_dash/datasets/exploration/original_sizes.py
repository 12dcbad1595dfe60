"""Widths and heights of the pictures that an own data set was made from."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cnn_dash.datasets.arrow import parquet
from cnn_dash.datasets.own import library
from cnn_dash.datasets.own.manifest import EXAMPLES
from cnn_dash.errors import ConfigError

_COLUMNS = ["split", "index", "width", "height"]


def original_sizes(name: str, data_dir: Path, count: int) -> NDArray[np.int64] | None:
    """Return width and height of each picture before it was resized, by position.

    Args:
        name: Of the data set.
        data_dir: Folder with the own data sets.
        count: Number of all its images.

    Returns:
        int64 (count, 2); None if that is not known, as for all data sets that are not a person's own.
    """
    try:
        table = parquet().read_table(library.folder_of(name, data_dir) / EXAMPLES, columns=_COLUMNS)
    except (ConfigError, OSError, ValueError):  # what PyArrow raises of a damaged file is a ValueError
        return None
    split, index, width, height = (np.array(table[one].to_pylist()) for one in _COLUMNS)
    if len(split) != count:
        return None
    order = np.lexsort((index, split == "test"))
    return np.stack([width, height], axis=1)[order].astype(np.int64)
