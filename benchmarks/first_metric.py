"""Seconds from the start of a run to its first recorded metric, with a worker that has Keras imported and waits.

`python benchmarks/first_metric.py [--runs 5]`: the default run, again and again, each on a fresh warm worker.
"""

import argparse
import statistics
import time

from common import WARM_UP_S, finished_run, temporary_store

from cnn_dash import presets
from cnn_dash.hyperparameters import override
from cnn_dash.runs.submit import submit


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    config = override(presets.get("compact-valid").config(), {"train.epochs": 1})
    seconds = []
    with temporary_store() as (store, _):
        for _ in range(options.runs):
            time.sleep(WARM_UP_S)
            run = finished_run(store, submit(store, config).id)
            assert run.first_metric_seconds is not None
            seconds.append(run.first_metric_seconds)
            print(f"first metric after {seconds[-1]:.2f} s")
    print(f"median {statistics.median(seconds):.2f} s (from {min(seconds):.2f} to {max(seconds):.2f})")


if __name__ == "__main__":
    main()
