"""The operations of a page, carried out by NumPy: what `network.js` does, to check a file without a browser."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from cnn_dash.exporters.html_page.operations import Floats, Operation


def carry_out(operations: list[Operation], images: NDArray[np.uint8]) -> Floats:
    """Return the probabilities float32 (N, classes) of images uint8 (N, H, W, C)."""
    x = images.astype(np.float32)
    for one in operations:
        x = np.asarray(_STEPS[one.kind](x, one.settings, one.arrays), np.float32)
    return x.reshape(len(images), -1)


def _convolution(x: Floats, settings: dict[str, Any], arrays: tuple[Floats, ...]) -> Floats:
    kernel, bias = arrays
    rows, columns, _, filters = settings["kernel"]
    kernel = kernel.reshape(-1, filters)
    down, across = settings["dilation"]
    if settings["same"]:
        x = _padded(x, (down * (rows - 1) + 1, across * (columns - 1) + 1), settings["strides"], 0.0)
    seen = _windows(x, (down * (rows - 1) + 1, across * (columns - 1) + 1), settings["strides"])[..., ::down, ::across]
    seen = np.moveaxis(seen, 3, 5)  # (N, H, W, rows, columns, channels)
    return np.asarray(seen.reshape(*seen.shape[:3], -1) @ kernel + bias)


def _pooling(x: Floats, settings: dict[str, Any], _arrays: tuple[Floats, ...]) -> Floats:
    if settings["same"]:  # what lies beyond the border does not count
        x = _padded(x, settings["size"], settings["strides"], np.nan)
    seen = _windows(x, settings["size"], settings["strides"])
    return np.asarray((np.nanmax if settings["take"] == "max" else np.nanmean)(seen, axis=(4, 5)))


def _windows(x: Floats, size: Any, strides: Any) -> Floats:
    """Return (N, H, W, C, rows, columns)."""
    return sliding_window_view(x, tuple(size), axis=(1, 2))[:, :: strides[0], :: strides[1]]


def _padded(x: Floats, size: Any, strides: Any, value: float) -> Floats:
    """Pad as TensorFlow does for "same": so that every stride has its window, the odd pixel below and at the right."""
    pads = []
    for side, window, stride in zip(x.shape[1:3], size, strides, strict=True):
        pad = max((-(-side // stride) - 1) * stride + window - side, 0)
        pads.append((pad // 2, pad - pad // 2))
    return np.pad(x, ((0, 0), *pads, (0, 0)), constant_values=value)


def _global(x: Floats, settings: dict[str, Any], _arrays: tuple[Floats, ...]) -> Floats:
    return np.asarray((np.max if settings["take"] == "max" else np.mean)(x, axis=(1, 2), keepdims=settings["keep"]))


def _padding(x: Floats, settings: dict[str, Any], _arrays: tuple[Floats, ...]) -> Floats:
    return np.pad(x, ((0, 0), settings["rows"], settings["columns"], (0, 0)))


def _activation(x: Floats, settings: dict[str, Any], _arrays: tuple[Floats, ...]) -> Floats:
    return np.asarray(_FUNCTIONS[settings["function"]](x, settings["slope"]))


def _softmax(x: Floats) -> Floats:
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


def _gelu(x: Floats) -> Floats:
    from scipy.special import erf

    return np.asarray(x * (1 + erf(x / np.sqrt(2))) / 2)


def _below(x: Floats, low: Floats) -> Floats:
    """Return x where it is above 0, else what is given for there."""
    return np.where(x > 0, x, low)


def _up(x: Floats) -> Floats:
    """Return eˣ − 1 without overflow where it is not needed."""
    return np.asarray(np.expm1(np.minimum(x, 0)))


def _sigmoid(x: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-x.astype(np.float64))))


_FUNCTIONS: dict[str, Callable[[Floats, float], Floats]] = {
    "relu": lambda x, _: np.maximum(x, 0),
    "relu6": lambda x, _: np.clip(x, 0, 6),
    "leaky_relu": lambda x, slope: _below(x, x * np.float32(slope)),
    "elu": lambda x, slope: _below(x, _up(x) * np.float32(slope)),
    "selu": lambda x, _: np.float32(1.05070098) * _below(x, np.float32(1.67326324) * _up(x)),
    "gelu": lambda x, _: _gelu(x),
    "tanh": lambda x, _: np.tanh(x),
    "sigmoid": lambda x, _: _sigmoid(x),
    "silu": lambda x, _: x * _sigmoid(x),
    "softplus": lambda x, _: np.logaddexp(x, np.float32(0)),
    "softsign": lambda x, _: x / (1 + np.abs(x)),
    "hard_sigmoid": lambda x, _: np.clip(x / 6 + np.float32(0.5), 0, 1),
    "hard_silu": lambda x, _: x * np.clip(x / 6 + np.float32(0.5), 0, 1),
    "exponential": lambda x, _: np.exp(x),
    "softmax": lambda x, _: _softmax(x),
}

_STEPS: dict[str, Callable[[Floats, dict[str, Any], tuple[Floats, ...]], Floats]] = {
    "affine": lambda x, _, arrays: x * arrays[0] + arrays[1],
    "convolution": _convolution,
    "activation": _activation,
    "pooling": _pooling,
    "global": _global,
    "padding": _padding,
    "reshape": lambda x, settings, _: x.reshape(len(x), *settings["shape"]),
    "dense": lambda x, _, arrays: x @ arrays[0] + arrays[1],
    "both": lambda x, _settings, _arrays: np.concatenate([1 - x, x], axis=-1),
}
