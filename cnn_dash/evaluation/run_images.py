"""The images that a network was trained and tested on, by its run."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cnn_dash.datasets import catalogue
from cnn_dash.datasets.dataset import Dataset
from cnn_dash.datasets.selected_images import Images
from cnn_dash.datasets.splits import validation_split
from cnn_dash.errors import StoreError
from cnn_dash.evaluation.changed_data import check_test_images
from cnn_dash.evaluation.report import read_report, read_test_images
from cnn_dash.runs.folder import RunFolder
from cnn_dash.runs.records import Run
from cnn_dash.settings import Settings


@dataclass(frozen=True, eq=False)
class LabelledImages:
    """Images and their labels.

    Attributes:
        images: uint8 (N, H, W, C).
        labels: int64 (N,).
    """

    images: NDArray[np.uint8]
    labels: NDArray[np.int64]


def images_tested(run: Run, settings: Settings) -> LabelledImages:
    """Return the images that a run was tested on; of a run of another program those that it has left.

    Raises:
        DataError: If they are no longer those.
        StoreError: If there are none.
    """
    if run.result is None:
        raise StoreError(
            f"Run {run.id} has not been tested. Received: a run that is {run.status}. Allowed: one that has been "
            "trained and tested. Choose another one."
        )
    folder = RunFolder.of(settings, run.id).result(run.result.folder)
    with folder.evaluation.local_path() as file:
        report = read_report(file)
    if run.config is None:
        with folder.test_images.local_path() as file:
            left = read_test_images(file)
        return LabelledImages(left.images, report.labels[: len(left.images)])
    data = _load(run, settings)
    check_test_images(run, report, data)
    return LabelledImages(np.asarray(data.test.images), data.test.labels)


def images_trained(run: Run, settings: Settings) -> tuple[Images, NDArray[np.intp]]:
    """Return the images that a run of ours learned from, uint8 (N, H, W, C), and their `positions`, (N,).

    A position is the place among all training images of the data set, those for validation included.

    Raises:
        IllegalTransition: If another program recorded the run.
        DataError: If the data set cannot be had.
    """
    data, train = _load(run, settings), run.recipe.train
    count = len(data.train) + len(data.validation)
    return data.train.images, validation_split(count, train.validation_fraction, train.seed)[0]


def at_positions(data: Dataset, positions: NDArray[np.integer], fraction: float = 0.1, seed: int = 1) -> LabelledImages:
    """Return training images by their positions, from a data set however it is split.

    Args:
        data: The data set.
        positions: int (N,), see `images_trained`.
        fraction: The share by which `data` was split.
        seed: The seed by which it was.
    """
    train, validation = validation_split(len(data.train) + len(data.validation), fraction, seed)
    place = np.empty(len(train) + len(validation), np.int64)
    place[train] = np.arange(len(train))
    place[validation] = -1 - np.arange(len(validation))
    images = np.empty((len(positions), *data.image_shape), np.uint8)
    labels = np.empty(len(positions), np.int64)
    for row, at in enumerate(place[positions].tolist()):
        split, index = (data.train, at) if at >= 0 else (data.validation, -1 - at)
        images[row], labels[row] = split.images[index], split.labels[index]
    return LabelledImages(images, labels)


def _load(run: Run, settings: Settings) -> Dataset:
    name, train = run.recipe.data.dataset, run.recipe.train
    places = [Path(run.data_dir)] if run.data_dir else []
    place = catalogue.find(name, [*places, settings.data_dir]) or settings.data_dir
    return catalogue.load(name, place, train.validation_fraction, train.seed, imported_dir=settings.imported_dir)
