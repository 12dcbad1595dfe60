"""The scripts in `examples/`, in a small form: with made images instead of a download."""

import keras
import numpy as np
import pytest

from cnn_dash.runs.records import Run
from cnn_dash.runs.status import Status
from cnn_dash.runs.store import RunStore
from examples import cifar10_functional, mnist_convnet, own_loop, transfer_learning


@pytest.fixture(autouse=True)
def made_images(monkeypatch: pytest.MonkeyPatch) -> None:
    def data(*shape: int) -> object:
        random = np.random.default_rng(1)
        x, y = random.integers(0, 256, (128, *shape), np.uint8), random.integers(0, 10, 128).astype(np.uint8)
        y[:10] = range(10)
        return (x, y), (x[:32], y[:32])

    monkeypatch.setattr(keras.datasets.mnist, "load_data", lambda: data(28, 28))
    monkeypatch.setattr(keras.datasets.cifar10, "load_data", lambda: data(32, 32, 3))


def recorded(store: RunStore, callback: object) -> Run:
    assert callback._recorder.writer.flush(30)
    run = store.run(callback.run_id)
    assert run.status is Status.FINISHED
    assert run.has_network
    assert run.has_predictions
    assert "example" in run.tags
    assert {"loss", "val_loss", "accuracy", "val_accuracy"} <= set(run.metrics)
    return run


def test_mnist_convnet(store: RunStore) -> None:
    run = recorded(store, mnist_convnet.main(epochs=2))
    assert (run.epoch, run.train_images, run.batches) == (2, 115, 1)


def test_cifar10_functional(store: RunStore) -> None:
    run = recorded(store, cifar10_functional.main(epochs=2))
    assert (run.monitor, run.settings["learning_rate"]) == ("val_accuracy", "CosineDecay")


def test_transfer_learning(store: RunStore, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = keras.applications.MobileNetV2

    def beginning(**told: object) -> keras.Model:
        """The first blocks of the network that is asked for: all of it takes a minute to be traced twice."""
        base = whole(**told)
        return keras.Model(base.inputs, base.get_layer("block_2_add").output)

    monkeypatch.setattr(keras.applications, "MobileNetV2", beginning)
    run = recorded(store, transfer_learning.main(epochs=1, size=32, weights=None))
    assert (run.epoch, run.params["stages"]) == (2, [1])


def test_own_loop(store: RunStore) -> None:
    run = recorded(store, own_loop.main(epochs=2))
    assert (run.epoch, run.epochs, run.batches) == (2, 2, 2)
