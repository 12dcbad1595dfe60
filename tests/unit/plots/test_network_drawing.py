from dataclasses import dataclass
from math import log2, sqrt

import pytest

from cnn_dash.config import ConvBlock, DenseLayer, ModelConfig
from cnn_dash.models.layer_table import layer_table
from cnn_dash.plots.network import describe, network_info, network_plot
from cnn_dash.presets import PRESETS

DEEPEST = ModelConfig(
    blocks=tuple(ConvBlock(filters=512, padding="same", batch_norm=True, dropout=0.1) for _ in range(6)),
    dense=(DenseLayer(units=2048), DenseLayer(units=64), DenseLayer(units=1)),
)


@dataclass(frozen=True)
class Row:
    name: str
    kind: str
    output_shape: tuple[int, ...]
    parameters: int = 0
    multiply_adds: int = 0
    receptive_field: int = 1


ROWS = [
    Row("scale", "rescaling", (28, 28, 1)),
    Row("conv", "convolution", (26, 14, 128), 1280, 999, 3),
    Row("norm", "batch_norm", (26, 14, 128), 512, 0, 3),
    Row("relu", "activation", (26, 14, 128), 0, 0, 3),
    Row("pool", "pooling", (7, 7, 128), 0, 0, 6),
    Row("flat", "flatten", (6272,), 0, 0, 28),
    Row("logits", "dense", (10,), 62_730, 62_720, 28),
    Row("softmax", "softmax", (10,), 0, 0, 28),
]


def test_layers_that_keep_the_shape_join_the_stage_before():
    stages = network_info(ROWS, (28, 28, 1)).stages
    assert [stage.kind for stage in stages] == ["input", "convolution", "pooling", "flatten", "softmax"]
    assert [stage.then for stage in stages] == [("rescaling",), ("batch_norm", "activation"), (), (), ("softmax",)]
    assert [stage.parameters for stage in stages] == [0, 1792, 0, 0, 62_730]
    assert [stage.receptive_field for stage in stages] == [1, 3, 6, 28, 28]


def test_boxes_are_to_scale():
    image, conv, pool, flat, answer = network_info(ROWS, (28, 28, 1)).stages
    assert (image.height, image.depth) == (1, 1)
    assert (conv.height, conv.depth, conv.width) == (26 / 28, 14 / 28, sqrt(128 / 512))
    assert (pool.height, pool.depth, pool.width) == (7 / 28, 7 / 28, conv.width)
    assert (flat.height, flat.depth, flat.width) == (1, 0, 0)  # the longest vector of this network
    assert answer.height == pytest.approx(log2(11) / log2(6273))


def test_a_small_network_is_measured_against_the_usual_sizes():
    rows = [Row("conv", "convolution", (28, 28, 8)), Row("mean", "global_average", (8,))]
    _, conv, mean = network_info(rows, (28, 28, 1)).stages
    assert conv.width == sqrt(8 / 512)
    assert mean.height == pytest.approx(log2(9) / log2(2049))


def test_a_network_without_layers_is_its_input():
    info = network_info([], (28, 28, 1))
    assert [stage.kind for stage in info.stages] == ["input"]
    assert describe(info) == "Network with 0 parameters: input 28×28×1."
    assert len(network_plot(info).data[0].x) == 1


@pytest.mark.parametrize(
    ("model", "shape"),
    [(preset.model, (28, 28, 1)) for preset in PRESETS.values()]
    + [(DEEPEST, (64, 64, 3)), (ModelConfig(), (32, 32, 3))],
)
def test_real_networks_have_a_box_a_label_and_a_hover_text_for_each_stage(model, shape):
    table = layer_table(model, shape, 10)
    info = network_info(table.rows, shape)
    assert info.parameters == table.parameters
    figure = network_plot(info)
    count = len(info.stages)
    maps = sum(len(stage.shape) == 3 for stage in info.stages)
    assert len(figure.data[0].text) == count
    assert len(figure.layout.annotations) == 2 * count
    assert sum(shape.type == "path" for shape in figure.layout.shapes) == 3 * maps + (count - maps)
    assert info.stages[-1].kind == "softmax"


@pytest.mark.parametrize("model", [ModelConfig(), DEEPEST])
def test_boxes_stay_in_their_slots_and_in_the_plot(model):
    figure = network_plot(network_info(layer_table(model, (64, 64, 3), 10).rows, (64, 64, 3)))
    boxes = [shape.path for shape in figure.layout.shapes if shape.type == "path"]
    low, high = figure.layout.yaxis.range
    for path in boxes:
        corners = [tuple(map(float, corner.split(","))) for corner in path[2:-2].split(" L ")]
        place = round(sum(x for x, _ in corners) / len(corners))
        assert all(abs(x - place) < 0.5 for x, _ in corners)
        assert all(low <= y <= high for _, y in corners)


def test_labels_stand_upright_only_in_a_long_network():
    short, long = (
        network_plot(network_info(layer_table(model, (64, 64, 3), 10).rows, (64, 64, 3)))
        for model in (ModelConfig(), DEEPEST)
    )
    assert {note.textangle for note in short.layout.annotations} == {0}
    assert {note.textangle for note in long.layout.annotations} == {-90}
    assert short.layout.annotations[1].text == "64×64<br>×3"
    assert long.layout.annotations[1].text == "64×64×3"


def test_the_hover_text_says_what_the_layer_does_and_costs():
    text = network_plot(network_info(ROWS, (28, 28, 1))).data[0].text
    assert text[0] == "<b>input</b><br>output 28×28×1<br>then rescaling"
    assert text[1] == (
        "<b>conv</b><br>output 26×14×128<br>then batch norm, activation<br>1,792 parameters<br>999 multiply-adds"
        "<br>receptive field 3×3 pixels"
    )


def test_the_network_in_words():
    assert describe(network_info(ROWS, (28, 28, 1))) == (
        "Network with 64,522 parameters: input 28×28×1, then convolution 26×14×128, then pooling 7×7×128, "
        "then flatten 6,272, then output 10."
    )
