"""How accurate a network is on disturbed test images."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter, ValidationError

from cnn_dash.errors import StoreError
from cnn_dash.evaluation.disturbances import DISTURBANCES, disturb
from cnn_dash.runs.folder import RunFile

MOST_IMAGES = 2_000
"""Of more test images so many are disturbed, spread evenly."""
VERSION = 1
"""Raise it when the same network and images would give other numbers."""

Predict = Callable[[NDArray[np.uint8]], NDArray[np.float32]]


@dataclass(frozen=True)
class Robustness:
    """Accuracy by disturbance and level.

    Attributes:
        images: How many test images were disturbed.
        accuracies: By name of the disturbance: accuracy 0–1 for each of its levels.
        version: Of the disturbances.
    """

    images: int
    accuracies: Mapping[str, tuple[float, ...]]
    version: int = VERSION

    def write(self, file: RunFile) -> None:
        """Keep it as JSON."""
        file.put(lambda path: path.write_bytes(_JSON.dump_json(self)))

    @classmethod
    def read(cls, file: RunFile) -> "Robustness | None":
        """Read what `write` wrote; None if there is none of this version.

        Raises:
            StoreError: If it is damaged.
        """
        try:
            with file.local_path() as path:
                found = _JSON.validate_json(path.read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, ValidationError) as error:
            raise StoreError(
                f"The robustness of this run cannot be read. Received: {file.name} ({error}). Delete the file, then "
                "measure it once more."
            ) from error
        fits = all(len(found.accuracies.get(one.name, one.levels)) == len(one.levels) for one in DISTURBANCES)
        return found if found.version == VERSION and fits else None


def measure_robustness(
    predict: Predict,
    images: NDArray[np.uint8],
    labels: NDArray[np.int64],
    on_step: Callable[[str, float], None],
    batch: int = 256,
) -> Robustness:
    """Test a network on disturbed images.

    Args:
        predict: The network: images uint8 (N, H, W, C) → probabilities (N, classes).
        images: Test images, uint8 (N, H, W, C), at least one.
        labels: Their classes, int64 (N,).
        on_step: Told what is done, and how much, 0–1.
        batch: How many images the network gets at once.
    """
    count = min(len(labels), MOST_IMAGES)
    chosen = np.arange(count) * len(labels) // count
    images, labels = images[chosen], labels[chosen]

    def accuracy(some: NDArray[np.uint8]) -> float:
        answers = [predict(some[at : at + batch]).argmax(axis=1) for at in range(0, count, batch)]
        return float((np.concatenate(answers) == labels).mean())

    fitting = [one for one in DISTURBANCES if images.shape[3] == 1 or not one.grey_only]
    whole = sum(len(one.levels) for one in fitting)
    done, undisturbed = 0, accuracy(images)
    found: dict[str, tuple[float, ...]] = {}
    for one in fitting:
        measured = []
        for level in one.levels:
            on_step(one.label, done / whole)
            measured.append(undisturbed if level == one.neutral else accuracy(disturb(one, images, level)))
            done += 1
        found[one.name] = tuple(measured)
    return Robustness(count, found)


_JSON = TypeAdapter(Robustness)
