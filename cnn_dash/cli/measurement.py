"""One article's result beside what was measured here, with one seed or several."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cnn_dash.datasets import catalogue
from cnn_dash.metrics import percent
from cnn_dash.presets import Preset
from cnn_dash.runs.records import Run


@dataclass(frozen=True)
class Measurement:
    """A preset and the runs that measured it, one for each seed."""

    preset: Preset
    runs: tuple[Run, ...]

    @property
    def run(self) -> Run:
        """The run that stands for all: the one of median accuracy, of two in the middle the lower one.

        One that could not be tested comes before all others, so that it is not overlooked.
        """
        untested = next((run for run in self.runs if run.result is None), None)
        by_accuracy = sorted(self.runs, key=lambda run: run.result.accuracy if run.result else 0)
        return untested or by_accuracy[(len(self.runs) - 1) // 2]

    @property
    def dataset(self) -> str:
        """Name of the data set that was measured on."""
        return self.run.recipe.data.dataset

    @property
    def difference_points(self) -> float | None:
        """Measured minus reported accuracy in percentage points; None where the two cannot be compared."""
        reported, result = self.preset.reported_accuracy, self.run.result
        if reported is None or result is None or self.dataset != self.preset.reported_on:
            return None
        return 100 * (result.accuracy - reported)

    @property
    def note(self) -> str:
        """What has to be known beside the results."""
        notes = [self.preset.filled_in] if self.preset.filled_in else []
        if self.dataset != self.preset.reported_on:
            entry = catalogue.get(self.dataset, Path(self.run.data_dir) if self.run.data_dir else None)
            notes.append(f"Measured on {self.dataset}, not on {self.preset.reported_on}. {entry.description}")
        epochs = self.run.recipe.train.epochs
        if epochs != self.preset.train.epochs:
            notes.append(f"Not the article's length: {epochs} instead of {self.preset.train.epochs} epochs.")
        if len(self.runs) > 1:
            notes.append(f"Accuracy by seed: {', '.join(map(_by_seed, self.runs))}.")
        if self.run.message:
            notes.append(self.run.message)
        return " ".join(notes)

    def as_json(self) -> dict[str, Any]:
        """Return all of it as plain JSON; accuracies in 0–1, the difference in percentage points.

        `by_seed` has every run; all else is said of the one that stands for them.
        """
        preset, run, result = self.preset, self.run, self.run.result
        difference = self.difference_points
        return {
            "preset": preset.name,
            "source": preset.source,
            "reported_on": preset.reported_on,
            "dataset": self.dataset,
            "reported_accuracy": preset.reported_accuracy,
            "reported_loss": preset.reported_loss,
            "test_accuracy": result.accuracy if result else None,
            "test_loss": result.loss if result else None,
            "difference_points": None if difference is None else round(difference, 3),
            "run_id": run.id,
            "status": run.status.value,
            "epochs": run.recipe.train.epochs,
            "epochs_done": run.epoch,
            "best_epoch": result.best_epoch if result else None,
            "parameters": run.parameters,
            "seconds": round(result.seconds, 1) if result else None,
            "images_per_second": round(result.images_per_second, 1) if result else None,
            "seed": run.recipe.train.seed,
            "weights_sha256": result.weights_sha256 if result else None,
            "by_seed": [
                {
                    "seed": one.recipe.train.seed,
                    "run_id": one.id,
                    "status": one.status.value,
                    "test_accuracy": one.result.accuracy if one.result else None,
                }
                for one in self.runs
            ],
            "note": self.note,
        }


def _by_seed(run: Run) -> str:
    """Accuracy of one run and its seed: `98.71 % (1)`."""
    return f"{percent(run.result.accuracy) if run.result else run.status.value} ({run.recipe.train.seed})"
