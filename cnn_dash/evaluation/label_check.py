"""What was found when labels were checked: which images are doubtful, and what class they probably have.

Kept with the result of the run. How it is found: `label_issues`, which needs scikit-learn.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cnn_dash.errors import StoreError
from cnn_dash.evaluation.kept import Arrays, kept_file, read_arrays
from cnn_dash.evaluation.report import Split
from cnn_dash.runs.folder import RunFile, RunFolder
from cnn_dash.runs.records import Run
from cnn_dash.settings import Settings

_TYPES = {
    "labels": np.int64,
    "likely": np.int64,
    "confidence": np.float32,
    "of_label": np.float32,
    "ranked": np.int64,
}


@dataclass(frozen=True, eq=False)
class LabelCheck:
    """Labels, and what networks that have not learned from the images say of them.

    Attributes:
        labels: int64 (N,), as they were given.
        likely: int64 (N,), the most probable class.
        confidence: float32 (N,), its probability, 0–1.
        of_label: float32 (N,), the probability of the label, 0–1.
        ranked: int64 (M,), positions of the images whose label is probably wrong, the most doubtful first.
        networks: Numbers of the runs whose networks said so.
    """

    labels: NDArray[np.int64]
    likely: NDArray[np.int64]
    confidence: NDArray[np.float32]
    of_label: NDArray[np.float32]
    ranked: NDArray[np.int64]
    networks: tuple[int, ...]

    @property
    def predicted(self) -> NDArray[np.int64]:
        """The most probable class, as in a `Report`."""
        return self.likely

    @property
    def wrong(self) -> NDArray[np.bool_]:
        """Which images were taken for another class than their label, bool (N,)."""
        return np.not_equal(self.likely, self.labels)

    @property
    def accuracy(self) -> float:
        """Share of the images that were taken for the class of their label, 0–1."""
        return 1 - float(self.wrong.mean())

    def write(self, file: RunFile) -> None:
        """Keep it as a NumPy archive."""
        file.put(self._save)

    def _save(self, path: Path) -> None:
        with path.open("wb") as stream:
            arrays = {name: getattr(self, name) for name in _TYPES}
            np.savez_compressed(stream, **arrays, networks=np.array(self.networks, np.int64))

    @classmethod
    def read(cls, file: RunFile) -> "LabelCheck | None":
        """Read what `write` wrote; None if there is none.

        Raises:
            StoreError: If it is damaged.
        """
        return read_arrays(file, cls._of, "What was found of the labels")

    @classmethod
    def _of(cls, arrays: Arrays) -> "LabelCheck":
        found = {name: arrays[name] for name in _TYPES}
        count = len(found["labels"])
        for name, kind in _TYPES.items():
            if found[name].dtype != kind or (name != "ranked" and found[name].shape != (count,)):
                raise ValueError(f"{name} is {found[name].dtype} {found[name].shape}")
        if found["ranked"].ndim != 1 or not ((found["ranked"] >= 0) & (found["ranked"] < count)).all():
            raise ValueError("positions that do not exist")
        return cls(**found, networks=tuple(arrays["networks"].tolist()))


def kept_check(settings: Settings, run: Run, split: Split) -> RunFile:
    """Return the file, with the result of a run, that keeps what was found of its test or training labels.

    Raises:
        StoreError: If the run was not tested.
    """
    if run.result is None:
        raise StoreError(
            f"Run {run.id} has not been tested. Received: a run that is {run.status}. Allowed: one that has been "
            "trained and tested. Choose another one."
        )
    return kept_file(RunFolder.of(settings, run.id).result(run.result.folder), f"labels-{split}.npz")
