"""Seconds from asking a run to pause or stop until it does, at random moments.

`python benchmarks/stop_and_pause.py [--times 10] [--dataset mnist] [--preset compact-same]`. "paused" is the time until
the run is recorded as paused, with its checkpoint; "heard" the time until the worker has put its training down to stop;
"stopped" the time until what it had learned is tested and recorded as well.
"""

import argparse
import random
import statistics
import time
from collections.abc import Callable

from common import temporary_store

from cnn_dash import presets
from cnn_dash.hyperparameters import override
from cnn_dash.runs import actions
from cnn_dash.runs.records import Run
from cnn_dash.runs.status import Status
from cnn_dash.runs.store import RunStore
from cnn_dash.runs.submit import submit


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--dataset", default="mnist")
    parser.add_argument("--preset", default="compact-same")
    options = parser.parse_args()
    config = override(presets.get(options.preset).config(options.dataset), {"train.epochs": 1000})
    rng = random.Random(1)
    times: dict[str, list[float]] = {"paused": [], "heard": [], "stopped": []}
    with temporary_store() as (store, _):
        run = submit(store, config)
        for time_of in range(2 * options.times):
            training(store, run.id)
            time.sleep(rng.uniform(0, 5))
            began = time.monotonic()
            if time_of % 2:
                actions.stop(store, run.id)
                times["heard"].append(until(store, run.id, lambda run: run.acknowledged_at is not None) - began)
                times["stopped"].append(until(store, run.id, lambda run: run.status is Status.STOPPED) - began)
            else:
                actions.pause(store, run.id)
                times["paused"].append(until(store, run.id, lambda run: run.status is Status.PAUSED) - began)
            actions.resume(store, run.id)
        training(store, run.id)
        actions.stop(store, run.id)
        until(store, run.id, lambda run: run.status is Status.STOPPED)
    for name, values in times.items():
        print(f"{name}: median {statistics.median(values):.2f} s, slowest {max(values):.2f} s, {len(values)} times")


def training(store: RunStore, run_id: int) -> None:
    """Wait until a worker has trained a little since it claimed the run."""
    step = 0
    steps = store.changes(run_id).steps
    known = steps[-1].step if steps else 0
    while step <= known or store.run(run_id).status is not Status.RUNNING:
        time.sleep(0.1)
        steps = store.changes(run_id, after_step=known).steps
        step = steps[-1].step if steps else 0


def until(store: RunStore, run_id: int, condition: Callable[[Run], bool]) -> float:
    """The moment at which a condition is met."""
    while not condition(store.run(run_id)):
        time.sleep(0.01)
    return time.monotonic()


if __name__ == "__main__":
    main()
