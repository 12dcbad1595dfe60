"""A network as a list of plain operations, one after the other, which the page's script can carry out.

Only what a network does when it is used is kept: dropout and augmentation are left out, batch normalization becomes a
factor and an offset for each channel.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnn_dash.errors import StoreError

Floats = NDArray[np.float32]

ACTIVATIONS = (
    "relu", "relu6", "leaky_relu", "elu", "selu", "gelu", "tanh", "sigmoid", "silu", "softplus", "softsign",
    "hard_sigmoid", "hard_silu", "exponential", "softmax",
)  # fmt: skip
"""Activation functions that the page knows, as Keras calls them."""

_LAYERS_LEFT_OUT = (
    "Dropout", "SpatialDropout2D", "AlphaDropout", "GaussianDropout", "GaussianNoise", "ActivityRegularization",
    "RandomFlip", "RandomRotation", "RandomTranslation", "RandomZoom", "RandomShear", "RandomContrast",
    "RandomBrightness", "RandomErasing",
)  # fmt: skip
_SAME_FUNCTION = {"swish": "silu", "hard_swish": "hard_silu"}


@dataclass(frozen=True)
class Operation:
    """One step of a network.

    Attributes:
        kind: What is done: `affine`, `convolution`, `activation`, `pooling`, `global`, `padding`, `reshape`, `dense`
            or `both` (of the probability of class 1, those of both classes).
        settings: How, as plain JSON.
        arrays: float32, its weights.
    """

    kind: str
    settings: dict[str, Any] = field(default_factory=dict)
    arrays: tuple[Floats, ...] = ()


class _Unknown(Exception):
    """A layer that the page cannot carry out."""


def operations_of(
    model: Any, factor: float = 1.0, offset: float = 0.0, outputs: str = "probabilities"
) -> list[Operation]:
    """Return the operations from raw pixels 0–255 to probabilities.

    Args:
        model: A Keras model.
        factor: By what a pixel is multiplied before the network gets it.
        offset: What is added then.
        outputs: What the network gives: `probabilities`, `logits`, `sigmoid` or `sigmoid logits`.

    Raises:
        StoreError: If a layer is of another kind, or the network is no chain of layers.
    """
    found = [] if (factor, offset) == (1.0, 0.0) else [_affine(factor, offset)]
    try:
        found += _chain(model)
    except _Unknown as error:
        raise StoreError(
            f"The page cannot carry out a layer of this network. Received: {error}. Allowed: a chain of convolutions, "
            "poolings, dense layers, batch normalization, rescaling and usual activations. Take another format, such "
            "as onnx."
        ) from error
    if outputs == "logits":
        found.append(_activation("softmax"))
    elif outputs != "probabilities":
        found += [_activation("sigmoid")] if outputs == "sigmoid logits" else []
        found.append(Operation("both"))
    return found


def _chain(model: Any) -> list[Operation]:
    """Walk from the output of a model to its input, which finds layers that are used twice as well."""
    if len(model.inputs) != 1 or len(model.outputs) != 1:
        raise _Unknown(f"a network with {len(model.inputs)} inputs and {len(model.outputs)} outputs")
    steps: list[list[Operation]] = []
    tensor, start = model.outputs[0], model.inputs[0]
    while tensor is not start:
        layer, node, _ = tensor._keras_history
        before = layer._inbound_nodes[node].input_tensors
        if len(before) != 1:
            raise _Unknown(f"“{layer.name}” ({type(layer).__name__}), which has {len(before)} inputs")
        steps.append(_operations(layer))
        tensor = before[0]
    return [one for step in reversed(steps) for one in step]


def _operations(layer: Any) -> list[Operation]:
    kind = type(layer).__name__
    if hasattr(layer, "inputs") and hasattr(layer, "layers"):
        return _chain(layer)
    if kind in _LAYERS_LEFT_OUT:
        return []
    convert = _CONVERTERS.get(kind)
    if convert is None or getattr(layer, "data_format", "channels_last") != "channels_last":
        raise _Unknown(f"“{layer.name}” ({kind})")
    try:
        found = convert(layer)
        return found if kind == "Activation" else found + _function(getattr(layer, "activation", None))
    except _Unknown as error:
        raise _Unknown(f"“{layer.name}” ({kind}) with {error}") from error


def _function(function: Any) -> list[Operation]:
    if function is None:
        return []
    name = getattr(function, "__name__", "a function of its own")
    name = _SAME_FUNCTION.get(name, name)
    import keras

    if name == "linear":
        return []
    if name not in ACTIVATIONS or getattr(keras.activations, name, None) is not function:
        raise _Unknown(f"the activation {name}")
    return [_activation(name, 0.2 if name == "leaky_relu" else 1.0)]


def _activation(function: str, slope: float = 1.0) -> Operation:
    return Operation("activation", {"function": function, "slope": slope})


def _affine(factor: Any, offset: Any) -> Operation:
    """Return x · factor + offset, each one number or one for each channel."""
    both = np.broadcast_arrays(np.ravel(np.asarray(factor, np.float32)), np.ravel(np.asarray(offset, np.float32)))
    return Operation("affine", {}, (both[0].astype(np.float32), both[1].astype(np.float32)))


def _array(variable: Any) -> Floats:
    return np.asarray(variable.numpy() if hasattr(variable, "numpy") else variable, np.float32)


def _doubles(variable: Any) -> NDArray[np.float64]:
    """Return statistics in doubles: the inverse of a small variance would lose digits."""
    return _array(variable).astype(np.float64)


def _convolution(layer: Any) -> list[Operation]:
    if layer.groups != 1:
        raise _Unknown(f"{layer.groups} groups")
    kernel = _array(layer.kernel)
    bias = _array(layer.bias) if layer.use_bias else np.zeros(kernel.shape[3], np.float32)
    settings = {
        "kernel": list(kernel.shape),
        "strides": list(layer.strides),
        "dilation": list(layer.dilation_rate),
        "same": layer.padding == "same",
    }
    return [Operation("convolution", settings, (kernel, bias))]


def _dense(layer: Any) -> list[Operation]:
    kernel = _array(layer.kernel)
    bias = _array(layer.bias) if layer.use_bias else np.zeros(kernel.shape[1], np.float32)
    return [Operation("dense", {"size": list(kernel.shape)}, (kernel, bias))]


def _batch_norm(layer: Any) -> list[Operation]:
    if layer.axis not in (-1, len(layer.input.shape) - 1):
        raise _Unknown(f"the axis {layer.axis}")
    factor = 1 / np.sqrt(_doubles(layer.moving_variance) + layer.epsilon)
    factor = factor * _doubles(layer.gamma) if layer.scale else factor
    offset = -_doubles(layer.moving_mean) * factor
    offset = offset + _doubles(layer.beta) if layer.center else offset
    return [_affine(factor, offset)]


def _rescaling(layer: Any) -> list[Operation]:
    return [_affine(layer.scale, layer.offset)]


def _normalization(layer: Any) -> list[Operation]:
    if layer.invert:
        raise _Unknown("the inverse")
    factor = 1 / np.maximum(np.sqrt(_doubles(layer.variance)), 1e-7)
    return [_affine(factor, -_doubles(layer.mean) * factor)]


def _pooling(take: str) -> Callable[[Any], list[Operation]]:
    def convert(layer: Any) -> list[Operation]:
        settings = {
            "take": take,
            "size": list(layer.pool_size),
            "strides": list(layer.strides),
            "same": layer.padding == "same",
        }
        return [Operation("pooling", settings)]

    return convert


def _global(take: str) -> Callable[[Any], list[Operation]]:
    return lambda layer: [Operation("global", {"take": take, "keep": bool(layer.keepdims)})]


def _padding(layer: Any) -> list[Operation]:
    (top, bottom), (left, right) = layer.padding
    return [Operation("padding", {"rows": [top, bottom], "columns": [left, right]})]


def _reshape(layer: Any) -> list[Operation]:
    return [Operation("reshape", {"shape": list(layer.output.shape[1:])})]


def _relu(layer: Any) -> list[Operation]:
    if layer.threshold or layer.max_value not in (None, 6.0):
        raise _Unknown("a threshold or limit")
    if layer.max_value is not None:
        if layer.negative_slope:
            raise _Unknown("a limit and a slope")
        return [_activation("relu6")]
    return [_activation("leaky_relu", float(layer.negative_slope)) if layer.negative_slope else _activation("relu")]


def _softmax(layer: Any) -> list[Operation]:
    if layer.axis not in (-1, len(layer.input.shape) - 1):
        raise _Unknown(f"the axis {layer.axis}")
    return [_activation("softmax")]


_CONVERTERS: dict[str, Callable[[Any], list[Operation]]] = {
    "Rescaling": _rescaling,
    "Normalization": _normalization,
    "Conv2D": _convolution,
    "BatchNormalization": _batch_norm,
    "Activation": lambda layer: _function(layer.activation),
    "ReLU": _relu,
    "LeakyReLU": lambda layer: [_activation("leaky_relu", float(layer.negative_slope))],
    "ELU": lambda layer: [_activation("elu", float(layer.alpha))],
    "Softmax": _softmax,
    "MaxPooling2D": _pooling("max"),
    "AveragePooling2D": _pooling("average"),
    "GlobalMaxPooling2D": _global("max"),
    "GlobalAveragePooling2D": _global("average"),
    "ZeroPadding2D": _padding,
    "Flatten": _reshape,
    "Reshape": _reshape,
    "Dense": _dense,
}
