"""Whether an image is one of those that a network can judge: what it has seen, and how sure it is when it is right.

A network gives a letter or a scribble 99 % as readily as a digit. Two numbers tell. One is how far the features of the
image are from those of training images: the cosine distance to the nearest (Sun et al., "Out-of-Distribution Detection
with Deep Nearest Neighbors", 2022). The other is the entropy of the temperature-scaled probabilities (Guo et al., "On
Calibration of Modern Neural Networks", 2017). Nearly all validation images stay below the limits of both.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cnn_dash.errors import StoreError

Floats = NDArray[np.float32]

KEPT = 0.995
"""The share of validation images that is not doubted; of test images it is about 99 %."""

IMAGES = 2_000
"""So many training images, and validation images, are enough."""

_NEIGHBOURS = 5
_MOST = 2_000_000  # numbers are kept, 4 MB
_TEMPERATURES = np.geomspace(0.25, 8, 101)
_LEAST = 1e-12


@dataclass(frozen=True)
class Familiarity:
    """What a network has seen.

    Attributes:
        features: float32 (N, D), those of training images, each of length 1.
        temperature: Divides the logits so that the probabilities say how often the network is right.
        distance_limit: Farther from the training images than this, an image is doubtful.
        entropy_limit: Less decided than this, in nats, an answer is doubtful.
        kept_temperature: The one that a person has kept, by which probabilities are told; None for the fitted one. What
            is doubtful does not depend on it.
    """

    features: Floats
    temperature: float
    distance_limit: float
    entropy_limit: float
    kept_temperature: float | None = None

    @classmethod
    def measure(cls, seen: Floats, features: Floats, probabilities: Floats, labels: NDArray[np.int64]) -> "Familiarity":
        """Measure it.

        Args:
            seen: Features of training images, (N, D).
            features: Features of validation images, (M, D).
            probabilities: What the network gives for them, (M, classes).
            labels: Their classes, (M,).
        """
        known = _unit(seen[: max(1, _MOST // seen.shape[1])]).astype(np.float16).astype(np.float32)  # as they are kept
        temperature = _temperature(probabilities, labels)
        distances = _distances(features, known)
        entropies = _entropies(scaled(probabilities, temperature))
        low, high = KEPT, 1.0
        for _ in range(20):  # each limit keeps a little more, so that both together keep what they should
            share = (low + high) / 2
            limits = np.quantile(distances, share), np.quantile(entropies, share)
            kept = np.mean((distances <= limits[0]) & (entropies <= limits[1]))
            low, high = (share, high) if kept < KEPT else (low, share)
        distance_limit, entropy_limit = (float(np.quantile(values, high)) for values in (distances, entropies))
        return cls(known, temperature, max(distance_limit, _LEAST), max(entropy_limit, _LEAST))

    @property
    def told_temperature(self) -> float:
        """The temperature by which probabilities are told."""
        return self.temperature if self.kept_temperature is None else self.kept_temperature

    def calibrated(self, probabilities: Floats) -> Floats:
        """Return probabilities (N, classes) that say how often the network is right; their order stays."""
        return scaled(probabilities, self.told_temperature)

    def strangeness(self, features: Floats) -> Floats:
        """Return how far images are from the training images, (N,): above 1 they are doubtful."""
        return _distances(features, self.features) / np.float32(self.distance_limit)

    def indecision(self, probabilities: Floats) -> Floats:
        """Return how undecided probabilities are, as the network gives them, (N,): above 1 they are doubtful."""
        return _entropies(scaled(probabilities, self.temperature)) / np.float32(self.entropy_limit)

    def write(self, file: Path) -> None:
        """Write it as a NumPy archive."""
        with file.open("wb") as stream:
            np.savez_compressed(
                stream,
                features=self.features.astype(np.float16),
                limits=np.array([self.temperature, self.distance_limit, self.entropy_limit]),
            )

    @classmethod
    def read(cls, file: Path) -> "Familiarity":
        """Read what `write` wrote.

        Raises:
            FileNotFoundError: If there is none.
            StoreError: If it is damaged.
        """
        try:
            with np.load(file, allow_pickle=False) as archive:
                features, limits = archive["features"].astype(np.float32), archive["limits"].astype(float)
            if features.ndim != 2 or limits.shape != (3,) or not (np.isfinite(limits).all() and (limits > 0).all()):
                raise ValueError("arrays of another shape")
        except FileNotFoundError:
            raise
        except Exception as error:  # a damaged archive makes NumPy raise nearly anything
            raise StoreError(
                f"What the network of this run has seen cannot be read. Received: {file.name} ({error}). "
                "Train it again with the same settings."
            ) from error
        return cls(features, *(float(limit) for limit in limits))


def _unit(features: Floats) -> Floats:
    return np.asarray(features / np.maximum(np.linalg.norm(features, axis=1, keepdims=True), _LEAST), np.float32)


def _distances(features: Floats, known: Floats) -> Floats:
    """Return the mean cosine distance to the nearest known features, (N,), 0 to 2."""
    alike = _unit(features) @ known.T
    nearest = min(_NEIGHBOURS, alike.shape[1])
    return np.asarray(1 - np.partition(alike, -nearest, axis=1)[:, -nearest:].mean(axis=1), np.float32)


def scaled(probabilities: Floats, temperature: float) -> Floats:
    """Return probabilities (N, classes) whose logits are divided by a temperature."""
    logits = np.log(np.maximum(probabilities, _LEAST)) / temperature
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), np.float32)


def _entropies(probabilities: Floats) -> Floats:
    return np.asarray(-(probabilities * np.log(np.maximum(probabilities, _LEAST))).sum(axis=1), np.float32)


def _temperature(probabilities: Floats, labels: NDArray[np.int64]) -> float:
    """Return the temperature under which the labels are most likely."""
    rows = np.arange(len(labels))
    losses = [-np.log(np.maximum(scaled(probabilities, one)[rows, labels], _LEAST)).mean() for one in _TEMPERATURES]
    return float(_TEMPERATURES[int(np.argmin(losses))])
