"""Share of the time of an epoch that the images of epochs take, on MNIST with the default preset.

`python benchmarks/epoch_images.py [--epochs 12] [--dataset mnist-5k]`. A whole training in this process, as a worker's,
with augmentation; measured is what passes within `EpochImages.take`, against the time of all epochs. Each is given
twice: as it is, with epochs passed over that are too short, and when every epoch is written.
"""

import argparse
import tempfile
import time
from pathlib import Path

import common
import numpy as np
from numpy.typing import NDArray

from cnn_dash import presets
from cnn_dash.config import Augmentation
from cnn_dash.datasets import catalogue
from cnn_dash.models.build import build
from cnn_dash.recording.hooks import RecordingCallback
from cnn_dash.recording.metric_recorder import MetricRecorder
from cnn_dash.runs.folder import RunFolder
from cnn_dash.runs.records import EpochMetrics, StepMetrics
from cnn_dash.settings import Settings
from cnn_dash.training import epoch_images
from cnn_dash.training.engine import Engine
from cnn_dash.training.epoch_images import EpochImages
from cnn_dash.training.fit import fit
from cnn_dash.training.listener import Save


class Recorder(MetricRecorder):
    """Keeps nothing but the seconds of epochs."""

    wants_checkpoint = False

    def __init__(self) -> None:
        super().__init__("auto")
        self.seconds: list[float] = []

    def pending_request(self) -> None:
        """Ask for nothing."""

    def checkpoint(self, save: Save) -> None:
        """Keep nothing."""

    def prepare_epoch_end(self, seconds: float, save: Save) -> None:
        """Note the time of the epoch."""
        self.epoch_seconds = seconds

    def log_step(self, step: StepMetrics, *, epoch: int, batch: int) -> None:
        """Keep nothing."""

    def log_epoch(self, record: EpochMetrics) -> None:
        """Note the time of the epoch."""
        self.seconds.append(record.seconds)

    def say(self, text: str) -> None:
        """Keep nothing."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument("--dataset", default="mnist-5k")
    options = parser.parse_args()
    preset = presets.get("compact-valid")
    data = catalogue.load(options.dataset, common.data_dir(), imported_dir=Settings.from_environment().imported_dir)
    train = preset.train.model_copy(
        update={"epochs": options.epochs, "augmentation": Augmentation(shift=0.1, rotation=10), "early_stopping": False}
    )
    for share in (epoch_images.SHARE, 1.0):
        epoch_images.SHARE = share
        with tempfile.TemporaryDirectory() as home:
            model = build(preset.model, data.image_shape, data.classes, train.seed)
            engine = Engine(model, data.train, train)
            images = EpochImages(
                engine, data.validation, data.class_names, RunFolder.of(Settings(home=Path(home)), 1), 1
            )
            taken: list[float] = []

            def take(
                epoch: int, p: NDArray[np.float32], images: EpochImages = images, taken: list[float] = taken
            ) -> None:
                began = time.perf_counter()
                images.take(epoch, p)
                taken.append(time.perf_counter() - began)

            recorder = Recorder()
            fit(engine, data.validation, recorder, None, [RecordingCallback(recorder)], take)
        written = [seconds for seconds in taken if seconds > 0.002]
        print(
            f"{'as it is' if share < 1 else 'every epoch'}: {sum(taken) / sum(recorder.seconds):.2%} of the time; "
            f"{len(written)} of {len(taken)} epochs written, median {1000 * float(np.median(written)):.1f} ms, the "
            f"first {1000 * taken[0]:.1f} ms, an epoch {float(np.median(recorder.seconds)):.2f} s"
        )


if __name__ == "__main__":
    main()
