"""A small trained run of ours, and one that a callback recorded, each in the test's own store."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from cnn_dash import presets
from cnn_dash.hyperparameters import override
from cnn_dash.runs.records import Run
from cnn_dash.runs.store import RunStore
from tests import trained

SMALL = {"train.epochs": 1, "train.batch_size": 128, "model.dense.0.units": 16} | {
    f"model.blocks.{block}.filters": 8 for block in range(3)
}


@pytest.fixture
def train(store: RunStore) -> Callable[..., Run]:
    """Train a network of ours for one epoch on the 5,000 digits; settings may be others."""

    def train(changes: dict[str, Any] | None = None) -> Run:
        config = override(presets.get("compact-valid").config(), SMALL | (changes or {}))
        return trained.train(store, config)

    return train


@pytest.fixture
def files(tmp_path: Path) -> Callable[[str], Path]:
    """Where an exported file of this ending goes."""
    return lambda suffix: tmp_path / f"exported{suffix}"


def outside(outputs: str) -> keras.Model:
    """A network of another program for images (8, 8, 3) that are scaled outside of it."""
    keras.utils.set_random_seed(3)
    units, activation = {
        "probabilities": (4, "softmax"), "logits": (4, None), "sigmoid": (1, "sigmoid"), "sigmoid logits": (1, None)
    }[outputs]  # fmt: skip
    layers = [
        keras.Input((8, 8, 3)), keras.layers.Conv2D(4, 3, activation="relu"), keras.layers.Flatten(),
        keras.layers.Dense(units, activation=activation),
    ]  # fmt: skip
    return keras.Sequential(layers)


def bytes_of(count: int = 60) -> np.ndarray:
    """Images uint8 (count, 8, 8, 3)."""
    return np.random.default_rng(5).integers(0, 256, (count, 8, 8, 3), np.uint8)
