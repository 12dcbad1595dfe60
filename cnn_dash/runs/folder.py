"""The files of a run, by name.

    00012/
        config.json  log.txt
        checkpoints/0001-00004-00000.npz      claim, epochs, batches
        result-0001/                          model.keras  input.json  evaluation.npz

A claim writes only under names of its own; the store says which of them count. So a worker that comes back late can
spoil nothing.
"""

import contextlib
import errno
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cnn_dash.errors import StoreError
from cnn_dash.runs.records import Run
from cnn_dash.settings import Settings


@dataclass(frozen=True)
class ResultFolder:
    """The trained network, and what it answered on the test set."""

    path: Path

    @classmethod
    def of(cls, settings: Settings, run: Run) -> "ResultFolder":
        """The folder with the network of a run.

        Raises:
            StoreError: If the run has none.
        """
        if run.result is None:
            raise StoreError(
                f"Run {run.id} has no trained network. Received: a run that is {run.status}. Allowed: a run that has "
                "been trained and tested. Choose another one from the list of runs, or train one."
            )
        return cls(RunFolder.of(settings, run.id).path / run.result.folder)

    @property
    def model(self) -> Path:
        """The trained network as a Keras archive."""
        return self.path / "model.keras"

    @property
    def model_input(self) -> Path:
        """The description of the network's input, as JSON."""
        return self.path / "input.json"

    @property
    def evaluation(self) -> Path:
        """Labels int64 (N,) and probabilities float32 (N, classes) of the test set, as NumPy archive."""
        return self.path / "evaluation.npz"


@dataclass(frozen=True)
class RunFolder:
    """Where a run keeps its settings, its log, its checkpoints and its results."""

    path: Path

    @classmethod
    def of(cls, settings: Settings, run_id: int) -> "RunFolder":
        """The folder of a run; it exists once a worker has claimed the run."""
        return cls(settings.runs_dir / f"{run_id:05d}")

    @property
    def config(self) -> Path:
        """The configuration as JSON, for people who look at the folder."""
        return self.path / "config.json"

    @property
    def log(self) -> Path:
        """What the workers had to say, line by line."""
        return self.path / "log.txt"

    @property
    def checkpoints(self) -> Path:
        """The folder of the checkpoints."""
        return self.path / "checkpoints"

    @staticmethod
    def checkpoint_name(attempt: int, epoch: int, batch: int) -> str:
        """The name of a checkpoint of a claim, after so many epochs and batches of the next one."""
        return f"{attempt:04d}-{epoch:05d}-{batch:07d}.npz"

    def checkpoint(self, name: str) -> Path:
        """The checkpoint of this name."""
        return self.checkpoints / name

    def keep_checkpoints(self, *names: str | None) -> None:
        """Delete all other checkpoints, and what was left half-written."""
        for file in self.checkpoints.glob("*"):
            if file.name not in names:
                file.unlink(missing_ok=True)

    @staticmethod
    def result_name(attempt: int) -> str:
        """The name of the result folder of a claim."""
        return f"result-{attempt:04d}"

    def result(self, name: str) -> ResultFolder:
        """The result folder of this name."""
        return ResultFolder(self.path / name)

    def keep_result(self, name: str) -> None:
        """Delete the results of earlier claims."""
        for folder in self.path.glob("result-*"):
            if folder.name < name:
                shutil.rmtree(folder, ignore_errors=True)

    def read_log(self, last_bytes: int = 200_000) -> str:
        """The end of the log; empty while there is none."""
        try:
            with self.log.open("rb") as file:
                file.seek(0, 2)
                file.seek(max(0, file.tell() - last_bytes))
                return file.read().decode("utf-8", "replace")
        except FileNotFoundError:
            return ""


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A file beside `path` that takes its place when it is complete and on the disk: no reader meets half a file."""
    part = path.with_name(f"part-{path.name}")
    try:
        yield part
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def is_full(error: BaseException) -> bool:
    """Whether an error says that the disk, or the share of it that one may use, is full."""
    return isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)
