"""All that a training needs to continue as if nothing had happened, in one file.

A `.keras` file leaves out the state of Dropout's generators and of the loop. So a checkpoint is a NumPy archive: the
arrays of the engine, the best weights so far, and the state of the loop as JSON text. NumPy reads it without pickle,
and its checksums tell a file that was cut short.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnn_dash.errors import StoreError
from cnn_dash.runs.folder import RunFile

LOOP = "loop"
FORMAT = 1
"""Changes with what a checkpoint holds. One of another format counts as unreadable: its run begins anew."""


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """A place in a training.

    Attributes:
        arrays: What the engine and the loop keep in arrays, by name.
        loop: The rest of the loop's state; JSON can carry it.
    """

    arrays: dict[str, NDArray[np.generic]]
    loop: dict[str, Any]

    @property
    def epoch(self) -> int:
        """Finished epochs."""
        return int(self.loop["epoch"])

    @property
    def batch(self) -> int:
        """Finished batches of the epoch that had begun."""
        return int(self.loop["batch"])


def write_checkpoint(file: Path, checkpoint: Checkpoint) -> None:
    """Write a checkpoint as it is now."""
    loop = np.frombuffer(json.dumps(checkpoint.loop | {"format": FORMAT}).encode(), np.uint8)
    arrays: dict[str, Any] = checkpoint.arrays | {LOOP: loop}
    with file.open("wb") as stream:
        np.savez(stream, **arrays)


def read_checkpoint(file: Path) -> Checkpoint:
    """Read what `write_checkpoint` wrote.

    Raises:
        StoreError: If the file is missing or damaged.
    """
    try:
        with np.load(file, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
        loop = json.loads(arrays.pop(LOOP).tobytes())
        if loop["format"] != FORMAT:
            raise ValueError(f"it has format {loop['format']}, this version of CNN Dash reads {FORMAT}")
        checkpoint = Checkpoint(arrays, loop)
        _ = checkpoint.epoch, checkpoint.batch
    except Exception as error:  # zipfile, zlib, json and NumPy have no common error for a damaged file
        raise StoreError(f"The checkpoint {file.name} cannot be read ({error}).") from error
    return checkpoint


def newest_readable(files: Iterable[RunFile]) -> tuple[Checkpoint | None, list[StoreError]]:
    """Read the first checkpoint that can be read, and return it with what was wrong with those before it."""
    problems: list[StoreError] = []
    for file in files:
        try:
            with file.local_path() as path:
                return read_checkpoint(path), problems
        except StoreError as error:
            problems.append(error)
    return None, problems
