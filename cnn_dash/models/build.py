"""Builds the Keras model of a configuration. Importing this module imports TensorFlow."""

from hashlib import sha256
from typing import assert_never

import keras

from cnn_dash.config import ModelConfig
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
        model: The network to build. Augmentation is no part of it: that belongs to training only.
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
    # Keras casts what it is called with to the input's dtype, so that uint8 images need no conversion before.
    pixels = keras.Input(image_shape, dtype="float32", name="pixels")
    x = pixels
    for layer in layers(model, classes):
        x = _keras_layer(layer, layer_seed(seed, layer.keras_name))(x)
    return keras.Model(pixels, x, name="cnn_dash")


def layer_seed(seed: int, keras_name: str) -> int:
    """Return the seed of one layer of a run, 0 to 2³¹ − 1: the same on every machine and Python version."""
    return int.from_bytes(sha256(f"{seed} {keras_name}".encode()).digest()[:4], "big") >> 1


def _keras_layer(layer: Layer, seed: int) -> keras.Layer:
    name, operation = layer.keras_name, layer.operation
    match operation:
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
