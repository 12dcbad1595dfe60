"""The images that a network was trained and tested on, by its run."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cnn_dash.datasets import catalogue
from cnn_dash.datasets.dataset import Dataset
from cnn_dash.datasets.importing import import_dataset
from cnn_dash.datasets.selected_images import Images
from cnn_dash.datasets.splits import validation_split
from cnn_dash.errors import StoreError
from cnn_dash.evaluation.changed_data import check_test_images
from cnn_dash.evaluation.report import Report, read_report, read_test_images
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


def report_of(run: Run, settings: Settings) -> Report:
    """Return what a run predicted for its test images.

    Raises:
        StoreError: If it was not tested, or that cannot be read.
    """
    if run.result is None:
        raise StoreError(
            f"Run {run.id} has not been tested. Received: a run that is {run.status}. Allowed: one that has been "
            "trained and tested. Choose another one."
        )
    with RunFolder.of(settings, run.id).result(run.result.folder).evaluation.local_path() as file:
        return read_report(file)


def images_tested(run: Run, settings: Settings) -> LabelledImages:
    """Return the images that a run was tested on; of a run of another program those that it has left.

    Raises:
        DataError: If they are no longer those.
        StoreError: If there are none.
    """
    report = report_of(run, settings)
    if run.config is None:
        assert run.result is not None  # it has a report
        with RunFolder.of(settings, run.id).result(run.result.folder).test_images.local_path() as file:
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


def labels_of_training(run: Run, settings: Settings) -> NDArray[np.int64]:
    """Return the labels of all training images of a data set, int64 (N,), those for validation included, by position.

    Raises:
        IllegalTransition: If another program recorded the run.
        DataError: If the data set cannot be had.
    """
    name = run.recipe.data.dataset
    place = _place(run, settings)
    return import_dataset(catalogue.source(name, place), place, settings.imported_dir).train_labels


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
    place = _place(run, settings)
    return catalogue.load(name, place, train.validation_fraction, train.seed, imported_dir=settings.imported_dir)


def _place(run: Run, settings: Settings) -> Path:
    places = [Path(run.data_dir)] if run.data_dir else []
    return catalogue.find(run.recipe.data.dataset, [*places, settings.data_dir]) or settings.data_dir
