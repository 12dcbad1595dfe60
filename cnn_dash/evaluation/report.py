"""A trained network's answers on the test set, as the worker wrote them down."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cnn_dash.errors import StoreError


@dataclass(frozen=True, eq=False)
class Report:
    """Labels and answers, picture by picture, in the order of the test set.

    Attributes:
        labels: int64 (N,), the right classes.
        probabilities: float32 (N, classes).
    """

    labels: NDArray[np.int64]
    probabilities: NDArray[np.float32]

    @cached_property
    def predicted(self) -> NDArray[np.int64]:
        """The most probable class of each picture, int64 (N,)."""
        return np.asarray(self.probabilities.argmax(axis=1))

    @cached_property
    def confidence(self) -> NDArray[np.float32]:
        """Its probability, float32 (N,) in 0–1."""
        return np.asarray(self.probabilities.max(axis=1))

    @cached_property
    def wrong(self) -> NDArray[np.bool_]:
        """Which pictures were taken for something else, bool (N,)."""
        return np.not_equal(self.predicted, self.labels)

    @cached_property
    def chance(self) -> float:
        """What one gets right, 0–1, who always says the most frequent class."""
        return float(np.bincount(self.labels).max() / len(self.labels)) if len(self.labels) else 0.0

    @property
    def learned_nothing(self) -> bool:
        """Whether the network is not better than that, but for luck: three standard deviations of a share."""
        if not len(self.labels):
            return False
        luck = 3 * float(np.sqrt(self.chance * (1 - self.chance) / len(self.labels)))
        return 1 - float(self.wrong.mean()) <= self.chance + luck

    def select(
        self,
        *,
        only_wrong: bool = False,
        label: int | None = None,
        predicted: int | None = None,
        shuffle: int | None = None,
    ) -> NDArray[np.intp]:
        """The pictures that fit, as positions in the test set.

        Args:
            only_wrong: Leave out what was recognised.
            label: Only pictures of this class.
            predicted: Only pictures that were taken for this class.
            shuffle: Seed of a random order; None keeps the order of the test set.
        """
        fits = np.ones(len(self.labels), bool)
        if only_wrong:
            fits &= self.wrong
        if label is not None:
            fits &= self.labels == label
        if predicted is not None:
            fits &= self.predicted == predicted
        found = np.flatnonzero(fits)
        return found if shuffle is None else np.random.default_rng(shuffle).permutation(found)


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
            f"The test answers of this run cannot be read. Received: {file.name} ({error}). "
            "Train it again with the same settings; the same seed gives the same network."
        ) from error
    return report
