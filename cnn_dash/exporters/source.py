"""What an export is made of: the network of a run, what is known of it, and images to calibrate and to check with."""

from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnn_dash.datasets import catalogue
from cnn_dash.datasets.dataset import Dataset
from cnn_dash.errors import CnnDashError, DataError, StoreError
from cnn_dash.evaluation.report import Report, TestImages, read_report, read_test_images
from cnn_dash.inference.model_input import ModelInput
from cnn_dash.runs.folder import ResultFolder, RunFolder
from cnn_dash.runs.records import Run
from cnn_dash.runs.status import Source
from cnn_dash.settings import Settings

CALIBRATION_IMAGES = 300


class ExportSource:
    """A run with a network, opened piece by piece as a format asks for it.

    Args:
        settings: Where runs and data are.
        run: The run.

    Raises:
        StoreError: If it has no network.
    """

    def __init__(self, settings: Settings, run: Run) -> None:
        self.run = run
        self.folder = ResultFolder.of(settings, run)
        self._settings = settings

    @cached_property
    def stated_input(self) -> ModelInput:
        """What is known of how images go into the network.

        Raises:
            StoreError: If that is damaged.
        """
        with self.folder.model_input.local_path() as file:
            return ModelInput.read(file)

    @cached_property
    def model_input(self) -> ModelInput:
        """How images go into the network.

        Raises:
            StoreError: If that is damaged, or nobody has said how pixels are scaled.
        """
        from cnn_dash.inference.network_file import read_input

        return read_input(self.folder)

    @cached_property
    def network(self) -> Any:
        """The Keras model as it was trained.

        Raises:
            StoreError: If its file cannot be opened.
        """
        from cnn_dash.inference.network_file import read_network

        return read_network(self.folder)

    @cached_property
    def model(self) -> Any:
        """The Keras model from raw pixels 0–255, float32 (N, H, W, C), to probabilities float32 (N, classes).

        Raises:
            StoreError: If the file of the network cannot be opened.
        """
        from cnn_dash.exporters.whole_model import whole_model

        known = self.model_input
        return whole_model(self.network, known)

    @cached_property
    def dataset(self) -> Dataset:
        """The data set of a run of ours, split as the run had it.

        Raises:
            DataError: If it is not on this machine, or damaged.
        """
        recipe = self.run.recipe
        name, train = recipe.data.dataset, recipe.train
        places = [Path(place) for place in (self.run.data_dir, self._settings.data_dir) if place]
        place = catalogue.find(name, places)
        if place is None:
            raise DataError(
                f"The data set {name} of run {self.run.id} is not on this machine. Received: no files of it in "
                f"{', '.join(map(str, places))}. Download it on the Train page, then export again."
            )
        return catalogue.load(
            name, place, train.validation_fraction, train.seed, imported_dir=self._settings.imported_dir
        )

    @cached_property
    def report(self) -> Report:
        """What the network answered for the test images.

        Raises:
            StoreError: If it was not tested, or the file is damaged.
        """
        with self._tested.evaluation.local_path() as file:
            return read_report(file)

    @cached_property
    def left_images(self) -> TestImages:
        """The test images that another program has left.

        Raises:
            StoreError: If there are none, or the file is damaged.
        """
        with self._tested.test_images.local_path() as file:
            return read_test_images(file)

    @property
    def _tested(self) -> ResultFolder:
        if self.run.result is None:
            raise StoreError(f"The network of run {self.run.id} was not tested. Its program can pass test_data.")
        return RunFolder.of(self._settings, self.run.id).result(self.run.result.folder)

    def calibration_images(self) -> NDArray[np.uint8]:
        """Return training images, uint8 (N, H, W, C), spread over all of them; of another program test images.

        Raises:
            CnnDashError: If there are none.
        """
        try:
            ours = self.run.source is Source.RECIPE
            images = self.dataset.train.images if ours else self.left_images.images
            if images.shape[1:] != self.model_input.image_shape or not len(images):
                raise DataError(f"Received: {len(images)} images of shape {images.shape[1:]}.")
        except CnnDashError as error:
            raise DataError(
                "8-bit numbers need images by which their ranges are measured. "
                f"{error} Take a float format, or bring the data of the run here."
            ) from error
        return images[spread(len(images), CALIBRATION_IMAGES)]


def spread(count: int, most: int) -> NDArray[np.intp]:
    """Return up to `most` places in 0 … count − 1, evenly spread: a data set may be in the order of its classes."""
    return np.linspace(0, count - 1, min(count, most)).round().astype(np.intp)
