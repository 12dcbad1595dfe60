"""What the built model promises beyond the figures of the table: input, output, seeds, files."""

import os
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest

from cnn_dash.config import ConvBlock, DenseLayer, ModelConfig
from cnn_dash.errors import ConfigError
from cnn_dash.models.build import build, layer_seed
from cnn_dash.models.layers import LEAKY_SLOPE
from cnn_dash.presets import PRESETS

REPOSITORY = Path(__file__).parents[3]
SHAPE = (28, 28, 1)
ALL_SORTS = ModelConfig(
    blocks=(
        ConvBlock(filters=4, batch_norm=True, activation="leaky_relu", dropout=0.3),
        ConvBlock(filters=4, padding="same", activation="gelu", pooling="none", dropout=0.3),
        ConvBlock(filters=4, padding="same", stride=2, activation="elu", pooling="average"),
    ),
    head="global_average",
    dense=(DenseLayer(units=8, activation="tanh", dropout=0.3),),
)


@pytest.fixture(scope="module")
def pictures() -> np.ndarray:
    return np.random.default_rng(7).integers(0, 256, (5, *SHAPE), dtype=np.uint8)


def kernels(model: keras.Model) -> dict[str, np.ndarray]:
    return {layer.name: keras.ops.convert_to_numpy(layer.kernel) for layer in model.layers if hasattr(layer, "kernel")}


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_turns_raw_pixels_into_probabilities(name, pictures):
    answer = np.asarray(build(PRESETS[name].model, SHAPE, 10, seed=1)(pictures))

    assert answer.shape == (5, 10)
    assert answer.dtype == np.float32
    assert np.all(answer >= 0)
    np.testing.assert_allclose(answer.sum(axis=1), 1, rtol=1e-6)


def test_uint8_and_float32_pixels_give_the_same_answer(pictures):
    model = build(ALL_SORTS, SHAPE, 10, seed=1)

    np.testing.assert_array_equal(model(pictures), model(pictures.astype(np.float32)))
    np.testing.assert_array_equal(
        model.predict(pictures, verbose=0), model.predict(pictures.astype(np.float32), verbose=0)
    )


def test_pixels_are_scaled_to_0_1_by_the_first_layer(pictures):
    model = build(ALL_SORTS, SHAPE, 10, seed=1)
    scaled = keras.Model(model.input, model.get_layer("input_rescaling").output)(pictures)

    np.testing.assert_allclose(scaled, pictures / 255, rtol=1e-6)


def test_same_seed_gives_the_same_weights_whatever_happened_before():
    keras.utils.set_random_seed(1)
    first = build(ALL_SORTS, SHAPE, 10, seed=5).get_weights()
    keras.utils.set_random_seed(2)
    build(PRESETS["compact-valid"].model, SHAPE, 10, seed=9)
    second = build(ALL_SORTS, SHAPE, 10, seed=5).get_weights()

    assert all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))


def test_building_leaves_the_global_random_state_alone():
    keras.utils.set_random_seed(3)
    expected = np.asarray(keras.random.uniform((3,)))
    keras.utils.set_random_seed(3)
    build(ALL_SORTS, SHAPE, 10, seed=1)

    np.testing.assert_array_equal(keras.random.uniform((3,)), expected)


def test_another_seed_gives_other_kernels_in_every_layer():
    first, second = (kernels(build(ALL_SORTS, SHAPE, 10, seed=seed)) for seed in (1, 2))

    assert len(first) == 5
    assert not any(np.array_equal(first[name], second[name]) for name in first)


def test_layers_of_the_same_shape_start_differently():
    own = kernels(build(ALL_SORTS, SHAPE, 10, seed=1))

    assert not np.array_equal(own["block_2_convolution"], own["block_3_convolution"])


