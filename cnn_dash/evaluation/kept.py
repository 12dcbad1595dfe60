"""Files that are kept with the network of a run, in `evaluation/` of its result folder: each is computed once."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from cnn_dash.errors import StoreError
from cnn_dash.runs.folder import ResultFolder, RunFile

T = TypeVar("T")
Arrays = Mapping[str, NDArray[Any]]
"""Arrays by name, as a NumPy archive has them."""


def kept_file(folder: ResultFolder, name: str) -> RunFile:
    """Return a file that is computed from the network, of this name: `nearest.npz`."""
    return RunFile(folder.artifacts, f"{folder.key}/evaluation/{name}")


def read_arrays(file: RunFile, make: Callable[[Arrays], T], what: str) -> T | None:
    """Read a NumPy archive that was kept; None if there is none.

    Args:
        file: The archive.
        make: Makes of its arrays what is kept there; raises what it likes if they are not as they should be.
        what: What is kept there, at the beginning of a sentence.

    Raises:
        StoreError: If it is damaged.
    """
    try:
        with file.local_path() as path, np.load(path, allow_pickle=False) as archive:
            return make(archive)
    except FileNotFoundError:
        return None
    except Exception as error:  # a damaged archive makes NumPy raise nearly anything
        raise StoreError(
            f"{what} cannot be read. Received: {file.name} ({error}). Delete the file, then look once more."
        ) from error
