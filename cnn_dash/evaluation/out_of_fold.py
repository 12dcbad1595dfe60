"""What networks say of the training images that they have not learned from, put together from the runs on the folds."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cnn_dash.datasets.sources.fold import Fold
from cnn_dash.errors import StoreError
from cnn_dash.evaluation.report import Report, read_report
from cnn_dash.runs.folder import RunFolder
from cnn_dash.runs.records import Run
from cnn_dash.settings import Settings


def out_of_fold(runs: Sequence[Run], labels: NDArray[np.int64], settings: Settings) -> Report:
    """Return labels and probabilities of all training images, each from the network that has not seen it.

    Args:
        runs: One for each fold of one data set, all of them tested.
        labels: int64 (N,), those of all its training images as they are now.
        settings: Where the runs are.

    Raises:
        StoreError: If a fold is missing or not tested, or the labels are no longer those of the runs.
    """
    of_fold = {}
    for run in runs:
        fold = Fold.of(run.recipe.data.dataset)
        if fold is not None and run.result is not None:
            of_fold[fold.number, fold.folds] = (fold, run)
    folds = {fold.folds for fold, _ in of_fold.values()}
    if len(folds) != 1 or len(of_fold) != next(iter(folds)):
        raise StoreError(
            f"Not all parts of the training images have been tested. Received: {len(of_fold)} tested runs. Allowed: "
            "one for each part. Delete these runs, and check the labels once more."
        )
    probabilities: NDArray[np.float32] | None = None
    for fold, run in of_fold.values():
        assert run.result is not None  # see above
        with RunFolder.of(settings, run.id).result(run.result.folder).evaluation.local_path() as file:
            report = read_report(file)
        held_out = fold.held_out(labels)
        if not np.array_equal(report.labels, labels[held_out]):
            raise StoreError(
                f"The training images are no longer those of run {run.id}. Received: other labels. Delete the runs "
                "that check them, and check once more."
            )
        if probabilities is None:
            probabilities = np.empty((len(labels), report.classes), np.float32)
        probabilities[held_out] = report.probabilities
    assert probabilities is not None  # at least one fold
    return Report(labels, probabilities)
