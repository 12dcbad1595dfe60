"""The layer table against Keras: a network written out from the configuration a second time is the oracle."""

from math import prod

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnn_dash.config import Activation, ConvBlock, DenseLayer, ModelConfig
from cnn_dash.errors import ConfigError
from cnn_dash.models.build import build
from cnn_dash.models.layer_table import layer_table
from cnn_dash.presets import PRESETS

KINDS = {
    "Rescaling": "rescaling",
    "Conv2D": "convolution",
    "BatchNormalization": "batch_norm",
    "LeakyReLU": "activation",
    "Activation": "activation",
    "MaxPooling2D": "pooling",
    "AveragePooling2D": "pooling",
    "Dropout": "dropout",
    "Flatten": "flatten",
    "GlobalAveragePooling2D": "global_average",
    "Dense": "dense",
    "Softmax": "softmax",
}

activations = st.sampled_from(Activation.__args__)
rates = st.sampled_from([0.0, 0.3])
blocks = st.builds(
    ConvBlock,
    filters=st.integers(1, 6),
    kernel_size=st.integers(1, 5),
    stride=st.sampled_from([1, 1, 1, 2, 3]),
    padding=st.sampled_from(["valid", "same"]),
    activation=activations,
    batch_norm=st.booleans(),
    pooling=st.sampled_from(["max", "average", "none"]),
    pool_size=st.integers(2, 4),
    dropout=rates,
)
dense_layers = st.builds(DenseLayer, units=st.integers(1, 9), activation=activations, dropout=rates)
networks = st.builds(
    ModelConfig,
    blocks=st.lists(blocks, min_size=1, max_size=3).map(tuple),
    head=st.sampled_from(["flatten", "global_average"]),
    dense=st.lists(dense_layers, max_size=2).map(tuple),
)
image_shapes = st.tuples(st.integers(1, 64), st.integers(1, 64), st.sampled_from([1, 3]))


def by_hand(model: ModelConfig, image_shape: tuple[int, int, int], classes: int) -> keras.Model:
    """The network, written in plain Keras with its defaults. Raises ValueError where Keras cannot build it."""
    L = keras.layers
    stack = [keras.Input(image_shape), L.Rescaling(1 / 255)]
    for block in model.blocks:
        stack.append(
            L.Conv2D(block.filters, block.kernel_size, block.stride, block.padding, use_bias=not block.batch_norm)
        )
        if block.batch_norm:
            stack.append(L.BatchNormalization())
        stack.append(L.Activation(block.activation))
        if block.pooling != "none":
            stack.append({"max": L.MaxPooling2D, "average": L.AveragePooling2D}[block.pooling](block.pool_size))
        if block.dropout:
            stack.append(L.Dropout(block.dropout))
    stack.append({"flatten": L.Flatten, "global_average": L.GlobalAveragePooling2D}[model.head]())
    for dense in model.dense:
        stack += [L.Dense(dense.units), L.Activation(dense.activation)]
        if dense.dropout:
            stack.append(L.Dropout(dense.dropout))
    return keras.Sequential([*stack, L.Dense(classes), L.Softmax()])


def assert_table_is_keras(model: ModelConfig, image_shape: tuple[int, int, int], classes: int) -> None:
    table = layer_table(model, image_shape, classes)
    oracle = by_hand(model, image_shape, classes)
    built = build(model, image_shape, classes, seed=1)

    for network in (oracle.layers, built.layers[1:]):  # the functional model lists its input as well
        assert [row.output_shape for row in table.rows] == [layer.output.shape[1:] for layer in network]
        assert [row.parameters for row in table.rows] == [layer.count_params() for layer in network]
        assert [row.trainable_parameters for row in table.rows] == [
            sum(prod(weight.shape) for weight in layer.trainable_weights) for layer in network
        ]
        assert [row.multiply_adds for row in table.rows] == [
            prod(layer.kernel.shape) * prod(layer.output.shape[1:-1]) if hasattr(layer, "kernel") else 0
            for layer in network
        ]
    assert [row.kind for row in table.rows] == [KINDS[type(layer).__name__] for layer in oracle.layers]
    assert [row.keras_name for row in table.rows] == [layer.name for layer in built.layers[1:]]
    assert table.parameters == built.count_params() == oracle.count_params()


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_has_the_numbers_of_the_keras_model(name):
    assert_table_is_keras(PRESETS[name].model, (28, 28, 1), 10)


