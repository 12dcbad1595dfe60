"""One widget for one setting: label, help, bounds and choices come from `config`."""

from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st

from cnn_dash.config import TrainConfig
from cnn_dash.hyperparameters import bounds, choices, field
from cnn_dash.ui.components.formatting import stages
from cnn_dash.ui.session import widget_keys

_DECADES = (1, 2, 3, 5, 7)
_POWERS = (1, 2, 4, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 1024, 2048, 4096)

# The stops of a slider where even steps would be of no use. What lies between them comes in by the URL or the command
# line, and then is a stop as well.
_STOPS: dict[str, tuple[float, ...]] = {
    "learning_rate": (*(round(d * 10.0**e, 8) for e in range(-6, 0) for d in _DECADES), 1.0),
    "weight_decay": (0.0, 0.0001, 0.0003, 0.001, 0.002, 0.004, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5),
    "momentum": (0.0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999),
    "batch_size": _POWERS,
    "filters": _POWERS,
    "units": _POWERS,
    "epochs": (*range(1, 11), 12, 15, 20, 25, 30, 40, 50, 75, 100, 150, 200, 300, 500, 1000),
    "warmup_epochs": (0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 10.0, 20.0, 50.0),
    "step_every": (*range(1, 11), 15, 20, 30, 50, 100, 200, 500),
    "plateau_patience": (*range(1, 11), 15, 20, 30, 50, 100),
    "patience": (*range(1, 11), 15, 20, 30, 50, 100),
    "step_factor": (0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95),
    "validation_fraction": (0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5),
    "dropout": (0.0, 0.1, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9),
    "label_smoothing": (0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5),
    "shift": (0.0, 0.02, 0.05, 0.08, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5),
    "rotation": (0.0, 2.0, 5.0, 8.0, 10.0, 15.0, 20.0, 30.0, 45.0, 90.0, 180.0),
    "zoom": (0.0, 0.02, 0.05, 0.08, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5),
}
_UNITS: dict[str, Callable[[Any], str]] = {
    "rotation": lambda value: f"{value:g}°",
    "warmup_epochs": lambda value: f"{value:g} epochs",
    **dict.fromkeys(
        ("validation_fraction", "dropout", "shift", "zoom", "label_smoothing", "step_factor"),
        lambda value: f"{100 * value:g} %",
    ),
}
_WORDS = {
    "relu": "ReLU",
    "leaky_relu": "Leaky ReLU",
    "elu": "ELU",
    "gelu": "GELU",
    "global_average": "global average",
    "adam": "Adam",
    "adamw": "AdamW",
    "rmsprop": "RMSprop",
    "sgd": "SGD",
    "nadam": "Nadam",
    "one_cycle": "one cycle",
    "reduce_on_plateau": "reduce on plateau",
    "val_loss": "validation loss",
    "val_accuracy": "validation accuracy",
    "val_auc": "validation AUC",
}


def render_setting(path: str, *, compact: bool = False, disabled: bool = False) -> None:
    """Draw the widget of a setting; its value is in the session under `widget_keys.setting(path)`.

    Args:
        path: The setting.
        compact: A drop-down instead of a slider, for rows with many settings.
        disabled: Shown, but without effect on this run.
    """
    info = field(path)
    name = path.rsplit(".", 1)[-1]
    common: dict[str, Any] = {
        "label": info.title,
        "key": widget_keys.setting(path),
        "help": info.description,
        "disabled": disabled,
        "persist_state": "session",
    }
    if info.annotation is bool:
        st.toggle(**common)
    elif options := choices(path):
        st.selectbox(options=options, format_func=partial(format_value, path), **common)
    elif name == "seed":
        low, high = bounds(path)
        st.number_input(min_value=int(low), max_value=int(high), step=1, **common)
    else:
        common |= {"options": _options(path, name), "format_func": partial(format_value, path)}
        if compact:
            st.selectbox(**common)
        else:
            st.select_slider(**common)


def format_value(path: str, value: Any) -> str:
    """A value as its widget shows it."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if path == "train.stages":
        return stages(TrainConfig(stages=value).plans) or "none"
    if isinstance(value, str):
        return _WORDS.get(value, value)
    unit = _UNITS.get(path.rsplit(".", 1)[-1])
    return unit(value) if unit else f"{value:g}"


def _options(path: str, name: str) -> list[float]:
    low, high = bounds(path)
    whole = field(path).annotation is int
    stops = _STOPS.get(name) or tuple(range(int(low), int(high) + 1))
    options = {stop for stop in stops if low <= stop <= high}
    options.add(st.session_state[widget_keys.setting(path)])
    return sorted(int(value) if whole else float(value) for value in options)
