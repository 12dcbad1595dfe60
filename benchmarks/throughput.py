"""Images per second of a run against bare `Model.fit` scripts: same network, batch size, data and number of epochs.

`python benchmarks/throughput.py [--rounds 5] [--epochs 3] [--dataset mnist-5k]`. There are two scripts: the best that
plain Keras reaches (`steps_per_execution=16`), and what most notebooks have (its default, 1); oneDNN is on in both, as
in the run. Each is a process of its own, one after the other, in interleaved rounds; quoted is the median of the
rounds' ratios. The time of the run is that of its epochs as recorded, with validation, AUC, recording and heartbeat;
the time of a script is that of `fit`, with validation. All include the tracing of the graph.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from common import BATCH_SIZE, WARM_UP_S, data_dir, finished_run, temporary_store

from cnn_dash import presets
from cnn_dash.datasets import catalogue
from cnn_dash.hyperparameters import override
from cnn_dash.runs.submit import submit

HERE = Path(__file__).parent
SCRIPTS = {"Model.fit, 16 steps per execution": 16, "Model.fit as it is": 1}
ONEDNN_ON = {"TF_ENABLE_ONEDNN_OPTS": "1"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--dataset", default="mnist-5k")
    options = parser.parse_args()
    os.environ.update(ONEDNN_ON)  # before the first worker starts
    data = catalogue.load(options.dataset, data_dir())
    images = len(data.train) * options.epochs
    settings = {"train.epochs": options.epochs, "train.batch_size": BATCH_SIZE}
    config = override(presets.get("compact-valid").config(options.dataset), settings)
    ratios: dict[str, list[float]] = {name: [] for name in SCRIPTS}
    with tempfile.TemporaryDirectory() as folder, temporary_store() as (store, _):
        file = Path(folder) / "data.npz"
        train, validation = data.train, data.validation
        np.savez(file, x_train=train.images, y_train=train.labels, x_val=validation.images, y_val=validation.labels)
        time.sleep(WARM_UP_S)
        for number in range(options.rounds):
            run = finished_run(store, submit(store, config).id)
            time.sleep(WARM_UP_S)  # the next worker imports Keras meanwhile
            ours = sum(epoch.seconds or 0.0 for epoch in store.epochs(run.id))
            print(f"round {number + 1}: run {images / ours:,.0f} images/s")
            for name, steps_per_execution in SCRIPTS.items():
                bare = seconds_of_fit(file, options.epochs, steps_per_execution)
                ratios[name].append(bare / ours)
                print(f"  {name}: {images / bare:,.0f} images/s, ratio {bare / ours:.2f}")
    for name, found in ratios.items():
        print(f"{name}: median ratio {statistics.median(found):.2f} (from {min(found):.2f} to {max(found):.2f})")


def seconds_of_fit(file: Path, epochs: int, steps_per_execution: int) -> float:
    numbers = [str(number) for number in (epochs, BATCH_SIZE, steps_per_execution)]
    script = [sys.executable, str(HERE / "bare_fit.py"), str(file), *numbers]
    done = subprocess.run(script, capture_output=True, text=True, check=True)
    return float(done.stdout.split()[-1])


if __name__ == "__main__":
    main()