@pytest.mark.parametrize("shape", [(28, 28, 1), (32, 32, 3), (17, 40, 1), (8, 8, 3)])
@pytest.mark.parametrize("classes", [2, 10, 300, 1000])
def test_images_of_any_shape_and_number_of_classes_have_the_numbers_of_the_keras_model(shape, classes):
    block = ConvBlock(filters=3, kernel_size=3, padding="same", batch_norm=True)
    for head in ("flatten", "global_average"):
        assert_table_is_keras(ModelConfig(blocks=(block, block), head=head), shape, classes)


def test_any_network_is_refused_exactly_when_keras_cannot_build_it_and_else_has_its_numbers():
    verdicts = []

    @settings(max_examples=60, deadline=None, derandomize=True)
    @given(networks, image_shapes, st.integers(2, 12))
    def check(model, image_shape, classes):
        try:
            layer_table(model, image_shape, classes)
        except ConfigError:
            verdicts.append("refused")
            with pytest.raises(ValueError, match="output size would be zero or negative"):
                by_hand(model, image_shape, classes)
        else:
            verdicts.append("built")
            assert_table_is_keras(model, image_shape, classes)

    check()
    assert min(verdicts.count("built"), verdicts.count("refused")) >= 10, "the examples must try both"


@pytest.mark.parametrize(
    ("blocks", "side"),
    [
        (PRESETS["compact-valid"].model.blocks, 28),
        (PRESETS["compact-same"].model.blocks, 32),
        (PRESETS["kuzushiji"].model.blocks, 36),
        ((ConvBlock(kernel_size=5, stride=3), ConvBlock(kernel_size=2, pooling="none")), 30),
        ((ConvBlock(kernel_size=4, pooling="average", pool_size=3), ConvBlock(stride=2, pooling="none")), 30),
        ((ConvBlock(kernel_size=1, stride=4, pooling="none"), ConvBlock(padding="same", pooling="none")), 32),
    ],
    ids=["compact-valid", "compact-same", "kuzushiji", "strides", "average-pooling", "kernel-1-stride-4"],
)
def test_receptive_field_is_the_extent_of_the_pixels_that_change_the_centre(blocks, side):
    thin = {"filters": 1, "activation": "relu", "dropout": 0.0}
    model = ModelConfig(blocks=tuple(block.model_copy(update=thin) for block in blocks))
    maps = [row for row in layer_table(model, (side, side, 1), 2).rows if len(row.output_shape) == 3]
    network = build(model, (side, side, 1), 2, seed=1)
    for layer in network.layers:
        if isinstance(layer, keras.layers.Conv2D):  # all ones: no pixel's influence cancels another's
            layer.set_weights([np.ones_like(layer.kernel), np.zeros_like(layer.bias)])
    impulses = 255 * np.eye(side * side, dtype=np.float32).reshape(-1, side, side, 1)  # each pixel lit alone, on black

    answers = keras.Model(network.input, [network.get_layer(row.keras_name).output for row in maps])(impulses)

    for row, answer in zip(maps, answers, strict=True):
        height, width, _ = row.output_shape
        influence = np.asarray(answer)[:, height // 2, width // 2, 0].reshape(side, side) > 0
        ys, xs = np.nonzero(influence)
        assert (np.ptp(ys) + 1, np.ptp(xs) + 1) == (row.receptive_field, row.receptive_field), row.name
