"""What a Keras model says of itself: settings, layers, learning rate. Whatever it does not say is left out."""

import contextlib
import math
from collections.abc import Mapping
from typing import Any

_LONGEST_TEXT = 200


def params_of(model: Any) -> dict[str, Any]:
    """Return the settings of a compiled model: optimizer, learning rate, loss, what it is called."""
    found: dict[str, Any] = {}
    if model is None:
        return found
    with contextlib.suppress(Exception):
        found["model"] = str(model.name)
    optimizer = getattr(model, "optimizer", None)
    if optimizer is not None:
        found |= _optimizer(optimizer)
    with contextlib.suppress(Exception):
        loss = model.loss
        if loss is not None:
            found["loss"] = _text(loss)
    with contextlib.suppress(Exception):
        frozen = sum(1 for layer in model.layers if not layer.trainable)
        if frozen:
            found["frozen_layers"] = frozen
    return found


def _optimizer(optimizer: Any) -> dict[str, Any]:
    found: dict[str, Any] = {"optimizer": type(optimizer).__name__}
    with contextlib.suppress(Exception):
        config = dict(optimizer.get_config())
        name, rate = config.pop("name", None), config.pop("learning_rate", None)
        # A wrapped one (loss scaling) has its rate inside; a schedule is told by its own settings.
        if isinstance(rate, Mapping):
            found["learning_rate"] = str(rate.get("class_name", "schedule"))
            found["learning_rate_schedule"] = dict(rate.get("config", {}))
        elif rate is not None:
            found["learning_rate"] = _short_number(float(rate))
        kept = {key: value for key, value in config.items() if isinstance(value, int | float | str | bool)}
        found["optimizer_settings"] = {"name": name} | kept
    return found


def _short_number(value: float) -> float:
    """Return 0.001 for the float32 0.0010000000474974513."""
    return float(f"{value:.6g}") if math.isfinite(value) else value


def _text(value: Any) -> Any:
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return {str(key): _text(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_text(one) for one in value]
    name = getattr(value, "name", None) or getattr(value, "__name__", None) or type(value).__name__
    return str(name)[:_LONGEST_TEXT]


def layers_of(model: Any) -> list[dict[str, Any]]:
    """Return the layers of a model in order: name, kind, shape of the output without the batch, parameters."""
    found = []
    with contextlib.suppress(Exception):
        for layer in model.layers:
            told: dict[str, Any] = {"name": str(layer.name), "kind": type(layer).__name__}
            with contextlib.suppress(Exception):
                told["output_shape"] = [None if size is None else int(size) for size in layer.output.shape[1:]]
            with contextlib.suppress(Exception):
                told["parameters"] = int(layer.count_params())
            with contextlib.suppress(Exception):
                activation = getattr(layer, "activation", None)
                if activation is not None:
                    told["activation"] = _text(activation)
            if not getattr(layer, "trainable", True):
                told["trainable"] = False
            found.append(told)
    return found


def parameters_of(model: Any) -> int | None:
    """Return the number of parameters of a model; None while it is not built."""
    try:
        return int(model.count_params())
    except Exception:
        return None


class LearningRate:
    """The learning rate of a model's optimizer: a constant, a variable that callbacks change, or a schedule."""

    def __init__(self, model: Any) -> None:
        self._optimizer = getattr(model, "optimizer", None)
        self._first = 0  # the steps of the optimizer when the epoch began
        self._schedule: Any = None
        inner: Any = getattr(self._optimizer, "inner_optimizer", self._optimizer)
        schedule = getattr(inner, "_learning_rate", None)
        if callable(schedule) and hasattr(schedule, "get_config"):
            self._schedule = schedule
        self._inner = inner
        self.begin_epoch()

    def begin_epoch(self) -> None:
        """Note where the optimizer stands: within an epoch, some backends keep that elsewhere."""
        with contextlib.suppress(Exception):
            self._first = int(_number(self._inner.iterations))

    def now(self, batches: int) -> float | None:
        """Return the rate of the last update, after so many batches of the epoch; None if it cannot be told."""
        if self._inner is None:
            return None
        with contextlib.suppress(Exception):
            if self._schedule is not None:
                return _number(self._schedule(max(0, self._first + batches - 1)))
            return _number(self._inner.learning_rate)
        return None


def _number(value: Any) -> float:
    import keras

    return float(keras.ops.convert_to_numpy(value))
