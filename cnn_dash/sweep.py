"""Several values of some settings, and the runs that their product makes.

    sweep(config, {"train.learning_rate": "0.001, 0.003", "train.seed": "1..3"})        6 configurations

Values are written as a person writes them: separated by commas, whole numbers also as a range.
"""

import itertools
import re
import reprlib
from collections.abc import Mapping
from typing import Any

from cnn_dash.config import RunConfig
from cnn_dash.errors import ConfigError
from cnn_dash.hyperparameters import allowed, field, flatten, override

MAX_RUNS = 200

_RANGE = re.compile(r"(\d{1,10})\s*\.\.\s*(\d{1,10})")


def sweep(config: RunConfig, several: Mapping[str, str]) -> list[RunConfig]:
    """Return the configurations that several values of some settings make, the first setting changing slowest.

    Args:
        config: All other settings.
        several: Values of each setting by its path: `0.001, 0.003`, or `1..5` for whole numbers.

    Returns:
        At least one; a configuration that comes out twice is there once.

    Raises:
        ConfigError: If a setting does not exist or has no values, a value is not allowed there, or there are more than
            `MAX_RUNS`.
    """
    found = {path: values(config, path, text) for path, text in several.items()}
    count = 1
    for one in found.values():
        count *= len(one)
    if count > MAX_RUNS:
        product = " × ".join(str(len(one)) for one in found.values())
        raise ConfigError(f"That is too many runs. Received: {product} = {count:,}. Allowed: {MAX_RUNS} at once.")
    chosen = itertools.product(*found.values())
    return [override(config, dict(zip(found, one, strict=True))) for one in chosen]


def values(config: RunConfig, path: str, text: str) -> list[Any]:
    """Return the values that a text gives a setting, checked, each once, in the order of the text.

    Raises:
        ConfigError: If there is no such setting, no value, too many, or one that is not allowed there.
    """
    title = field(path).title
    if path not in flatten(config):
        raise ConfigError(f"{title}: this network has no such layer. Received: {path!r}. Choose another setting.")
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if not parts:
        raise ConfigError(f"{title} has no values to try. Received: nothing. Allowed: {allowed(path)}, by comma.")
    found: dict[Any, None] = {}
    for value in itertools.chain.from_iterable(_expanded(path, part) for part in parts):
        try:
            found[flatten(override(config, {path: value}))[path]] = None
        except ConfigError:
            received = reprlib.repr(value)
            raise ConfigError(
                f"{title} cannot have this value. Received: {received}. Allowed: {allowed(path)}."
            ) from None
        if len(found) > MAX_RUNS:
            raise ConfigError(f"{title} has too many values to try. Allowed: {MAX_RUNS} runs at once.")
    return list(found)


def _expanded(path: str, part: str) -> list[str]:
    """Return the values that one part of the text stands for: a range of whole numbers is all of them."""
    found = _RANGE.fullmatch(part)
    if found is None or field(path).annotation is not int:
        return [part]
    first, last = int(found[1]), int(found[2])
    if not first <= last < first + MAX_RUNS:
        raise ConfigError(
            f"{field(path).title} cannot have these values. Received: {part!r}. Allowed: a range that goes up, over at "
            f"most {MAX_RUNS} values, like 1..5."
        )
    return [str(number) for number in range(first, last + 1)]
