"""Images whose label is probably wrong, by confident learning (Northcutt, Jiang and Chuang, 2021), as cleanlab does it.

An image is doubtful if a network that has not learned from it is surer of another class than it is of the images of
that class on average. Importing this takes seconds, for scikit-learn; it is done in a process of its own.
"""

from collections.abc import Sequence

import numpy as np
from cleanlab.filter import find_label_issues
from numpy.typing import NDArray

from cnn_dash.errors import StoreError
from cnn_dash.evaluation.label_check import LabelCheck


def check_labels(labels: NDArray[np.int64], probabilities: NDArray[np.float32], networks: Sequence[int]) -> LabelCheck:
    """Compare labels with what networks say that have not learned from these images.

    Args:
        labels: int64 (N,), as they are given.
        probabilities: float32 (N, classes), each row from a network that has not seen the image.
        networks: Numbers of the runs whose networks they are from.

    Raises:
        StoreError: If a probability is not a number, or there are too few images to tell.
    """
    broken = int((~np.isfinite(probabilities).all(axis=1)).sum())
    if broken:
        raise StoreError(
            f"Wrong labels cannot be looked for. Received: NaN or infinity for {broken:,} of {len(labels):,} images. "
            "Allowed: finite probabilities. Train with a lower learning rate."
        )
    try:
        # One process: what cleanlab shares among several takes longer to send than to compute.
        ranked = find_label_issues(labels, probabilities, return_indices_ranked_by="self_confidence", n_jobs=1)
    except ValueError as error:
        raise StoreError(
            f"Wrong labels cannot be looked for. Received: {error}. Allowed: images of at least two classes."
        ) from error
    likely = probabilities.argmax(axis=1)
    rows = np.arange(len(labels))
    return LabelCheck(
        labels=labels,
        likely=np.asarray(likely, np.int64),
        confidence=probabilities[rows, likely],
        of_label=probabilities[rows, labels],
        ranked=np.asarray(ranked, np.int64),
        networks=tuple(networks),
    )
