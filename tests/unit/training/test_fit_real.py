"""Whole trainings of small, real networks."""

from typing import Any

import keras
import numpy as np
import pytest

from cnn_dash.config import Augmentation, ConvBlock, DenseLayer, ModelConfig, TrainConfig
from cnn_dash.datasets.dataset import Split
from cnn_dash.errors import TrainingError
from cnn_dash.evaluation.metrics import cross_entropy
from cnn_dash.models.build import build
from cnn_dash.recording.hooks import RecordingCallback
from cnn_dash.training.engine import Engine
from cnn_dash.training.fit import fit
from tests.unit.training.listening import Listening


def trained(model: ModelConfig, digits: Split, validation: Split, **train: Any) -> tuple[keras.Model, Listening]:
    settings = TrainConfig.model_validate({"epochs": 2, "batch_size": 48, **train})
    network = build(model, (28, 28, 1), 10, settings.seed)
    listener = Listening()
    fit(Engine(network, digits, settings), validation, listener, callbacks=[RecordingCallback(listener)])
    return network, listener


def same(one: keras.Model, other: keras.Model) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(one.get_weights(), other.get_weights(), strict=True))


def test_a_run_is_a_function_of_its_settings_and_seed(
    everything: ModelConfig, digits: Split, more_digits: Split, monkeypatch: pytest.MonkeyPatch
) -> None:
    train = {"augmentation": Augmentation(shift=0.1, rotation=10), "optimizer": "rmsprop"}
    once, figures = trained(everything, digits, more_digits, seed=1, **train)
    # The second time in calls of another length, as on a machine of another speed.
    monkeypatch.setattr("cnn_dash.training.call_sizing.CALL_S", 1e-9)
    again, same_figures = trained(everything, digits, more_digits, seed=1, **train)
    other, _ = trained(everything, digits, more_digits, seed=2, **train)
    assert same(once, again)
    assert not same(once, other)
    assert [r.metrics["val_loss"] for r in figures.epochs] == [r.metrics["val_loss"] for r in same_figures.epochs]


@pytest.mark.parametrize("smoothing", [0.0, 0.2])
def test_recorded_figures_are_those_that_keras_finds(
    small: ModelConfig, digits: Split, more_digits: Split, smoothing: float
) -> None:
    network, listener = trained(small, digits, more_digits, label_smoothing=smoothing, learning_rate=0.01, epochs=1)
    network.compile(loss=keras.losses.CategoricalCrossentropy(label_smoothing=smoothing), metrics=["accuracy"])
    answers = keras.ops.one_hot(more_digits.labels, 10)
    loss, accuracy = network.evaluate(more_digits.images.astype(np.float32), answers, verbose=0)
    assert listener.epochs[-1].metrics["val_loss"] == pytest.approx(loss, abs=1e-5)
    assert listener.epochs[-1].metrics["val_accuracy"] == pytest.approx(accuracy, abs=1e-6)


def test_a_network_learns(digits: Split, more_digits: Split, small: ModelConfig) -> None:
    deeper = small.model_copy(update={"head": "flatten"})
    _, listener = trained(deeper, digits, more_digits, epochs=6, learning_rate=0.02)
    assert listener.epochs[-1].metrics["val_accuracy"] > 0.6
    assert listener.epochs[-1].metrics["loss"] < listener.epochs[0].metrics["loss"] / 2
    assert listener.epochs[-1].metrics["val_auc"] > 0.9


def test_keep_best_leaves_the_network_of_the_best_epoch(digits: Split, more_digits: Split, small: ModelConfig) -> None:
    # The rate grows until it tears the network apart, so that the best epoch is not the last one.
    jumpy = small.model_copy(update={"head": "flatten"})
    network, listener = trained(
        jumpy, digits, more_digits, epochs=6, learning_rate=1.0, warmup_epochs=6, keep_best=True
    )
    best = min(listener.epochs, key=lambda record: record.metrics["val_loss"])
    assert best.epoch < 6, "choose another rate: this test says nothing if the last epoch is the best"
    p = network.predict(more_digits.images.astype(np.float32), verbose=0)
    assert cross_entropy(more_digits.labels, p) == pytest.approx(best.metrics["val_loss"], abs=1e-5)


def test_steps_far_too_large_end_the_training_with_advice(digits: Split, more_digits: Split) -> None:
    dense = DenseLayer(units=16, activation="leaky_relu")
    block = ConvBlock(filters=4, kernel_size=5, stride=2, activation="leaky_relu")
    exploding = ModelConfig(blocks=(block,), dense=(dense, dense))
    with pytest.raises(
        TrainingError, match=r"received: (nan|inf), in epoch.*Lower the learning rate by a factor of 10"
    ):
        trained(exploding, digits, more_digits, optimizer="sgd", momentum=0.999, learning_rate=1.0, epochs=100)
