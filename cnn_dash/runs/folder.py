"""The files of a run, by name.

    00012/
        config.json  log.txt
        checkpoints/0001-00004-0000000.npz    claim, epochs, batches
        epoch-images/0001-00004.json          claim, epochs, see `epoch_images`
        result-0001/                          model.keras  input.json  familiarity.npz  evaluation.npz  test_images.npz
            exports/  evaluation/             what was made of the network on request
        result-0001-00012/                    the same, of another program: claim, epochs
        tmp-0001/                             of the worker of a claim, see `temporary_files`

A claim writes only under names of its own; the database says which of them count. So a worker that comes back late can
spoil nothing.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from cnn_dash.artifacts.local import LocalArtifactStore
from cnn_dash.artifacts.protocol import ArtifactStore
from cnn_dash.errors import StoreError
from cnn_dash.runs.records import Run
from cnn_dash.settings import Settings


def artifacts_of(settings: Settings) -> ArtifactStore:
    """Return the store that keeps the files of all runs."""
    return LocalArtifactStore(settings.runs_dir)


@dataclass(frozen=True)
class RunFile:
    """One file of a run: the store that keeps it, and its key there."""

    artifacts: ArtifactStore
    key: str

    @property
    def name(self) -> str:
        """Its name, without what it lies in."""
        return self.key.rpartition("/")[2]

    def put(self, write: Callable[[Path], object]) -> None:
        """Keep what `write` writes into the file that it is given; see `ArtifactStore.put`."""
        self.artifacts.put(self.key, write)

    def append(self, data: bytes) -> None:
        """Add bytes to its end; see `ArtifactStore.append`."""
        self.artifacts.append(self.key, data)

    def local_path(self) -> AbstractContextManager[Path]:
        """Give a path under which it can be read while the context lasts; see `ArtifactStore.local_path`."""
        return self.artifacts.local_path(self.key)


@dataclass(frozen=True)
class ResultFolder:
    """The trained network, and what it answered on the test set."""

    artifacts: ArtifactStore
    key: str

    @classmethod
    def of(cls, settings: Settings, run: Run) -> "ResultFolder":
        """Return the folder with the network of a run.

        Raises:
            StoreError: If the run has none.
        """
        if run.network_folder is None:
            raise StoreError(
                f"Run {run.id} has no trained network. Received: a run that is {run.status}. Allowed: a run that has "
                "been trained and tested. Choose another one from the list of runs, or train one."
            )
        return RunFolder.of(settings, run.id).result(run.network_folder)

    @property
    def model(self) -> RunFile:
        """The trained network as a Keras archive."""
        return RunFile(self.artifacts, f"{self.key}/model.keras")

    @property
    def model_input(self) -> RunFile:
        """The description of the network's input, as JSON."""
        return RunFile(self.artifacts, f"{self.key}/input.json")

    @property
    def familiarity(self) -> RunFile:
        """What the network has seen, as NumPy archive; not there for runs that were trained before it was kept."""
        return RunFile(self.artifacts, f"{self.key}/familiarity.npz")

    @property
    def evaluation(self) -> RunFile:
        """Labels int64 (N,) and probabilities float32 (N, classes) of the test set, as NumPy archive."""
        return RunFile(self.artifacts, f"{self.key}/evaluation.npz")

    @property
    def test_images(self) -> RunFile:
        """Test images uint8 (N, H, W, C), as NumPy archive; only of another program, whose data are not here."""
        return RunFile(self.artifacts, f"{self.key}/test_images.npz")


@dataclass(frozen=True)
class RunFolder:
    """Where a run keeps its settings, its log, its checkpoints and its results."""

    artifacts: ArtifactStore
    run_id: int

    @classmethod
    def of(cls, settings: Settings, run_id: int) -> "RunFolder":
        """Return the folder of a run; there is something in it once a worker has claimed the run."""
        return cls(artifacts_of(settings), run_id)

    @property
    def key(self) -> str:
        """What the keys of all its files begin with."""
        return f"{self.run_id:05d}"

    @property
    def location(self) -> str:
        """Where a person finds the files."""
        return self.artifacts.location(self.key)

    @property
    def config(self) -> RunFile:
        """The configuration as JSON, for people who look at the folder."""
        return RunFile(self.artifacts, f"{self.key}/config.json")

    @property
    def log(self) -> RunFile:
        """What the workers had to say, line by line."""
        return RunFile(self.artifacts, f"{self.key}/log.txt")

    @property
    def checkpoints(self) -> str:
        """What the keys of the checkpoints begin with."""
        return f"{self.key}/checkpoints"

    @staticmethod
    def checkpoint_name(attempt: int, epoch: int, batch: int) -> str:
        """Return the name of a checkpoint of a claim, after so many epochs and batches of the next one."""
        return f"{attempt:04d}-{epoch:05d}-{batch:07d}.npz"

    def checkpoint(self, name: str) -> RunFile:
        """Return the checkpoint of this name."""
        return RunFile(self.artifacts, f"{self.checkpoints}/{name}")

    def keep_checkpoints(self, *names: str | None) -> None:
        """Delete all other checkpoints, and what was left half-written."""
        kept = {self.checkpoint(name).key for name in names if name}
        for artifact in list(self.artifacts.list(self.checkpoints)):
            if artifact.key not in kept:
                self.artifacts.delete(artifact.key)

    @staticmethod
    def result_name(attempt: int) -> str:
        """Return the name of the result folder of a claim."""
        return f"result-{attempt:04d}"

    def result(self, name: str) -> ResultFolder:
        """Return the result folder of this name; "." is the run's own, as the first version had it."""
        return ResultFolder(self.artifacts, self.key if name == "." else f"{self.key}/{name}")

    def keep_result(self, name: str) -> None:
        """Delete all results before this one, of this claim and of earlier ones."""
        folders = {artifact.key.split("/")[1] for artifact in self.artifacts.list(self.key)}
        for folder in folders:
            if folder.startswith("result-") and folder < name:
                self.artifacts.delete(f"{self.key}/{folder}")

    def size_bytes(self) -> int:
        """Return what all its files take."""
        return sum(artifact.size_bytes for artifact in self.artifacts.list(self.key))

    def checkpoint_bytes(self) -> int:
        """Return what its checkpoints take."""
        return sum(artifact.size_bytes for artifact in self.artifacts.list(self.checkpoints))

    def delete(self) -> None:
        """Delete all its files."""
        self.artifacts.delete(self.key)

    def read_log(self, last_bytes: int = 200_000) -> str:
        """Return the end of the log; empty while there is none."""
        try:
            with self.artifacts.open(self.log.key) as file:
                file.seek(0, 2)
                file.seek(max(0, file.tell() - last_bytes))
                return file.read().decode("utf-8", "replace")
        except FileNotFoundError:
            return ""
