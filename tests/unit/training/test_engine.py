"""The engine against Keras itself, batch for batch."""

import keras
import numpy as np
import pytest

from cnn_dash.config import Augmentation, ModelConfig, Optimizer, TrainConfig
from cnn_dash.datasets.dataset import Split
from cnn_dash.models.build import build
from cnn_dash.training.engine import Engine, optimizer

RATES = np.array([0.01, 0.02, 0.005, 0.03], np.float32)
BATCHES = np.random.default_rng(3).integers(0, 256, (4, 32)).astype(np.int32)


def network(config: ModelConfig) -> keras.Model:
    return build(config, (28, 28, 1), 10, seed=5)


@pytest.mark.parametrize("name", ["adam", "adamw", "rmsprop", "sgd", "nadam"])
def test_steps_do_what_train_on_batch_does(name: Optimizer, small: ModelConfig, digits: Split) -> None:
    train = TrainConfig(optimizer=name, label_smoothing=0.1, weight_decay=0.1)
    ours, theirs = network(small), network(small)
    engine = Engine(ours, digits, train)
    loss_sum, right = engine.steps(BATCHES, RATES, 0)

    theirs.compile(optimizer(train), keras.losses.CategoricalCrossentropy(label_smoothing=0.1), metrics=["accuracy"])
    losses, accuracies = [], []
    for batch, rate in zip(BATCHES, RATES, strict=True):
        theirs.optimizer.learning_rate = rate
        theirs.reset_metrics()
        answers = keras.ops.one_hot(digits.labels[batch], 10)
        loss, accuracy = theirs.train_on_batch(digits.images[batch].astype(np.float32), answers)
        losses.append(loss)
        accuracies.append(accuracy)
    assert loss_sum / BATCHES.size == pytest.approx(np.mean(losses), abs=1e-5)
    assert right / BATCHES.size == pytest.approx(np.mean(accuracies), abs=1e-6)
    begun = network(small).get_weights()
    for mine, other, first in zip(ours.get_weights(), theirs.get_weights(), begun, strict=True):
        np.testing.assert_allclose(mine, other, atol=1e-5)
        assert not np.array_equal(mine, first)


def test_steps_in_one_call_or_many_give_the_same_bits(everything: ModelConfig, digits: Split) -> None:
    train = TrainConfig(augmentation=Augmentation(shift=0.1, rotation=10, zoom=0.1), seed=7)
    weights = []
    for together in (1, 2, 4):
        model = network(everything)
        engine = Engine(model, digits, train)
        for first in range(0, 4, together):
            engine.steps(BATCHES[first : first + together], RATES[first : first + together], first)
        weights.append(model.get_weights())
    for other in weights[1:]:
        assert all(np.array_equal(a, b) for a, b in zip(weights[0], other, strict=True))


def test_augmentation_follows_the_seed_and_the_number_of_the_step(small: ModelConfig, digits: Split) -> None:
    def loss(seed: int, first_step: int, shift: float = 0.2) -> float:
        train = TrainConfig(augmentation=Augmentation(shift=shift), seed=seed)
        return Engine(network(small), digits, train).steps(BATCHES[:1], RATES[:1], first_step)[0]

    assert len({loss(1, 0), loss(1, 1), loss(2, 0), loss(1, 0, shift=0.0)}) == 4


def test_probabilities_are_those_of_the_network_now(small: ModelConfig, digits: Split) -> None:
    model = network(small)
    engine = Engine(model, digits, TrainConfig())
    many = np.concatenate([digits.images] * 3)  # more than one batch of predictions, and a smaller last one
    before = engine.probabilities(many)
    assert before.shape == (768, 10)
    assert before.dtype == np.float32
    np.testing.assert_allclose(before, model.predict(many.astype(np.float32), verbose=0), atol=1e-6)
    engine.steps(BATCHES, RATES, 0)
    after = engine.probabilities(many)
    assert not np.allclose(before, after)
    np.testing.assert_allclose(after, model.predict(many.astype(np.float32), verbose=0), atol=1e-6)
