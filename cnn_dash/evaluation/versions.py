"""The test images that two runs have in common, if their data sets are two versions of one."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cnn_dash.datasets import catalogue
from cnn_dash.datasets.own import library
from cnn_dash.datasets.own.derive import read_rows
from cnn_dash.datasets.own.names import split_name
from cnn_dash.runs.records import Run
from cnn_dash.settings import Settings

Positions = NDArray[np.intp]


def common_test_images(first: Run, second: Run, settings: Settings) -> tuple[Positions, Positions] | None:
    """Return the positions, in the test set of each, of the images that are in both, in the same order.

    An image is known by its file: some may have been left out of one version. None if the runs are not on two versions
    of an own data set; then only the labels tell whether the test sets are the same.

    Raises:
        DataError: If what is known of a version is damaged.
    """
    if first.dataset == second.dataset or first.config is None or second.config is None:
        return None
    names = split_name(first.recipe.data.dataset), split_name(second.recipe.data.dataset)
    if names[0] is None or names[1] is None or names[0][0] != names[1][0]:
        return None
    one, other = _places(first, settings), _places(second, settings)
    if one is None or other is None:
        return None
    common = [file for file in one if file in other]
    return np.array([one[file] for file in common], np.intp), np.array([other[file] for file in common], np.intp)


def _places(run: Run, settings: Settings) -> dict[str, int] | None:
    name = run.recipe.data.dataset
    own = [Path(run.data_dir)] if run.data_dir else []
    data_dir = catalogue.find(name, [*own, settings.data_dir])
    if data_dir is None or name in catalogue.SOURCES:
        return None
    found: dict[str, int] = {}
    for index, row in enumerate(read_rows(library.folder_of(name, data_dir))["test"]):
        found.setdefault(row.file, index)
    return found
