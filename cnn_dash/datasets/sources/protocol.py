"""The interface between a data set and its origin."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from cnn_dash.datasets.info import DatasetInfo
from cnn_dash.datasets.internal_format import Imported


@dataclass(frozen=True)
class DownloadProgress:
    """The progress of the download of one file.

    Attributes:
        file: Its name.
        done_bytes: What has arrived.
        total_bytes: Its size, or None if the server does not say.
    """

    file: str
    done_bytes: int
    total_bytes: int | None

    def __str__(self) -> str:
        """Return a text such as `train-images-idx3-ubyte.gz: 4.2 of 9.9 MB`."""
        total = "" if self.total_bytes is None else f" of {self.total_bytes / 1e6:.1f}"
        return f"{self.file}: {self.done_bytes / 1e6:.1f}{total} MB"


OnProgress = Callable[[DownloadProgress], None]


@dataclass(frozen=True, eq=False)
class SourceArrays:
    """A data set as its source stores it.

    Attributes:
        images: uint8 (N, H, W) or (N, H, W, C).
        labels: Integers (N,), each from 0 to the number of classes - 1.
        test: Images and labels of the test set in the same form, or None if it has to be held out of the others.
    """

    images: NDArray[np.uint8]
    labels: NDArray[np.integer]
    test: tuple[NDArray[np.uint8], NDArray[np.integer]] | None = None


class DatasetSource(Protocol):
    """The origin of one data set.

    `data_dir` is the folder in which the files of data sets are looked for and to which they are downloaded.
    """

    @property
    def info(self) -> DatasetInfo:
        """Name, origin, classes and size of the data set."""

    def is_local(self, data_dir: Path) -> bool:
        """Return whether the data set can be read without a download. Looks for files, reads none."""

    def problem(self, data_dir: Path) -> str | None:
        """Say which of its files on this machine cannot be used, as far as that is known without reading them whole."""

    def fetch(self, data_dir: Path, progress: OnProgress | None = None) -> None:
        """Download what is missing; nothing if there is nothing to download.

        Raises:
            DataNotFound: If it cannot be had; the message says what to put where.
            DataError: If a file does not arrive whole, or is not the published one.
        """

    def files(self, data_dir: Path) -> tuple[Path, ...]:
        """Return the files that `read` would read. What was imported from them is stale as soon as one changes."""

    def read(self, data_dir: Path) -> SourceArrays:
        """Read and check the whole data set.

        Raises:
            DataNotFound: If a file is missing.
            DataError: If a file is damaged, or is another one than it should be.
        """


@runtime_checkable
class MappedSource(DatasetSource, Protocol):
    """The origin of a data set that lies in the internal form already."""

    def mapped(self, data_dir: Path) -> Imported:
        """Map it into memory.

        Raises:
            DataError: If a file is missing or damaged.
        """
