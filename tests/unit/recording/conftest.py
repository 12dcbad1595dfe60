"""Small nets that train in moments, and a callback that records into the test's own store."""

import logging
from collections.abc import Callable, Iterator
from typing import Any

import keras
import numpy as np
import pytest

from cnn_dash.callbacks import DashCallback
from cnn_dash.recording import ending, writer
from cnn_dash.runs.records import Run
from cnn_dash.runs.store import Changes, RunStore
from cnn_dash.settings import Settings

IMAGES, BATCH = 64, 16
BATCHES = IMAGES // BATCH


@pytest.fixture(autouse=True)
def in_the_store_of_the_test(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What a program records goes into the store of the test; nothing of it is left when the test ends."""
    for name, value in settings.environment().items():
        monkeypatch.setenv(name, value)
    yield
    for watch in list(ending._watches):
        watch.end()
    for one in list(writer._writers):
        one.close(5.0)


@pytest.fixture
def data() -> tuple[np.ndarray, np.ndarray]:
    """Images (64, 8, 8, 1) in 0–1 with their classes: the upper or the lower half is bright."""
    random = np.random.default_rng(1)
    labels = random.integers(0, 2, IMAGES)
    images = random.random((IMAGES, 8, 8, 1), np.float32) * 0.3
    images[labels == 0, :4] += 0.6
    images[labels == 1, 4:] += 0.6
    return images, labels


def net(metrics: tuple[Any, ...] = ("accuracy",), optimizer: Any = None, loss: str = "") -> keras.Model:
    """A compiled net for these images."""
    keras.utils.set_random_seed(1)
    model = keras.Sequential(
        [keras.Input((8, 8, 1)), keras.layers.Flatten(), keras.layers.Dense(2, activation="softmax")]
    )
    loss = loss or "sparse_categorical_crossentropy"
    model.compile(optimizer or keras.optimizers.Adam(0.01), loss, metrics=list(metrics))
    return model


@pytest.fixture
def fit(data: tuple[np.ndarray, np.ndarray]) -> Callable[..., keras.Model]:
    """Trains a net with a callback on these images."""

    def fit(callback: DashCallback, model: keras.Model | None = None, **more: Any) -> keras.Model:
        model = model or net()
        more = {"x": data[0], "y": data[1], "batch_size": BATCH, "epochs": 3, "verbose": 0} | more
        more["callbacks"] = [callback, *more.get("callbacks", [])]
        model.fit(**more)
        return model

    return fit


@pytest.fixture
def recorded(store: RunStore) -> Callable[..., Changes]:
    """Reads what a callback has recorded."""

    def recorded(callback: Any) -> Changes:
        assert callback._recorder.writer.flush(20)
        return store.changes(callback.run_id)

    return recorded


def curve(changes: Changes, name: str) -> dict[int, float]:
    """A metric by the epochs that have it."""
    return {one.epoch: one.metrics[name] for one in changes.epochs if name in one.metrics}


def run_of(changes: Changes) -> Run:
    return changes.run


@pytest.fixture
def warnings(caplog: pytest.LogCaptureFixture) -> Callable[[], str]:
    """What was logged as a warning."""
    return lambda: "\n".join(one.getMessage() for one in caplog.records if one.levelno >= logging.WARNING)
