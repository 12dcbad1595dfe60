"""How well a trained network reads drawn digits, against the same digits as they are in MNIST.

`python benchmarks/drawn_digits.py RUN [--digits 2000]`, RUN a number or `latest`, of the store that the environment
names. The digits are MNIST test digits at random places, sizes and stroke widths, black on white and white on black.
"""

import argparse

from common import data_dir
from drawn import accuracy_of

from cnn_dash.datasets import catalogue
from cnn_dash.inference.predictor import Predictor
from cnn_dash.runs.folder import ResultFolder
from cnn_dash.runs.status import Status
from cnn_dash.runs.store import RunStore
from cnn_dash.settings import Settings


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run")
    parser.add_argument("--digits", type=int, default=2000)
    options = parser.parse_args()
    store = RunStore(Settings.from_environment())
    run = store.latest(Status.FINISHED) if options.run == "latest" else store.run(int(options.run))
    if run is None:
        raise SystemExit("No run has finished yet.")
    predictor = Predictor(ResultFolder.of(store.settings, run))
    test = catalogue.load("mnist", data_dir()).test
    score = accuracy_of(predictor.probabilities, test.images[: options.digits], test.labels[: options.digits])
    print(f"run {run.id}, {run.name}: {options.digits} digits")
    print(f"plain {score.plain_accuracy:.2%}, drawn {score.accuracy:.2%}, gap {100 * score.gap:.2f} points")
    for kind, accuracy in sorted(score.by.items()):
        print(f"  {kind}: {accuracy:.2%}")


if __name__ == "__main__":
    main()
