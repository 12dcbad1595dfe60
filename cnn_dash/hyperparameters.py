"""The settings of a run by path: `train.learning_rate`, `model.blocks.0.filters`.

Sliders, the URL, the command line and files all go through here: `bounds`, `choices`, `stops` and `in_effect` feed the
widgets, `load` and `override` check what came from outside and answer with sentences instead of tracebacks. What is
allowed is in `config`.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from cnn_dash.config import LARGEST, DenseLayer, ModelConfig, RunConfig, Setting
from cnn_dash.errors import ConfigError

MAX_STOPS = 100

_PLAIN = Setting()


def load(values: Mapping[str, Any] | str) -> RunConfig:
    """Check nested values, or their JSON text, and make a `RunConfig` of them.

    Numbers may come as text, as they do from a URL or the command line.

    Raises:
        ConfigError: With one sentence for each setting that is out of bounds, unknown or of the wrong type.
    """
    try:
        return RunConfig.model_validate_json(values) if isinstance(values, str) else RunConfig.model_validate(values)
    except ValidationError as error:
        raise ConfigError(" ".join(_sentence(item) for item in error.errors())) from None


def override(config: RunConfig, changes: Mapping[str, Any]) -> RunConfig:
    """Return `config` with the settings at the given paths changed, e.g. `{"train.epochs": "3"}`.

    Raises:
        ConfigError: If a path names no setting, or a value is not allowed there.
    """
    values = config.model_dump()
    for path, value in changes.items():
        _put(values, path, value)
    return load(values)


def flatten(config: BaseModel, prefix: str = "") -> dict[str, Any]:
    """Return all settings by path, in the order in which a person reads them: `{"train.epochs": 5, ...}`."""
    return dict(_leaves(config, prefix))


def differences(config: RunConfig, base: RunConfig) -> dict[str, tuple[Any, Any]]:
    """Return where `config` departs from `base`: path → (value in `base`, value in `config`).

    A value is None where that network has no such layer.
    """
    here, there = flatten(config), flatten(base)
    paths = list(there) + [path for path in here if path not in there]
    return {p: (there.get(p), here.get(p)) for p in paths if p != "preset" and there.get(p) != here.get(p)}


def field(path: str) -> FieldInfo:
    """Return the field at a path; indices are ignored: `field("model.blocks.0.filters")`.

    Raises:
        ConfigError: If the path names no setting.
    """
    model: type[BaseModel] = RunConfig
    info: FieldInfo | None = None
    for part in path.split("."):
        if part.isdigit():
            continue
        info = model.model_fields.get(part)
        if info is None:
            break
        model = next((t for t in (info.annotation, *get_args(info.annotation)) if _is_part(t)), model)
    if info is None:
        raise ConfigError(f"There is no such setting. Received: {path!r}. Allowed: {', '.join(_known())}.")
    return info


@cache
def all_paths() -> tuple[str, ...]:
    """Return the paths of all settings that a run of ours may have, in the order in which a person reads them."""
    return tuple(flatten(LARGEST))


def is_setting(path: str) -> bool:
    """Return whether a path names a setting of ours, in whatever layer; the params of another program are none."""
    return path in all_paths()


def bounds(path: str) -> tuple[float, float]:
    """Return the smallest and largest value of a number, or length of a list, as `Field` declares them.

    An exclusive bound is returned as it stands.
    """
    low = high = None
    for rule in field(path).metadata:
        low = next((v for n in ("ge", "gt", "min_length") if (v := getattr(rule, n, None)) is not None), low)
        high = next((v for n in ("le", "lt", "max_length") if (v := getattr(rule, n, None)) is not None), high)
    return (0 if low is None else low), (float("inf") if high is None else high)


def choices(path: str) -> tuple[str, ...]:
    """Return the allowed values of a setting that is a choice, in the order to show them."""
    return tuple(get_args(field(path).annotation))


def setting(path: str) -> Setting:
    """Return what `config` says of a setting beyond its type, bounds, title and description."""
    return next((rule for rule in field(path).metadata if isinstance(rule, Setting)), _PLAIN)


def stops(path: str) -> tuple[float, ...]:
    """Return the numbers that a slider offers, in order and of the setting's type; none if there are too many."""
    low, high = bounds(path)
    whole = field(path).annotation is int
    found = setting(path).stops or (range(int(low), int(high) + 1) if whole and high - low < MAX_STOPS else ())
    return tuple(int(stop) if whole else float(stop) for stop in found)


