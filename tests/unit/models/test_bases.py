"""What is said of a pretrained base without TensorFlow, against the network that Keras builds."""

from math import prod
from pathlib import Path

import keras
import numpy as np
import pytest

from cnn_dash.config import DenseLayer, ModelConfig
from cnn_dash.errors import ConfigError
from cnn_dash.models.bases import BASES
from cnn_dash.models.build import build_on_base
from cnn_dash.models.layer_table import layer_table
from tests.pretrained import random_weights

MODEL = ModelConfig(base="mobilenet-v3-small", dense=(DenseLayer(units=8, dropout=0.2),))


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return random_weights(tmp_path_factory.mktemp("weights"))


def test_numbers_of_the_base_are_those_of_keras() -> None:
    base = BASES["mobilenet-v3-small"]
    network = keras.applications.MobileNetV3Small(input_shape=(base.size,) * 2 + (3,), include_top=False, weights=None)
    work = sum(
        prod(layer.kernel.shape) * prod(layer.output.shape[1:3]) for layer in network.layers if hasattr(layer, "kernel")
    )
    assert base.parameters == network.count_params()
    assert base.multiply_adds == work
    assert base.output_shape == network.output_shape[1:]


def test_address_and_checksum_are_those_that_keras_downloads_by() -> None:
    from keras.src.applications import mobilenet_v3

    weights = BASES["mobilenet-v3-small"].weights
    assert weights.url == mobilenet_v3.BASE_WEIGHT_PATH + weights.name
    assert weights.checksum == f"md5:{mobilenet_v3.WEIGHTS_HASHES['small_224_1.0_float'][1]}"


@pytest.mark.parametrize("channels", [1, 3])
def test_the_halves_are_the_whole_and_only_the_second_one_learns(channels: int, weights: Path) -> None:
    shape = (32, 32, channels)
    network = build_on_base(MODEL, shape, 3, 7, weights)
    table = layer_table(MODEL, shape, 3)
    assert network.whole.count_params() == table.parameters
    assert sum(prod(one.shape) for one in network.whole.trainable_variables) == table.trainable_parameters
    assert sum(prod(one.shape) for one in network.rest.trainable_variables) == table.trainable_parameters
    images = np.random.default_rng(1).integers(0, 256, (3, *shape)).astype(np.float32)
    features = network.base(images)
    assert features.shape == (3, 576)
    assert float(np.std(features, axis=0).max()) > 0.01  # it tells images apart
    network.rest.layers[-2].kernel.assign_add(keras.ops.ones_like(network.rest.layers[-2].kernel) * 0.1)
    assert np.abs(np.asarray(network.rest(features)) - np.asarray(network.whole(images))).max() < 1e-5


def test_grey_images_are_what_the_same_grey_in_colour_is(weights: Path) -> None:
    grey = np.random.default_rng(2).integers(0, 256, (2, 32, 32, 1)).astype(np.float32)
    answers = [
        np.asarray(build_on_base(MODEL, (32, 32, channels), 3, 7, weights).whole(np.repeat(grey, channels, axis=-1)))
        for channels in (1, 3)
    ]
    assert np.abs(answers[0] - answers[1]).max() < 1e-6


def test_a_file_that_is_none_is_said(tmp_path: Path) -> None:
    file = tmp_path / "weights.h5"
    file.write_bytes(b"not HDF5")
    with pytest.raises(ConfigError, match=r"weights of MobileNetV3-Small cannot be used\. Received: .*Next: delete it"):
        build_on_base(MODEL, (32, 32, 3), 3, 7, file)
