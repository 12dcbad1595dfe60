"""Pictures a second of a run against a bare `Model.fit` script: same network, batch size, data and number of epochs.

`python benchmarks/throughput.py [--pairs 5] [--epochs 3] [--dataset mnist-5k]`. Both are processes of their own, one
after the other, in interleaved pairs; quoted is the median of the pairs' ratios. The time of the run is that of its
epochs as recorded, with validation, AUC, recording and heartbeat; the time of the script is that of `fit`, with
validation. Both include the tracing of the graph.
"""

import argparse
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--dataset", default="mnist-5k")
    options = parser.parse_args()
    data = catalogue.load(options.dataset, data_dir())
    pictures = len(data.train) * options.epochs
    settings = {"train.epochs": options.epochs, "train.batch_size": BATCH_SIZE}
    config = override(presets.get("compact-valid").config(options.dataset), settings)
    ratios = []
    with tempfile.TemporaryDirectory() as folder, temporary_store() as (store, _):
        file = Path(folder) / "data.npz"
        train, validation = data.train, data.validation
        np.savez(file, x_train=train.images, y_train=train.labels, x_val=validation.images, y_val=validation.labels)
        time.sleep(WARM_UP_S)
        for pair in range(options.pairs):
            run = finished_run(store, submit(store, config).id)
            time.sleep(WARM_UP_S)  # the next worker imports Keras meanwhile
            ours = sum(record.seconds for record in store.epochs(run.id))
            script = [sys.executable, str(HERE / "bare_fit.py"), str(file), str(options.epochs), str(BATCH_SIZE)]
            bare = float(subprocess.run(script, capture_output=True, text=True, check=True).stdout.split()[-1])
            ratios.append(bare / ours)
            print(
                f"pair {pair + 1}: run {pictures / ours:,.0f} images/s, "
                f"Model.fit {pictures / bare:,.0f} images/s, ratio {ratios[-1]:.2f}"
            )
    print(f"median ratio {statistics.median(ratios):.2f} (from {min(ratios):.2f} to {max(ratios):.2f})")


if __name__ == "__main__":
    main()
