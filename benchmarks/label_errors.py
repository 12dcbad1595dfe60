"""How many of 3 % flipped labels the Labels tab finds, of training and test images: `benchmarks/label_errors.py`.

Takes `mnist-5k`, which needs no download, flips labels at random, imports it as an own data set, trains a run and its
check runs, looks for wrong labels as the page does, and says how many of the flipped ones are among those found.
Options: `--share 0.03 --folds 5 --epochs 5 --dataset mnist-5k --preset compact-valid`.
"""

import argparse
import tempfile
from pathlib import Path

import numpy as np
from common import data_dir

from cnn_dash import presets
from cnn_dash.datasets import catalogue
from cnn_dash.datasets.importing import import_dataset
from cnn_dash.datasets.own.importing import import_from
from cnn_dash.datasets.own.manifest import ImportOptions
from cnn_dash.datasets.readers.opening import open_reader
from cnn_dash.evaluation.label_check import LabelCheck, kept_check
from cnn_dash.evaluation.processes import run_task
from cnn_dash.hyperparameters import override
from cnn_dash.jobs import Job
from cnn_dash.runs import batch, fold_runs
from cnn_dash.runs.lease import Lease
from cnn_dash.runs.records import Run
from cnn_dash.runs.status import Status
from cnn_dash.runs.store import RunStore, Worker
from cnn_dash.runs.submit import submit
from cnn_dash.settings import Settings
from cnn_dash.training.run import train_run

NAME = "flipped"


def flipped(labels: np.ndarray, share: float, seed: int) -> np.ndarray:
    """Return labels of which a share is another class."""
    random = np.random.default_rng(seed)
    chosen = random.choice(len(labels), round(share * len(labels)), replace=False)
    classes = int(labels.max()) + 1
    made = labels.copy()
    made[chosen] = (labels[chosen] + random.integers(1, classes, len(chosen))) % classes
    return made


def train_next(store: RunStore) -> Run:
    lease = Lease.claim(store, Worker("benchmark", 1, "here"))
    assert lease is not None
    assert train_run(lease, store.settings) is Status.FINISHED
    return store.run(lease.run.id)


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--share", type=float, default=0.03)
    options.add_argument("--folds", type=int, default=5)
    options.add_argument("--epochs", type=int, default=5)
    options.add_argument("--dataset", default="mnist-5k")
    options.add_argument("--preset", default="compact-valid")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as home:
        settings = Settings(home=Path(home), data_dir=Path(home) / "data")
        source = catalogue.source(chosen.dataset)
        made = import_dataset(source, data_dir(), None)
        images = np.concatenate([made.train_images, made.test_images])
        labels = np.concatenate([made.train_labels, made.test_labels])
        told = flipped(labels, chosen.share, seed=1)
        file = Path(home) / "flipped.npz"
        count = len(made.train_labels)
        np.savez(
            file,
            x_train=images[:count, ..., 0],
            y_train=told[:count],
            x_test=images[count:, ..., 0],
            y_test=told[count:],
        )
        size = made.train_images.shape[1]
        import_from(open_reader(file), NAME, settings.data_dir, ImportOptions(size=size))
        store = RunStore(settings)
        config = override(
            presets.get(chosen.preset).config(NAME), {"train.epochs": chosen.epochs, "train.keep_best": True}
        )
        submit(store, config)
        run = train_next(store)
        planned = batch.plan(settings, fold_runs.configs(run, chosen.folds, chosen.epochs), [])
        for _ in fold_runs.start(store, run, planned):
            train_next(store)
        own = catalogue.source(NAME, settings.data_dir)
        now = import_dataset(own, settings.data_dir, None)
        truth = {image.tobytes(): label for image, label in zip(images, labels, strict=True)}
        for split, pixels, given in (
            ("train", now.train_images, now.train_labels),
            ("test", now.test_images, now.test_labels),
        ):
            run_task(Job(), settings, run.id, f"labels-{split}")
            found = LabelCheck.read(kept_check(settings, run, split))
            assert found is not None
            true = np.array([truth[image.tobytes()] for image in pixels])
            wrong = np.flatnonzero(true != given)
            hit = np.isin(found.ranked, wrong)
            right_class = true[found.ranked[hit]] == found.likely[found.ranked[hit]]
            first = np.isin(found.ranked[: len(wrong)], wrong).sum()
            print(
                f"{split}: {len(given):,} images, {len(wrong)} labels flipped; {len(found.ranked)} found, of them "
                f"{hit.sum()} flipped ({hit.sum() / len(wrong):.1%} of the flipped), {first} among the first "
                f"{len(wrong)}; the likely class is the true one for {right_class.mean():.1%}; accuracy of the "
                f"networks {found.accuracy:.2%}"
            )


if __name__ == "__main__":
    main()
