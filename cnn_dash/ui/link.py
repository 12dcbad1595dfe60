"""Settings in the URL: what differs from the preset, under the names of the widgets.

`/train?train_preset=compact-same&train_epochs=3` is all it takes to hand a configuration to somebody else. What comes
in goes through the same checks as everything; what does not pass is left at the preset's value, and said.
"""

import reprlib
from collections.abc import Mapping
from typing import Any

from cnn_dash import presets
from cnn_dash.config import ConvBlock, DenseLayer, RunConfig, bounds, differences, override
from cnn_dash.errors import ConfigError
from cnn_dash.numbers import whole_number
from cnn_dash.ui import keys

PREFIX = "train_"
DATASET = keys.setting("data.dataset")


def to_query(config: RunConfig) -> dict[str, str]:
    """The URL parameters that describe a configuration."""
    preset = presets.get(config.preset or presets.DEFAULT_PRESET)
    query = {keys.TRAIN_PRESET: preset.name, DATASET: config.data.dataset}
    base = preset.config(config.data.dataset)
    counts = {keys.TRAIN_BLOCKS: len(config.model.blocks), keys.TRAIN_DENSE: len(config.model.dense)}
    ours = {keys.TRAIN_BLOCKS: len(base.model.blocks), keys.TRAIN_DENSE: len(base.model.dense)}
    query |= {key: str(count) for key, count in counts.items() if count != ours[key]}
    changed = differences(config, resized(base, *counts.values()))
    return query | {keys.setting(path): _text(value) for path, (_, value) in changed.items()}


def from_query(query: Mapping[str, str]) -> tuple[RunConfig, list[str]]:
    """The configuration that URL parameters describe, and a sentence for each of them that could not be used."""
    problems: list[str] = []
    try:
        preset = presets.get(query.get(keys.TRAIN_PRESET, presets.DEFAULT_PRESET))
    except ConfigError as error:
        problems.append(str(error))
        preset = presets.get(presets.DEFAULT_PRESET)
    config = preset.config()
    blocks = _count(query, keys.TRAIN_BLOCKS, "model.blocks", len(config.model.blocks), problems)
    dense = _count(query, keys.TRAIN_DENSE, "model.dense", len(config.model.dense), problems)
    config = resized(config, blocks, dense)
    for key, value in query.items():
        if not key.startswith(PREFIX) or key in (keys.TRAIN_PRESET, keys.TRAIN_BLOCKS, keys.TRAIN_DENSE):
            continue
        try:
            if key not in keys.SETTINGS:
                raise ConfigError(f"There is no such setting. Received: {key!r} in the address. It is left out.")
            config = override(config, {keys.SETTINGS[key]: value})
        except ConfigError as error:
            problems.append(str(error))
    return config, problems


def resized(config: RunConfig, blocks: int, dense: int) -> RunConfig:
    """The same network with another number of blocks and dense layers; new ones repeat the last one of their kind."""
    model = config.model
    more_blocks = (model.blocks or (ConvBlock(),))[-1:] * max(0, blocks - len(model.blocks))
    more_dense = (model.dense or (DenseLayer(),))[-1:] * max(0, dense - len(model.dense))
    changed = {
        "blocks": (*model.blocks[:blocks], *more_blocks),
        "dense": (*model.dense[:dense], *more_dense),
    }
    return config.model_copy(update={"model": model.model_copy(update=changed)})


def _count(query: Mapping[str, str], key: str, path: str, otherwise: int, problems: list[str]) -> int:
    text = query.get(key)
    if text is None:
        return otherwise
    low, high = bounds(path)
    number = whole_number(text)
    if number is None or not low <= number <= high:
        received = reprlib.repr(text)
        problems.append(
            f"{key} cannot be used. Received: {received}. Allowed: a whole number from {low:g} to {high:g}."
        )
        return otherwise
    return number


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
