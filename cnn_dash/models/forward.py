"""A network for use: traced once, so that a call costs a millisecond instead of a tenth of a second."""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

Forward = Callable[[NDArray[np.uint8]], NDArray[np.float32]]
ForwardWithFeatures = Callable[[NDArray[np.uint8]], tuple[NDArray[np.float32], NDArray[np.float32]]]


def forward(model: keras.Model) -> Forward:
    """Trace a network: uint8 (N, H, W, C) in 0–255 → probabilities float32 (N, classes), for any N."""
    traced = _trace(model)

    def call(images: NDArray[np.uint8]) -> NDArray[np.float32]:
        probabilities: NDArray[np.float32] = traced(tf.constant(images)).numpy()
        return probabilities

    return call


def forward_with_features(model: keras.Model, factor: float = 1.0, offset: float = 0.0) -> ForwardWithFeatures:
    """Trace a network: uint8 (N, H, W, C) in 0–255 → what it gives (N, classes) and features (N, D), both float32.

    The features are what the last dense layer gets: what the network made of the image before it decided. Without a
    dense layer they are what it gives.

    Args:
        model: The network.
        factor: By what a pixel is multiplied before the network gets it.
        offset: What is added then.
    """
    dense = [layer for layer in model.layers if isinstance(layer, keras.layers.Dense)]
    output = model.outputs[0]  # a Sequential of somebody else's has no `output` when it was loaded
    outputs = [output, dense[-1].input if dense else output]
    traced = _trace(keras.Model(model.inputs, outputs), factor, offset)

    def call(images: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        probabilities, features = traced(tf.constant(images))
        return probabilities.numpy(), features.numpy().reshape(len(images), -1)

    return call


def _trace(model: keras.Model, factor: float = 1.0, offset: float = 0.0) -> Callable[[tf.Tensor], Any]:
    # There is no Python control flow in it. AutoGraph would leave a file in the system's temporary folder if the
    # process is killed.
    signature = [tf.TensorSpec([None, *model.input_shape[1:]], tf.uint8)]

    @tf.function(input_signature=signature, autograph=False)  # type: ignore[untyped-decorator]
    def traced(images: tf.Tensor) -> Any:
        pixels = tf.cast(images, tf.float32)
        return model(pixels if factor == 1 and offset == 0 else pixels * factor + offset, training=False)

    return traced  # type: ignore[no-any-return]
