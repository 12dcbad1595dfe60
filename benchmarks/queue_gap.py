"""Seconds between two runs of the queue: from the end of one to the first recorded metric of the next.

`python benchmarks/queue_gap.py [--runs 6]`: the default run, several times in one batch, by one worker after the other.
"""

import argparse
import itertools
import statistics

from common import finished_run, temporary_store

from cnn_dash import presets
from cnn_dash.runs.submit import submit


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=6)
    options = parser.parse_args()
    with temporary_store() as (store, _):
        ids = [submit(store, presets.get("compact-valid").config()).id for _ in range(options.runs)]
        runs = [finished_run(store, run_id) for run_id in ids]
    gaps = []
    for one, after in itertools.pairwise(runs):
        assert one.ended_at is not None
        assert after.first_metric_at is not None
        gaps.append((after.first_metric_at - one.ended_at).total_seconds())
        print(f"first metric {gaps[-1]:.2f} s after the run before")
    assert runs[-1].ended_at is not None
    whole = (runs[-1].ended_at - runs[0].created_at).total_seconds()
    print(f"median {statistics.median(gaps):.2f} s (from {min(gaps):.2f} to {max(gaps):.2f}), {whole:.1f} s for all")


if __name__ == "__main__":
    main()
