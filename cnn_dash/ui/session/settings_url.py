"""Settings in the URL: what differs from the preset, under the names of the widgets.

`/train?train_preset=compact-same&train_epochs=3` is all it takes to hand a configuration to somebody else. What comes
in goes through the same checks as everything; what does not pass is left at the preset's value, and said in the words
of the page.
"""

import reprlib
from collections.abc import Collection, Mapping
from typing import Any

from cnn_dash import presets
from cnn_dash.config import ConvBlock, DenseLayer, RunConfig
from cnn_dash.datasets.catalogue import SOURCES
from cnn_dash.errors import ConfigError
from cnn_dash.hyperparameters import allowed, bounds, differences, flatten, override
from cnn_dash.parsing import whole_number
from cnn_dash.ui.formatting import format_value, setting_name
from cnn_dash.ui.session import widget_keys

PREFIX = "train_"
DATASET = widget_keys.setting("data.dataset")
BALANCE = widget_keys.setting("train.balance_classes")
NO_PRESET = "none"
"""Stands for the preset of settings that started from none; what differs from the default one is told all the same."""

_NOT_SETTINGS = {widget_keys.TRAIN_PRESET, widget_keys.TRAIN_BLOCKS, widget_keys.TRAIN_DENSE, widget_keys.TRAIN_TRY}


def to_query(config: RunConfig) -> dict[str, str]:
    """Return the URL parameters that describe a configuration."""
    preset = config.preset if config.preset in presets.PRESETS else None
    query = {widget_keys.TRAIN_PRESET: preset or NO_PRESET, DATASET: config.data.dataset}
    base = presets.get(preset or presets.DEFAULT_PRESET).config(config.data.dataset)
    counts = {widget_keys.TRAIN_BLOCKS: len(config.model.blocks), widget_keys.TRAIN_DENSE: len(config.model.dense)}
    ours = {widget_keys.TRAIN_BLOCKS: len(base.model.blocks), widget_keys.TRAIN_DENSE: len(base.model.dense)}
    query |= {key: str(count) for key, count in counts.items() if count != ours[key]}
    changed = differences(config, resized(base, *counts.values()))
    return query | {widget_keys.setting(path): _text(value) for path, (_, value) in changed.items()}


def from_query(query: Mapping[str, str], datasets: Collection[str] = SOURCES.keys()) -> tuple[RunConfig, list[str]]:
    """Return the configuration that URL parameters describe, and a sentence for each of them that could not be used.

    A sentence says what was received, what is allowed, and what stands there instead.

    Args:
        query: The parameters.
        datasets: Names of the data sets there are.
    """
    problems: list[str] = []
    config = _preset(query, problems)
    blocks = _count(query, widget_keys.TRAIN_BLOCKS, "model.blocks", len(config.model.blocks), problems)
    dense = _count(query, widget_keys.TRAIN_DENSE, "model.dense", len(config.model.dense), problems)
    config = resized(config, blocks, dense)
    for key, value in query.items():
        if not key.startswith(PREFIX) or key in _NOT_SETTINGS:
            continue
        problem = _problem(config, key, value, datasets)
        if problem is None:
            config = override(config, {widget_keys.SETTINGS[key]: value})
        else:
            problems.append(problem)
    return config, problems


def resized(config: RunConfig, blocks: int, dense: int) -> RunConfig:
    """Return the network with other numbers of blocks and dense layers; new ones repeat the last of their kind."""
    model = config.model
    more_blocks = (model.blocks or (ConvBlock(),))[-1:] * max(0, blocks - len(model.blocks))
    more_dense = (model.dense or (DenseLayer(),))[-1:] * max(0, dense - len(model.dense))
    changed = {
        "blocks": (*model.blocks[:blocks], *more_blocks),
        "dense": (*model.dense[:dense], *more_dense),
    }
    return config.model_copy(update={"model": model.model_copy(update=changed)})


def _preset(query: Mapping[str, str], problems: list[str]) -> RunConfig:
    """Return the settings that all else is a change of."""
    name = query.get(widget_keys.TRAIN_PRESET, presets.DEFAULT_PRESET)
    if name in presets.PRESETS:
        return presets.get(name).config()
    default = presets.get(presets.DEFAULT_PRESET)
    if name == NO_PRESET:
        return default.config().model_copy(update={"preset": None})
    problems.append(_refused("Preset", name, f"{', '.join(presets.PRESETS)}, {NO_PRESET}", default.name))
    return default.config()


def _count(query: Mapping[str, str], key: str, path: str, otherwise: int, problems: list[str]) -> int:
    text = query.get(key)
    if text is None:
        return otherwise
    low, high = bounds(path)
    number = whole_number(text)
    if number is None or not low <= number <= high:
        range_in_words = f"a whole number from {low:g} to {high:g}"
        problems.append(_refused(setting_name(path), text, range_in_words, str(otherwise)))
        return otherwise
    return number


def _problem(config: RunConfig, key: str, value: str, datasets: Collection[str]) -> str | None:
    """Return why a parameter cannot change this configuration; None if it can."""
    received = reprlib.repr(value)
    path = widget_keys.SETTINGS.get(key)
    if path is None:
        return f"There is no such setting. Received: {key!r}. It is left out."
    settings = flatten(config)
    if path not in settings:
        model = config.model
        is_block = path.startswith("model.blocks")
        there = f"{len(model.blocks)} convolution blocks" if is_block else f"{len(model.dense)} dense layers"
        return f"{setting_name(path)} is left out. Received: {received}, but the network has {there}."
    unchanged = format_value(path, settings[path])
    if key == DATASET:
        return None if value in datasets else _refused("Data set", value, ", ".join(datasets), unchanged)
    try:
        override(config, {path: value})
    except ConfigError:
        return _refused(setting_name(path), value, allowed(path), unchanged)
    return None


def _refused(name: str, value: str, allowed_in_words: str, instead: str) -> str:
    received = reprlib.repr(value)
    return f"{name} cannot be used. Received: {received}. Allowed: {allowed_in_words}. {instead} stands there instead."


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
