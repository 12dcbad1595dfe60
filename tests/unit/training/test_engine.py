"""The engine against Keras itself, batch for batch."""

from pathlib import Path

import keras
import numpy as np
import pytest

from cnn_dash.config import Augmentation, ModelConfig, Optimizer, TrainConfig
from cnn_dash.datasets.dataset import Split
from cnn_dash.datasets.selected_images import SelectedImages
from cnn_dash.models.build import build
from cnn_dash.training import engine as module
from cnn_dash.training.engine import Engine, class_weights, optimizer

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


@pytest.mark.parametrize("part_batches", [1, 3])
def test_a_training_set_that_stays_in_its_file_gives_the_same_bits(
    part_batches: int, everything: ModelConfig, digits: Split, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Memory-mapped, in an order of its own, and copied to the device in parts that end within a call."""
    order = np.random.default_rng(1).permutation(len(digits))
    file = tmp_path / "images.npy"
    np.save(file, np.asarray(digits.images)[np.argsort(order)])
    mapped = Split(SelectedImages(np.load(file, mmap_mode="r"), order), digits.labels)
    np.testing.assert_array_equal(mapped.images, digits.images)
    monkeypatch.setattr(module, "PART_BYTES", part_batches * 32 * 28 * 28)
    train = TrainConfig(augmentation=Augmentation(shift=0.1, rotation=10), balance_classes=True, seed=7)
    found = []
    for split, budget in ((digits, mapped.images.nbytes), (mapped, mapped.images.nbytes - 1)):
        model = network(everything)
        found.append((Engine(model, split, train, budget).steps(BATCHES, RATES, 5), model.get_weights()))
    (sums, weights), (other_sums, other_weights) = found
    assert sums == other_sums
    assert all(np.array_equal(a, b) for a, b in zip(weights, other_weights, strict=True))


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


def test_class_weights_are_those_of_scikit_learn() -> None:
    from sklearn.utils.class_weight import compute_class_weight

    labels = np.repeat(np.arange(4), [90, 7, 2, 1])
    expected = compute_class_weight("balanced", classes=np.arange(4), y=labels)
    np.testing.assert_allclose(class_weights(labels, 4), expected, rtol=1e-6)
    assert class_weights(labels, 4)[labels].mean() == pytest.approx(1)
    with_an_empty_class = class_weights(labels, 5)
    np.testing.assert_allclose(with_an_empty_class[:4], expected, rtol=1e-6)


def test_balanced_classes_give_a_rare_class_its_share_of_the_gradient(small: ModelConfig, digits: Split) -> None:
    labels = np.where(np.arange(len(digits)) % 20 == 0, 1, 0).astype(np.int64)
    split = Split(digits.images, labels)
    batch = np.arange(40, dtype=np.int32)[None]
    losses = {}
    for balanced in (False, True):
        model = build(small, (28, 28, 1), 2, seed=5)
        engine = Engine(model, split, TrainConfig(balance_classes=balanced))
        p = engine.probabilities(split.images[:40])
        losses[balanced] = engine.steps(batch, np.array([0.0], np.float32), 0)[0] / 40
        each = -np.log(p[np.arange(40), labels[:40]])
        weights = class_weights(labels, 2)[labels[:40]] if balanced else np.ones(40)
        assert losses[balanced] == pytest.approx(float((each * weights).mean()), rel=1e-4)
    assert losses[True] != pytest.approx(losses[False], rel=1e-3)
