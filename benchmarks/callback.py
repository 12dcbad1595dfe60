"""What `DashCallback` costs: share of the time of `fit` at 1,000 batches a second and more, and its import.

    python benchmarks/callback.py [--pairs 40]

Each pair is one `fit` without the callback and one with it, in turn one or the other first; the median of the ratios
counts. A third kind of `fit`, with an empty callback, tells how much two equal fits differ. CPU time counts the threads
of the callback too, and depends less on what else the machine does.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).parents[1]
sys.path.insert(0, str(REPOSITORY))  # so that the script runs as a file; `common` would import more than is measured

BATCHES, EPOCHS, BATCH = 1_000, 4, 8
IMPORT = (
    "import keras, time; began = time.perf_counter(); import cnn_dash.callbacks; print(time.perf_counter() - began)"
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=40)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="cnn-dash-benchmark-") as home:
        os.environ["CNN_DASH_HOME"] = home
        measure(arguments.pairs)
    times = [import_s() for _ in range(5)]
    print(f"import beyond Keras: median {statistics.median(times):.3f} s of {len(times)}, limit 0.3 s")


def import_s() -> float:
    """Return the seconds that a new process needs to import the callback after Keras."""
    imported = subprocess.run(
        [sys.executable, "-c", IMPORT], capture_output=True, text=True, check=True, cwd=REPOSITORY
    )
    return float(imported.stdout)


def measure(pairs: int) -> None:
    import keras
    import numpy as np

    from cnn_dash.callbacks import DashCallback

    images = np.random.default_rng(1).random((BATCHES * BATCH, 8, 8, 1), np.float32)
    labels = np.random.default_rng(2).integers(0, 10, len(images))
    model = keras.Sequential(
        [keras.Input((8, 8, 1)), keras.layers.Flatten(), keras.layers.Dense(10, activation="softmax")]
    )
    model.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"])

    def fit(callbacks: list[keras.callbacks.Callback]) -> tuple[float, float]:
        began = time.perf_counter(), time.process_time()
        model.fit(images, labels, batch_size=BATCH, epochs=EPOCHS, shuffle=False, verbose=0, callbacks=callbacks)
        return time.perf_counter() - began[0], time.process_time() - began[1]

    recorded = DashCallback("benchmark", save=None)
    kinds = {
        "without": lambda: fit([]),
        "DashCallback": lambda: fit([recorded]),
        "nothing else": lambda: fit([keras.callbacks.Callback()]),
    }
    for run in kinds.values():
        run()
    ratios: dict[tuple[str, int], list[float]] = {(name, clock): [] for name in kinds for clock in (0, 1)}
    speeds = []
    for pair in range(pairs):
        order = list(kinds) if pair % 2 else list(reversed(kinds))
        times = {name: kinds[name]() for name in order}
        speeds.append(BATCHES * EPOCHS / times["without"][0])
        for name, clock in ratios:
            ratios[name, clock].append(times[name][clock] / times["without"][clock])
    print(f"{statistics.median(speeds):,.0f} batches/s without a callback, {max(speeds):,.0f} at best, {pairs} pairs")
    for (name, clock), found in ratios.items():
        if name != "without":
            low, middle, high = (100 * (ratio - 1) for ratio in statistics.quantiles(found, n=4))
            what = ("time", "CPU time")[clock]
            print(f"{name:>13}: {middle:+.1f} % of the {what} (quartiles {low:+.1f} to {high:+.1f})")
    hooks(recorded)


def hooks(callback: Any) -> None:
    """Time what is called with each batch: 20 µs are 2 % at 1,000 batches/s."""
    logs, calls = {"loss": 0.5, "accuracy": 0.5}, 20_000
    callback._recorder.begin_epoch(0)
    began = time.thread_time()
    for batch in range(calls):
        callback.on_train_batch_begin(batch % BATCHES)
        callback.on_train_batch_end(batch % BATCHES, logs)
    print(f"hooks of a batch: {1e6 * (time.thread_time() - began) / calls:.1f} µs of CPU time, limit 20 µs")


if __name__ == "__main__":
    main()
