"""Builds the Keras model of a configuration. Importing this module imports TensorFlow."""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import assert_never

import keras

from cnn_dash.config import Base, ModelConfig
from cnn_dash.errors import ConfigError
from cnn_dash.models.bases import BASES
from cnn_dash.models.layer_table import layer_table
from cnn_dash.models.layers import (
    BATCH_NORM_MOMENTUM,
    LEAKY_SLOPE,
    Activate,
    BatchNorm,
    Convolution,
    Dense,
    Dropout,
    Flatten,
    GlobalAverage,
    Layer,
    Pool,
    Pretrained,
    Rescaling,
    Softmax,
    layers,
)


def build(model: ModelConfig, image_shape: tuple[int, int, int], classes: int, seed: int) -> keras.Model:
    """Build the network, not compiled, with its first weights.

    The layers and their names are those of `layer_table`. The weights are a function of `seed` and of the names and
    shapes of the layers alone: neither global random state nor a dropout added elsewhere changes them. Kernels start
    Glorot-uniform and biases at zero, as in Keras.

    Args:
        model: The network to build, one without a base. Augmentation is no part of it: that belongs to training only.
        image_shape: (height, width, channels) of an image.
        classes: How many classes there are, from 2.
        seed: Random seed, 0 to 2³¹ − 1.

    Returns:
        A model from raw pixels 0–255, uint8 or float32 (N, height, width, channels), to probabilities float32
        (N, classes). It holds Keras' own layers only, so it can be saved as `.keras` and loaded in safe mode.

    Raises:
        ConfigError: If the network cannot be built or is too large, before anything is allocated.
    """
    layer_table(model, image_shape, classes)
    pixels = x = _pixels(image_shape)
    for layer in layers(model, classes):
        x = _keras_layer(layer, layer_seed(seed, layer.keras_name))(x)
    return keras.Model(pixels, x, name="cnn_dash")


@dataclass(frozen=True, eq=False)
class OnBase:
    """A network with a pretrained base, whole and in two halves that share its layers.

    Attributes:
        whole: As `build` returns one.
        base: Images → features, float32 (N, D). It stays as it is.
        rest: Features → probabilities. What it learns, the whole has learned.
    """

    whole: keras.Model
    base: keras.Model
    rest: keras.Model


def build_on_base(
    model: ModelConfig, image_shape: tuple[int, int, int], classes: int, seed: int, weights: Path
) -> OnBase:
    """Build a network with a base; see `build`.

    Args:
        model: The network to build.
        image_shape: (height, width, channels) of an image.
        classes: How many classes there are, from 2.
        seed: Random seed of what comes after the base, 0 to 2³¹ − 1.
        weights: The file with the weights of the base.

    Raises:
        ConfigError: If the network cannot be built, or the file is none.
    """
    layer_table(model, image_shape, classes)
    first, *others = layers(model, classes)
    if not isinstance(first.operation, Pretrained):
        raise TypeError("a network without a base is built by `build`")
    average, *rest = [_keras_layer(layer, layer_seed(seed, layer.keras_name)) for layer in others]
    pixels = _pixels(image_shape)
    features = average(_pretrained(first.operation.name, pixels, weights))
    # The half first: a layer that is called several times tells the tensors of its first call as its own.
    given = keras.Input(features.shape[1:], dtype="float32", name="features")
    return OnBase(
        rest=keras.Model(given, _through(rest, given), name="cnn_dash_rest"),
        base=keras.Model(pixels, features, name="cnn_dash_base"),
        whole=keras.Model(pixels, _through(rest, features), name="cnn_dash"),
    )


def _pixels(image_shape: tuple[int, int, int]) -> keras.KerasTensor:
    # Keras casts what it is called with to the input's dtype, so that uint8 images need no conversion before.
    return keras.Input(image_shape, dtype="float32", name="pixels")


def _through(rest: list[keras.Layer], x: keras.KerasTensor) -> keras.KerasTensor:
    for layer in rest:
        x = layer(x)
    return x


def layer_seed(seed: int, keras_name: str) -> int:
    """Return the seed of one layer of a run, 0 to 2³¹ − 1: the same on every machine and Python version."""
    return int.from_bytes(sha256(f"{seed} {keras_name}".encode()).digest()[:4], "big") >> 1


def _pretrained(name: Base, x: keras.KerasTensor, weights: Path) -> keras.KerasTensor:
    """Put a base on pixels (N, H, W, C): grey ones are repeated for each colour, and all are enlarged to its size.

    Its layers are Keras' own and lie in our model one by one, not as a model within it, which fewer formats can take.
    """
    base = BASES[name]
    if x.shape[-1] == 1:
        x = keras.layers.Concatenate(name="input_grey_to_rgb")([x, x, x])
    x = keras.layers.Resizing(base.size, base.size, interpolation="bilinear", name="input_enlarged")(x)
    try:
        network = keras.applications.MobileNetV3Small(input_tensor=x, include_top=False, weights=str(weights))
    except (ValueError, OSError, KeyError) as error:
        raise ConfigError(
            f"The weights of {base.title} cannot be used. Received: {weights} ({error}). Allowed: a file as "
            "keras.applications has it without the top layers. Next: delete it, and it is downloaded again."
        ) from error
    network.trainable = False
    return network.outputs[0]


def _keras_layer(layer: Layer, seed: int) -> keras.Layer:
    name, operation = layer.keras_name, layer.operation
    match operation:
        case Pretrained():
            raise TypeError("a network with a base is built by `build_on_base`")
        case Rescaling():
            return keras.layers.Rescaling(1 / 255, name=name)
        case Convolution():
            return keras.layers.Conv2D(
                operation.filters,
                operation.kernel_size,
                strides=operation.stride,
                padding=operation.padding,
                use_bias=operation.bias,
                kernel_initializer=keras.initializers.GlorotUniform(seed),
                name=name,
            )
        case BatchNorm():
            return keras.layers.BatchNormalization(momentum=BATCH_NORM_MOMENTUM, name=name)
        case Activate(function="leaky_relu"):
            return keras.layers.LeakyReLU(LEAKY_SLOPE, name=name)
        case Activate():
            return keras.layers.Activation(operation.function, name=name)
        case Pool(take="max"):
            return keras.layers.MaxPooling2D(operation.size, name=name)
        case Pool():
            return keras.layers.AveragePooling2D(operation.size, name=name)
        case Dropout():
            return keras.layers.Dropout(operation.rate, seed=seed, name=name)
        case Flatten():
            return keras.layers.Flatten(name=name)
        case GlobalAverage():
            return keras.layers.GlobalAveragePooling2D(name=name)
        case Dense():
            initializer = keras.initializers.GlorotUniform(seed)
            return keras.layers.Dense(operation.units, kernel_initializer=initializer, name=name)
        case Softmax():
            return keras.layers.Activation("softmax", name=name)
        case _:
            assert_never(operation)
