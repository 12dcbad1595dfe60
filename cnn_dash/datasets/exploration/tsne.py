"""t-SNE of scikit-learn, and the program that does it: `python -m cnn_dash.datasets.exploration.tsne FROM TO`.

It cannot be interrupted within a process, so the page has it done in one of its own, which can be ended. FROM holds
components (n, d), TO gets points (n, 2), both as `.npy`; how far it is goes to standard output as `{"share": …}`.
"""

import contextlib
import io
import json
import re
import sys

import numpy as np
from numpy.typing import NDArray

_STEPS = 1000
_STEP = re.compile(r"Iteration (\d+)")


def tsne(components: NDArray[np.float32], *, verbose: bool = False) -> NDArray[np.float32]:
    """Place points of many dimensions on a plane, neighbours together; on one CPU, as others may train.

    Args:
        components: float32 (n, d), d ≥ 2, the first principal components. Where they begin on the plane.
        verbose: Print how far it is, as scikit-learn does.
    """
    from sklearn.manifold import TSNE  # not before it is wanted: importing it takes a second

    spread = max(float(components[:, 0].std()), 1e-6)
    model = TSNE(
        perplexity=min(30.0, (len(components) - 1) / 3),
        init=components[:, :2] / spread * 1e-4,
        learning_rate="auto",
        max_iter=_STEPS,
        random_state=0,
        n_jobs=1,
        verbose=2 if verbose else 0,
    )
    return np.asarray(model.fit_transform(components), np.float32)


class _Shares(io.StringIO):
    """Makes shares of what scikit-learn prints."""

    def write(self, text: str) -> int:
        if found := _STEP.search(text):
            _tell(share=int(found[1]) / _STEPS)
        return len(text)


def _tell(**what: object) -> None:
    if sys.__stdout__ is not None:
        sys.__stdout__.write(f"{json.dumps(what)}\n")
        sys.__stdout__.flush()


def main(read: str, write: str) -> None:
    """Do it, and tell how far it is."""
    components = np.load(read, allow_pickle=False)
    with contextlib.redirect_stdout(_Shares()):
        points = tsne(components, verbose=True)
    np.save(write, points)
    _tell(done=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
