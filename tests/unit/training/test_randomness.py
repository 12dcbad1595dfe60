import keras
import numpy as np

from cnn_dash.config import ModelConfig
from cnn_dash.models.build import build
from cnn_dash.training.randomness import order, seed_dropout


def test_an_epoch_sees_every_picture_once() -> None:
    places = order(1000, seed=1, epoch=0)
    assert places.dtype == np.int32
    assert sorted(places) == list(range(1000))
    assert list(places) != sorted(places)


def test_the_order_is_a_function_of_seed_and_epoch() -> None:
    assert np.array_equal(order(100, 1, 3), order(100, 1, 3))
    orders = {tuple(order(100, seed, epoch)) for seed in (0, 1, 2, 2**31 - 1) for epoch in (0, 1, 2)}
    assert len(orders) == 12


def masks(model: keras.Model) -> list[np.ndarray]:
    return [np.asarray(model(np.full((1, 28, 28, 1), 200, np.float32), training=True)) for _ in range(2)]


def test_dropout_depends_on_seed_and_epoch_and_not_on_what_was_drawn_before(everything: ModelConfig) -> None:
    model = build(everything, (28, 28, 1), 10, seed=1)
    model.trainable = False  # batch normalization stands still, so only the masks differ
    seed_dropout(model, 1, 4)
    once = masks(model)
    seed_dropout(model, 1, 4)
    assert np.array_equal(once, masks(model))
    assert not np.array_equal(once[0], once[1])
    for seed, epoch in ((1, 5), (2, 4)):
        seed_dropout(model, seed, epoch)
        assert not np.array_equal(once, masks(model))


def test_each_dropout_layer_has_masks_of_its_own(everything: ModelConfig) -> None:
    model = build(everything, (28, 28, 1), 10, seed=1)
    seed_dropout(model, 1, 0)
    states = [tuple(np.asarray(g.state)) for layer in model.layers if (g := getattr(layer, "seed_generator", None))]
    assert len(states) == len(set(states)) == 2