def test_dropout_elsewhere_does_not_change_first_weights():
    dry = ALL_SORTS.blocks[0].model_copy(update={"dropout": 0.0})
    without = ALL_SORTS.model_copy(update={"blocks": (dry, *ALL_SORTS.blocks[1:])})
    first, second = (kernels(build(model, SHAPE, 10, seed=1)) for model in (ALL_SORTS, without))

    assert all(np.array_equal(first[name], second[name]) for name in first)


def test_dropout_masks_follow_the_seed_and_differ_by_layer(pictures):
    keras.utils.set_random_seed(1)
    first = np.asarray(build(ALL_SORTS, SHAPE, 10, seed=1)(pictures, training=True))
    keras.utils.set_random_seed(2)
    model = build(ALL_SORTS, SHAPE, 10, seed=1)
    ones = np.ones((1, 64), np.float32)
    masks = [
        np.asarray(layer(ones, training=True)) for layer in model.layers if isinstance(layer, keras.layers.Dropout)
    ]

    np.testing.assert_array_equal(build(ALL_SORTS, SHAPE, 10, seed=1)(pictures, training=True), first)
    assert len({mask.tobytes() for mask in masks}) == 3


def test_layer_seeds_are_the_same_for_ever_and_fit_keras():
    # These numbers are part of what makes a run reproducible: a change of them changes every run's first weights.
    assert layer_seed(1, "block_1_convolution") == 1290447406
    seeds = {layer_seed(seed, name) for seed in (0, 2**31 - 1) for name in ("dense_1", "dense_2")}
    assert len(seeds) == 4
    assert all(0 <= seed < 2**31 for seed in seeds)


def test_leaky_relu_has_the_documented_slope():
    layer = build(ALL_SORTS, SHAPE, 10, seed=1).get_layer("block_1_activation")

    np.testing.assert_allclose(layer(np.array([[-1.0, 2.0]], np.float32)), [[-LEAKY_SLOPE, 2.0]])


def test_a_model_comes_back_from_a_keras_file_in_safe_mode(tmp_path, pictures):
    model = build(ALL_SORTS, SHAPE, 10, seed=1)
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras", safe_mode=True)

    assert [layer.name for layer in loaded.layers] == [layer.name for layer in model.layers]
    np.testing.assert_array_equal(loaded(pictures), model(pictures))


def test_a_confidently_wrong_answer_keeps_its_full_loss(pictures):
    # Keras takes the logits from behind the softmax; a loss from probabilities would stop at 16 and lose the gradient.
    model = build(PRESETS["compact-valid"].model, SHAPE, 10, seed=1)
    logits = model.get_layer("answer_logits")
    logits.set_weights([np.zeros_like(logits.kernel), np.array([100.0] + [0.0] * 9)])
    model.compile(loss="sparse_categorical_crossentropy")

    assert model.evaluate(pictures, np.ones(5), verbose=0) == pytest.approx(100)


def test_what_is_too_large_is_refused_before_anything_is_allocated():
    model = ModelConfig(
        blocks=(ConvBlock(filters=512, padding="same", pooling="none"),), dense=(DenseLayer(units=2048),)
    )

    with pytest.raises(ConfigError, match="too large"):
        build(model, SHAPE, 10, seed=1)


TRACE_AND_DIE = """
import os
import numpy as np
from cnn_dash.config import ModelConfig
from cnn_dash.models.build import build
from cnn_dash.models.forward import forward
model = build(ModelConfig(), (28, 28, 1), 10, 1)
images = np.random.default_rng(1).integers(0, 256, (3, 28, 28, 1)).astype(np.uint8)
np.testing.assert_allclose(forward(model)(images), model(images.astype(np.float32), training=False), atol=1e-6)
os._exit(9)
"""


def test_a_process_that_is_killed_leaves_no_file_of_a_traced_network(tmp_path):
    died = subprocess.run(
        [sys.executable, "-c", TRACE_AND_DIE], cwd=REPOSITORY, env=os.environ | {"TMPDIR": str(tmp_path)}, check=False
    )
    assert died.returncode == 9
    assert [path.name for path in tmp_path.iterdir() if "autograph" in path.name] == []