def in_effect(path: str, values: Mapping[str, Any]) -> bool:
    """Return whether a setting has an effect on a run with these settings, by path, as `flatten` returns them."""
    return all(any(values[name] in allowed for name, allowed in conditions.items()) for conditions in _conditions(path))


def explanation(path: str) -> str:
    """Return the help text of a setting, with the choices of its part without which it has no effect."""
    part = path.rpartition(".")[0]
    conditions = [_condition(f"{part}.{name}", allowed) for name, allowed in setting(path).only_if.items()]
    only = f" Has an effect only with {' or '.join(conditions)}." if conditions else ""
    return f"{field(path).description}{only}"


def _conditions(path: str) -> list[dict[str, tuple[Any, ...]]]:
    """Return what a setting needs, and what the parts around it need: paths with the values that are enough."""
    found = []
    while path:
        part = path.rpartition(".")[0]
        if conditions := setting(path).only_if if not path.rpartition(".")[2].isdigit() else {}:
            found.append({name if "." in name else f"{part}.{name}": allowed for name, allowed in conditions.items()})
        path = part
    return found


def _condition(path: str, allowed: tuple[Any, ...]) -> str:
    """Return in words which values of a setting others depend on: `optimizer SGD`, `early stopping`."""
    title = str(field(path).title).lower()
    words = [setting(path).labels.get(value, value) for value in allowed if isinstance(value, str)]
    return f"{title} {', '.join(words[:-1])}{' or ' if words[1:] else ''}{words[-1]}" if words else title


def allowed(path: str) -> str:
    """Return in words what may stand at a path: `a whole number from 1 to 512`, `max, average, none`."""
    info = field(path)
    options = choices(path)
    if options and isinstance(options[0], str):  # else those of a list are the kinds of its parts
        return ", ".join(options)
    if info.examples:
        return f"a text like {info.examples[0]}, or none"
    low, high = bounds(path)
    kinds: dict[Any, str] = {int: "a whole number", float: "a number", bool: "true or false", str: "a name"}
    kind = kinds.get(info.annotation)
    if kind is None:
        return f"{low:g} to {high:g} of them" if high != float("inf") else "a group of settings"
    return f"{kind} from {_plain(low)} to {_plain(high)}" if high != float("inf") else kind


def _is_part(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _known() -> Iterator[str]:
    example = RunConfig(model=ModelConfig(dense=(DenseLayer(),)))
    return (path for path in flatten(example) if path != "preset")


def _leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _leaves(getattr(value, name), f"{path}.{name}" if path else name)
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _leaves(item, f"{path}.{index}")
    else:
        yield path, value


def _put(values: dict[str, Any], path: str, value: Any) -> None:
    field(path)  # an unknown name is refused with the list of known ones
    *parents, last = path.split(".")
    node: Any = values
    try:
        for part in parents:
            node = node[int(part)] if isinstance(node, list | tuple) else node[part]
        if isinstance(node, list | tuple):
            node[int(last)]  # refuses an index that does not exist
            raise ConfigError(f"{path} is a group of settings, not one. Received: {value!r}.")
        node[last] = value
    except (IndexError, ValueError, KeyError, TypeError):
        raise ConfigError(f"{path}: this network has no such layer. Received: {value!r}.") from None


def _plain(number: float) -> str:
    """Return a bound without exponent: `0.000001`."""
    return f"{number:.10f}".rstrip("0").rstrip(".")


def _sentence(error: Any) -> str:
    """Return one pydantic error as a sentence."""
    path = ".".join(str(part) for part in error["loc"]) or "the configuration"
    received = repr(error["input"])
    if len(received) > 60:
        received = received[:57] + "…"
    try:
        info = field(path)
    except ConfigError as unknown:
        return str(unknown)
    return f"{path} ({info.title or path}) cannot be used. Received: {received}. Allowed: {allowed(path)}."
