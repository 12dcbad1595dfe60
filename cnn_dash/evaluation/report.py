"""The predictions of a trained network on the test set, as the worker recorded them."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from cnn_dash.errors import StoreError

Split = Literal["test", "train"]
"""Which images of a data set: those of the test, or all others, the ones set aside for validation among them."""

Order = Literal["test set", "hardest", "doubtful", "confident"]
"""Of images: as in the test set; the least probability for the true class first; the two most probable classes closest
to each other first; the largest probability first."""


class Predictions(Protocol):
    """What networks say of images, by position; a `Report` of the test images is such."""

    @property
    def labels(self) -> NDArray[np.int64]:
        """The labels that the images have, int64 (N,)."""

    @property
    def predicted(self) -> NDArray[np.int64]:
        """The most probable class of each image, int64 (N,)."""

    @property
    def confidence(self) -> NDArray[np.float32]:
        """Its probability, float32 (N,) in 0–1."""

    @property
    def wrong(self) -> NDArray[np.bool_]:
        """Which images were predicted as another class, bool (N,)."""


@dataclass(frozen=True, eq=False)
class Report:
    """Labels and predictions, image by image, in the order of the test set.

    Attributes:
        labels: int64 (N,), the true classes.
        probabilities: float32 (N, classes).
    """

    labels: NDArray[np.int64]
    probabilities: NDArray[np.float32]

    def at(self, positions: NDArray[np.intp]) -> "Report":
        """Return the report on some of the images, in this order."""
        return Report(self.labels[positions], self.probabilities[positions])

    @property
    def classes(self) -> int:
        """Number of classes."""
        return int(self.probabilities.shape[1])

    @cached_property
    def predicted(self) -> NDArray[np.int64]:
        """The most probable class of each image, int64 (N,)."""
        return np.asarray(self.probabilities.argmax(axis=1))

    @cached_property
    def confidence(self) -> NDArray[np.float32]:
        """Its probability, float32 (N,) in 0–1."""
        return np.asarray(self.probabilities.max(axis=1))

    @cached_property
    def wrong(self) -> NDArray[np.bool_]:
        """Which images were predicted as another class, bool (N,)."""
        return np.not_equal(self.predicted, self.labels)

    @cached_property
    def of_label(self) -> NDArray[np.float32]:
        """The probability of the true class of each image, float32 (N,) in 0–1."""
        return np.asarray(self.probabilities[np.arange(len(self.labels)), self.labels])

    @cached_property
    def margin(self) -> NDArray[np.float32]:
        """How far the most probable class is ahead of the next one, float32 (N,) in 0–1."""
        if self.probabilities.shape[1] < 2:
            return self.confidence
        two = np.partition(self.probabilities, -2, axis=1)[:, -2:]
        return np.asarray(two[:, 1] - two[:, 0])

    @cached_property
    def baseline_accuracy(self) -> float:
        """Accuracy of always predicting the most frequent class, 0–1."""
        return float(np.bincount(self.labels).max() / len(self.labels)) if len(self.labels) else 0.0

    @property
    def is_at_baseline(self) -> bool:
        """Whether the network learned nothing: its accuracy is at most three standard errors above the baseline."""
        if not len(self.labels):
            return False
        baseline = self.baseline_accuracy
        standard_error = float(np.sqrt(baseline * (1 - baseline) / len(self.labels)))
        return 1 - float(self.wrong.mean()) <= baseline + 3 * standard_error

    def select(
        self,
        *,
        only_wrong: bool = False,
        label: int | None = None,
        predicted: int | None = None,
        order: Order = "test set",
        shuffle: int | None = None,
    ) -> NDArray[np.intp]:
        """Return the images that match, as positions in the test set.

        Args:
            only_wrong: Leave out correct predictions.
            label: Only images of this class.
            predicted: Only images that were predicted as this class.
            order: Which come first.
            shuffle: Seed of a random order in place of the others; None shuffles nothing.
        """
        matches = np.ones(len(self.labels), bool)
        if only_wrong:
            matches &= self.wrong
        if label is not None:
            matches &= self.labels == label
        if predicted is not None:
            matches &= self.predicted == predicted
        found = np.flatnonzero(matches)
        if shuffle is not None:
            return np.random.default_rng(shuffle).permutation(found)
        if order == "test set":
            return found
        first = {"hardest": self.of_label, "doubtful": self.margin, "confident": -self.confidence}[order]
        return found[np.argsort(first[found], kind="stable")]


def write_report(file: Path, labels: NDArray[np.int64], probabilities: NDArray[np.float32]) -> None:
    """Write labels (N,) and probabilities (N, classes) as a NumPy archive."""
    with file.open("wb") as stream:
        np.savez_compressed(stream, labels=labels, probabilities=probabilities)


def read_report(file: Path) -> Report:
    """Read what `write_report` wrote.

    Raises:
        StoreError: If the file is missing or damaged.
    """
    try:
        with np.load(file, allow_pickle=False) as archive:
            report = Report(archive["labels"], archive["probabilities"])
        if report.labels.shape != report.probabilities.shape[:1] or report.probabilities.ndim != 2:
            raise ValueError(f"shapes {report.labels.shape} and {report.probabilities.shape} do not fit")
        if report.labels.dtype != np.int64 or report.probabilities.dtype != np.float32:
            raise ValueError(f"types {report.labels.dtype} and {report.probabilities.dtype} are not the right ones")
    except Exception as error:  # zipfile, zlib and NumPy have no common error for a damaged file
        raise StoreError(
            f"The test predictions of this run cannot be read. Received: {file.name} ({error}). "
            "Train it again with the same settings; the same seed gives the same network."
        ) from error
    return report


@dataclass(frozen=True)
class TestImages:
    """Images that predictions are shown beside.

    Attributes:
        class_names: One name for each class.
        images: uint8 (N, H, W, C).
    """

    __test__ = False  # not a test case, whatever pytest thinks of the name

    class_names: tuple[str, ...]
    images: NDArray[np.uint8]


def read_test_images(file: Path) -> TestImages:
    """Read the test images that another program has left.

    Raises:
        StoreError: If the file is missing or damaged.
    """
    try:
        with np.load(file, allow_pickle=False) as archive:
            images, names = archive["images"], tuple(map(str, archive["class_names"]))
        if images.dtype != np.uint8 or images.ndim != 4:
            raise ValueError(f"images {images.dtype} {images.shape}")
    except Exception as error:  # zipfile, zlib and NumPy have no common error for a damaged file
        raise StoreError(
            f"The test images of this run cannot be read. Received: {file.name} ({error}). Its program has to test the "
            "network again, with test_data or evaluate."
        ) from error
    return TestImages(names, images)
