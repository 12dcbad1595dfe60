"""A network for use: traced once, so that a call costs a millisecond instead of a tenth of a second."""

from collections.abc import Callable
from math import prod
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

Forward = Callable[[NDArray[Any]], NDArray[np.float32]]
ForwardWithFeatures = Callable[[NDArray[Any]], tuple[NDArray[np.float32], NDArray[np.float32]]]

MOST_IMAGES = 512
MOST_VALUES = 1 << 25
"""What one layer may put out for all images of a call: 128 MB. Of a base 512 images would take gigabytes at once."""


def forward(model: keras.Model, dtype: Any = tf.uint8) -> Forward:
    """Trace a network: (N, …) of `dtype` → probabilities float32 (N, classes), for any N.

    Images are uint8 (N, H, W, C) in 0–255; what half of a network takes is of another type and shape.
    """
    traced, most = _trace(model, dtype=dtype), batch_size(model)

    def call(images: NDArray[Any]) -> NDArray[np.float32]:
        parts = [traced(tf.constant(images[at : at + most])).numpy() for at in range(0, len(images) or 1, most)]
        return parts[0] if len(parts) == 1 else np.concatenate(parts)

    return call


def forward_with_features(
    model: keras.Model, factor: float = 1.0, offset: float = 0.0, dtype: Any = tf.uint8
) -> ForwardWithFeatures:
    """Trace a network: uint8 (N, H, W, C) in 0–255 → what it gives (N, classes) and features (N, D), both float32.

    The features are what the last dense layer gets: what the network made of the image before it decided. Without a
    dense layer they are what it gives.

    Args:
        model: The network.
        factor: By what a pixel is multiplied before the network gets it.
        offset: What is added then.
        dtype: What it is called with, if not with images.
    """
    dense = [layer for layer in model.layers if isinstance(layer, keras.layers.Dense)]
    output = model.outputs[0]  # a Sequential of somebody else's has no `output` when it was loaded
    outputs = [output, dense[-1].input if dense else output]
    traced, most = _trace(keras.Model(model.inputs, outputs), factor, offset, dtype), batch_size(model)

    def call(images: NDArray[Any]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        parts = [traced(tf.constant(images[at : at + most])) for at in range(0, len(images) or 1, most)]
        probabilities, features = (np.concatenate([one.numpy() for one in each]) for each in zip(*parts, strict=True))
        return probabilities, features.reshape(len(images), -1)

    return call


def batch_size(model: keras.Model) -> int:
    """Return how many images a network can be given at once without taking too much memory."""
    largest = 1
    for layer in model.layers:
        try:
            shape = layer.output.shape
        except (AttributeError, ValueError):  # called several times, or never: of somebody else's network
            continue
        largest = max(largest, prod(side or 1 for side in shape[1:]))
    return max(1, min(MOST_IMAGES, MOST_VALUES // largest))


def _trace(
    model: keras.Model, factor: float = 1.0, offset: float = 0.0, dtype: Any = tf.uint8
) -> Callable[[tf.Tensor], Any]:
    # There is no Python control flow in it. AutoGraph would leave a file in the system's temporary folder if the
    # process is killed.
    signature = [tf.TensorSpec([None, *model.input_shape[1:]], dtype)]

    @tf.function(input_signature=signature, autograph=False)  # type: ignore[untyped-decorator]
    def traced(images: tf.Tensor) -> Any:
        pixels = tf.cast(images, tf.float32)
        return model(pixels if factor == 1 and offset == 0 else pixels * factor + offset, training=False)

    return traced  # type: ignore[no-any-return]
