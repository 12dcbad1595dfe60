"""Does what takes long for a run, in a process of its own: `python -m cnn_dash.evaluation RUN TASK`.

Prints one JSON value a line: `{"step": …, "share": …}` while it works, then `{"done": true}` or `{"error": …}`.
"""

import sys

import numpy as np
from numpy.typing import NDArray

from cnn_dash.errors import CnnDashError
from cnn_dash.evaluation.kept import kept_file
from cnn_dash.evaluation.label_check import kept_check
from cnn_dash.evaluation.nearest import Nearest, find_nearest
from cnn_dash.evaluation.out_of_fold import out_of_fold
from cnn_dash.evaluation.report import Split
from cnn_dash.evaluation.robustness import measure_robustness
from cnn_dash.evaluation.run_images import images_tested, images_trained, labels_of_training, report_of
from cnn_dash.keras_alone import leave_out_adapters
from cnn_dash.runs.fold_runs import fold_runs
from cnn_dash.runs.folder import ResultFolder
from cnn_dash.runs.records import Run
from cnn_dash.runs.store import RunStore
from cnn_dash.settings import Settings
from cnn_dash.strict_json import dumps

_LABELS: dict[str, Split] = {"labels-test": "test", "labels-train": "train"}
_LOADED = 0.1  # the share of the work that is loading TensorFlow and the network


def _tell(**value: object) -> None:
    sys.stdout.write(dumps(value) + "\n")
    sys.stdout.flush()


def _step(step: str, share: float) -> None:
    _tell(step=step, share=_LOADED + (1 - _LOADED) * share)


def _run(run_id: int, task: str) -> None:
    store = RunStore(Settings.from_environment())
    run = store.run(run_id)
    if task in _LABELS:
        _check_labels(store, run, _LABELS[task])
        return
    folder = ResultFolder.of(store.settings, run)
    test = images_tested(run, store.settings)
    from cnn_dash.inference.predictor import Predictor  # TensorFlow: not before it is known that there is work

    predictor = Predictor(folder)
    if task == "robustness":
        measure_robustness(predictor.probabilities, test.images, test.labels, _step).write(
            kept_file(folder, "robustness.json")
        )
        return
    train, positions = images_trained(run, store.settings)

    def features(images: NDArray[np.uint8]) -> NDArray[np.float32]:
        return predictor.outputs(images)[1]

    found = find_nearest(features, train, test.images, lambda share: _step("Looking for alike images", share))
    store.run(run_id)  # one that was deleted meanwhile keeps nothing
    Nearest(positions[found.indices], found.similarities, found.searched).write(kept_file(folder, "nearest.npz"))


def _check_labels(store: RunStore, run: Run, split: Split) -> None:
    from cnn_dash.evaluation.label_issues import check_labels  # scikit-learn: only this task needs it

    networks = fold_runs(store, run.id) if split == "train" else [run]
    if split == "train":
        report = out_of_fold(networks, labels_of_training(run, store.settings), store.settings)
    else:
        report = report_of(run, store.settings)
    _step("Confident learning", 0.5)
    found = check_labels(report.labels, report.probabilities, [one.id for one in networks])
    store.run(run.id)  # one that was deleted meanwhile keeps nothing
    found.write(kept_check(store.settings, run, split))


def main(run: str, task: str) -> None:
    """Do it, and tell how far it is."""
    try:
        _run(int(run), task)
    except CnnDashError as error:
        _tell(error=str(error))
    except OSError as error:
        _tell(error=f"What was found cannot be kept. Received: {error}. See that the disk has room, then try again.")
    except MemoryError:
        _tell(error="The machine ran out of memory. Close other programs, then try again.")
    else:
        _tell(done=True)


if __name__ == "__main__":
    if sys.argv[2] not in _LABELS:  # those need scikit-learn
        leave_out_adapters()
    main(*sys.argv[1:])
