"""The table by hand counts, and what it refuses. The check against Keras is in test_layer_table_against_keras.py."""

import subprocess
import sys
from pathlib import Path

import pytest

from cnn_dash.config import ConvBlock, DenseLayer, ModelConfig
from cnn_dash.errors import ConfigError
from cnn_dash.models.layer_table import MAX_PARAMETERS, MAX_VALUES, LayerTable, layer_table
from cnn_dash.presets import PRESETS

MNIST = (28, 28, 1)


def rows_of(table: LayerTable, kind: str) -> list:
    return [row for row in table.rows if row.kind == kind]


def network(*blocks: ConvBlock, **settings) -> ModelConfig:
    return ModelConfig(blocks=blocks, **settings)


def test_compact_valid_has_the_articles_figures():
    table = layer_table(PRESETS["compact-valid"].model, MNIST, 10)

    assert sum(row.parameters for row in rows_of(table, "convolution")) == 55_744
    assert table.parameters == table.trainable_parameters == 93_322
    assert [row.output_shape for row in rows_of(table, "flatten")] == [(576,)]
    assert table.receptive_field == 18


def test_compact_valid_multiply_adds_counted_by_hand():
    table = layer_table(PRESETS["compact-valid"].model, MNIST, 10)

    assert {row.name: row.multiply_adds for row in table.rows if row.multiply_adds} == {
        "block 1 · convolution": 194_688,  # 26·26 positions × 3·3·1 inputs × 32 filters
        "block 2 · convolution": 2_230_272,  # 11·11 × 3·3·32 × 64
        "block 3 · convolution": 331_776,  # 3·3 × 3·3·64 × 64
        "dense 1": 36_864,  # 576 × 64
        "answer · logits": 640,  # 64 × 10
    }
    assert table.multiply_adds == 2_794_240


def test_receptive_field_grows_through_compact_valid():
    rows = layer_table(PRESETS["compact-valid"].model, MNIST, 10).rows

    fields = [row.receptive_field for row in rows if row.kind in ("convolution", "pooling")]
    assert fields == [3, 4, 8, 10, 18]
    assert {row.receptive_field for row in rows if row.kind in ("flatten", "dense", "softmax")} == {28}


def test_layers_come_in_the_order_of_the_block_with_readable_names():
    block = ConvBlock(batch_norm=True, dropout=0.2, pooling="average")
    model = network(block, head="global_average", dense=(DenseLayer(dropout=0.5),))

    assert [(row.name, row.kind, row.keras_name) for row in layer_table(model, MNIST, 10).rows] == [
        ("input · rescaling", "rescaling", "input_rescaling"),
        ("block 1 · convolution", "convolution", "block_1_convolution"),
        ("block 1 · batch normalization", "batch_norm", "block_1_batch_normalization"),
        ("block 1 · activation", "activation", "block_1_activation"),
        ("block 1 · pooling", "pooling", "block_1_pooling"),
        ("block 1 · dropout", "dropout", "block_1_dropout"),
        ("global average", "global_average", "global_average"),
        ("dense 1", "dense", "dense_1"),
        ("dense 1 · activation", "activation", "dense_1_activation"),
        ("dense 1 · dropout", "dropout", "dense_1_dropout"),
        ("answer · logits", "dense", "answer_logits"),
        ("answer · softmax", "softmax", "answer_softmax"),
    ]


def test_batch_normalization_replaces_the_bias_and_keeps_fixed_statistics():
    table = layer_table(network(ConvBlock(filters=8, batch_norm=True)), MNIST, 10)
    convolution, norm = rows_of(table, "convolution")[0], rows_of(table, "batch_norm")[0]

    assert convolution.parameters == 3 * 3 * 8
    assert (norm.parameters, norm.trainable_parameters, norm.fixed_parameters) == (32, 16, 16)
    assert table.parameters - table.trainable_parameters == 16


def test_what_is_left_over_of_an_odd_map_is_dropped_by_pooling():
    table = layer_table(network(ConvBlock(filters=4, kernel_size=1)), (7, 5, 3), 2)

    assert rows_of(table, "pooling")[0].output_shape == (3, 2, 4)


def test_same_padding_with_a_stride_rounds_up():
    block = ConvBlock(filters=4, stride=2, padding="same", pooling="none")

    assert rows_of(layer_table(network(block), (7, 5, 3), 2), "convolution")[0].output_shape == (4, 3, 4)


def test_receptive_field_is_not_cut_to_the_picture():
    block = ConvBlock(kernel_size=11, padding="same", pooling="none")

    assert layer_table(network(block, block), (8, 8, 1), 2).receptive_field == 21


def test_pooling_on_a_map_that_is_too_small_is_refused_with_what_to_do():
    block = ConvBlock(padding="same")

    with pytest.raises(
        ConfigError, match=r"^block 4: pooling 2×2 on 1×1 cannot be built.*Received: .*Allowed: .*fewer"
    ):
        layer_table(network(block, block, block, block), (8, 8, 1), 10)


def test_a_kernel_larger_than_the_map_is_refused_with_what_to_do():
    with pytest.raises(ConfigError, match=r"^block 1: convolution 5×5 on 9×4 .*at most 4.*padding same"):
        layer_table(network(ConvBlock(kernel_size=5)), (9, 4, 1), 10)


def test_same_padding_takes_a_kernel_larger_than_the_map():
    block = ConvBlock(kernel_size=11, padding="same", pooling="none")

    assert layer_table(network(block), (2, 2, 1), 10).parameters


def test_a_network_with_too_many_parameters_is_refused_and_the_culprit_named():
    wide = ConvBlock(filters=512, padding="same", pooling="none")
    model = network(wide, dense=(DenseLayer(units=2048),))

    with pytest.raises(ConfigError, match=rf"of them in dense 1\. Allowed: up to {MAX_PARAMETERS:,}"):
        layer_table(model, MNIST, 10)
    pooled = wide.model_copy(update={"pooling": "max"})
    half = layer_table(network(pooled, dense=(DenseLayer(units=1024),)), MNIST, 10)
    assert MAX_PARAMETERS / 2 < half.parameters < MAX_PARAMETERS


def test_maps_that_memory_cannot_hold_are_refused():
    with pytest.raises(ConfigError, match=rf"^block 1 · convolution puts out more.*up to {MAX_VALUES:,}"):
        layer_table(network(ConvBlock(filters=512, padding="same")), (224, 224, 3), 10)
    with pytest.raises(ConfigError, match="Received: 20000×20000×3"):
        layer_table(network(ConvBlock()), (20_000, 20_000, 3), 10)


@pytest.mark.parametrize(("shape", "classes"), [((0, 28, 1), 10), ((28, 28, 0), 10), ((28, 28, 1), 1)])
def test_pictures_without_pixels_and_a_single_class_are_refused(shape, classes):
    with pytest.raises(ConfigError, match=r"Received: .*Allowed: "):
        layer_table(network(ConvBlock(kernel_size=1, pooling="none")), shape, classes)


def test_the_table_needs_neither_tensorflow_nor_keras_nor_numpy():
    code = (
        "import sys, cnn_dash.models.layer_table as t, cnn_dash.presets as p\n"
        "t.layer_table(p.get('compact-valid').model, (28, 28, 1), 10)\n"
        "print(*sorted({'tensorflow', 'keras', 'numpy'} & set(sys.modules)))"
    )
    root = Path(__file__).parents[3]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == ""
