"""The files of a run, by name."""

from dataclasses import dataclass
from pathlib import Path

from cnn_dash.settings import Settings


@dataclass(frozen=True)
class RunFolder:
    """Where a run keeps its network, its log and its answers on the test set."""

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
    def model(self) -> Path:
        """The trained network as a Keras archive."""
        return self.path / "model.keras"

    @property
    def card(self) -> Path:
        """What must be known to show the network a new picture, as JSON."""
        return self.path / "input.json"

    @property
    def evaluation(self) -> Path:
        """Labels int64 (N,) and probabilities float32 (N, classes) of the test set, as NumPy archive."""
        return self.path / "evaluation.npz"

    @property
    def log(self) -> Path:
        """What the worker had to say, line by line."""
        return self.path / "log.txt"

    def read_log(self, last_bytes: int = 200_000) -> str:
        """The end of the log; empty while there is none."""
        try:
            with self.log.open("rb") as file:
                file.seek(0, 2)
                file.seek(max(0, file.tell() - last_bytes))
                return file.read().decode("utf-8", "replace")
        except FileNotFoundError:
            return ""
