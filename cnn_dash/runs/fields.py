"""Every setting and every result of a run by name: `learning_rate`, `blocks.0.filters`, `accuracy`, `tag`.

A setting is called by any ending of its path (`config.flatten`); without the number of a layer it means that setting in
all of them. Search, sorting and the columns of the table go by these names.
"""

import difflib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache, partial
from typing import Any

from cnn_dash.config import MAX_BLOCKS, MAX_DENSE, ConvBlock, DenseLayer, ModelConfig, RunConfig
from cnn_dash.errors import ConfigError
from cnn_dash.hyperparameters import choices, field, flatten
from cnn_dash.runs.records import Run
from cnn_dash.runs.status import Status

Value = str | float | bool | datetime
Read = Callable[[Run], Iterable[Value | None]]


class Kind(StrEnum):
    """What the values of a fact are, in the words of an error."""

    NUMBER = "a number, such as 0.001 or 25%"
    SHARE = "a number from 0 to 1, or per cent, such as 98%"
    SWITCH = "on or off"
    CHOICE = "one of a few words"
    TEXT = "a text; * stands for anything"
    TIME = "a day such as 2026-11-24, or a time such as 2026-11-24T18:30"


@dataclass(frozen=True)
class RunField:
    """Something that is known of runs.

    Attributes:
        name: What it is called in a search.
        label: What it is called on a page.
        kind: What its values are.
        values: Its values for a run: none where it is not known, or the network has no such layer; several where there
            are several layers or tags.
        allowed: The words that a choice may be.
    """

    name: str
    label: str
    kind: Kind
    values: Callable[[Run], tuple[Value, ...]]
    allowed: tuple[str, ...] = ()

    def value(self, run: Run) -> Value | None:
        """The value for a table: by itself if it is one, else all of them as text: `32, 64, 64`."""
        values = self.values(run)
        if len(values) > 1:
            return ", ".join(("on" if one else "off") if isinstance(one, bool) else str(one) for one in values)
        return values[0] if values else None


def run_field(name: str) -> RunField:
    """The setting or result of this name.

    Raises:
        ConfigError: If there is none; it names those that come close, or all.
    """
    wanted = name.casefold()
    wanted = _ALSO_CALLED.get(wanted, wanted)
    found = _RESULTS.get(wanted) or _setting(wanted)
    if found is None:
        close = difflib.get_close_matches(wanted, names(), n=2)
        hint = f"Did you mean {' or '.join(close)}?" if close else f"Allowed: {', '.join(names())}."
        raise ConfigError(
            f"Runs have no setting or result of this name. Received: {name!r}. {hint} "
            "Settings may have the number of a layer, counted from 0, such as blocks.0.filters."
        )
    return found


def names() -> tuple[str, ...]:
    """All short names: results first, then settings in the order in which a person reads them."""
    return (*_RESULTS, *SETTINGS)


def differing(runs: Sequence[Run]) -> list[str]:
    """The short names of the settings that are not the same in all of these runs."""
    return [name for name in SETTINGS if len({run_field(name).values(run) for run in runs}) > 1]


def in_order(runs: Iterable[Run], by: RunField, *, descending: bool) -> list[Run]:
    """Runs by a fact; those that do not have it come last either way, and equal ones with the newest first."""
    newest_first = sorted(runs, key=lambda run: run.id, reverse=True)
    having = [run for run in newest_first if by.values(run)]
    having.sort(key=lambda run: tuple(map(_comparable, by.values(run))), reverse=descending)
    return having + [run for run in newest_first if not by.values(run)]


def _comparable(value: Value) -> Any:
    return value.casefold() if isinstance(value, str) else value


def _known(read: Read, run: Run) -> tuple[Value, ...]:
    return tuple(value for value in read(run) if value is not None)


def _result(name: str, label: str, kind: Kind, read: Read, allowed: tuple[str, ...] = ()) -> tuple[str, RunField]:
    return name, RunField(name, label, kind, partial(_known, read), allowed)


def _tested(attribute: str) -> Read:
    return lambda run: () if run.result is None else (getattr(run.result, attribute),)


def _of_epochs(name: str, label: str, kind: Kind, attribute: str) -> tuple[tuple[str, RunField], ...]:
    """The figure of the last epoch, which carries the name, and the best of all epochs."""
    return (
        _result(name, f"Last {label}", kind, lambda run: (getattr(run.last, attribute),)),
        _result(f"best_{name}", f"Best {label}", kind, lambda run: (getattr(run.best, attribute),)),
    )


_RESULTS: dict[str, RunField] = dict(
    (
        _result("run", "Run", Kind.NUMBER, lambda run: (run.id,)),
        _result("name", "Name", Kind.TEXT, lambda run: (run.name,)),
        _result("status", "Status", Kind.CHOICE, lambda run: (run.status.value,), tuple(Status)),
        _result("tag", "Tags", Kind.TEXT, lambda run: run.tags),
        _result("notes", "Notes", Kind.TEXT, lambda run: (run.notes or None,)),
        _result("favourite", "Favourite", Kind.SWITCH, lambda run: (run.favourite,)),
        _result("accuracy", "Test accuracy", Kind.SHARE, _tested("accuracy")),
        _result("loss", "Test loss", Kind.NUMBER, _tested("loss")),
        *_of_epochs("val_accuracy", "val. accuracy", Kind.SHARE, "val_accuracy"),
        *_of_epochs("val_loss", "val. loss", Kind.NUMBER, "val_loss"),
        *_of_epochs("val_auc", "val. AUC", Kind.NUMBER, "val_auc"),
        *_of_epochs("train_accuracy", "train. accuracy", Kind.SHARE, "accuracy"),
        *_of_epochs("train_loss", "train. loss", Kind.NUMBER, "loss"),
        _result("best_epoch", "Best epoch", Kind.NUMBER, _tested("best_epoch")),
        _result("epoch", "Finished epochs", Kind.NUMBER, lambda run: (run.epoch,)),
        _result("seconds", "Seconds", Kind.NUMBER, _tested("seconds")),
        _result("images_per_second", "Images/s", Kind.NUMBER, lambda run: (run.images_per_second,)),
        _result("parameters", "Parameters", Kind.NUMBER, lambda run: (run.parameters,)),
        _result("multiply_adds", "Multiply-adds", Kind.NUMBER, lambda run: (run.multiply_adds,)),
        _result("created", "Started", Kind.TIME, lambda run: (run.created_at,)),
        _result("ended", "Ended", Kind.TIME, lambda run: (run.ended_at,)),
        _result("blocks", "Number of blocks", Kind.NUMBER, lambda run: (len(run.recipe.model.blocks),)),
        _result("dense", "Number of dense layers", Kind.NUMBER, lambda run: (len(run.recipe.model.dense),)),
    )
)

_ALSO_CALLED = {
    "id": "run",
    "tags": "tag",
    "note": "notes",
    "favorite": "favourite",
    "title": "name",
    "test_accuracy": "accuracy",
    "test_loss": "loss",
    "auc": "val_auc",
    "last_val_accuracy": "val_accuracy",
    "last_val_loss": "val_loss",
    "lr": "learning_rate",
}

_LARGEST = RunConfig(model=ModelConfig(blocks=(ConvBlock(),) * MAX_BLOCKS, dense=(DenseLayer(),) * MAX_DENSE))
_PATHS = tuple(flatten(_LARGEST))

SETTINGS: tuple[str, ...] = tuple(dict.fromkeys(path.rsplit(".", 1)[-1] for path in _PATHS))
"""The short names of all settings."""


@lru_cache(maxsize=256)  # names come from outside, so there is no end to them
def _setting(name: str) -> RunField | None:
    paths = [path for path in _PATHS if _ends(path, name) or _ends(_without_numbers(path), name)]
    if not paths:
        return None
    info = field(paths[0])
    allowed = tuple(choice for choice in choices(paths[0]) if isinstance(choice, str))  # none, or those of a `Literal`
    kinds: dict[Any, Kind] = {bool: Kind.SWITCH, int: Kind.NUMBER, float: Kind.NUMBER}
    kind = Kind.CHOICE if allowed else kinds.get(info.annotation, Kind.TEXT)
    numbers = [int(part) + 1 for part in name.split(".") if part.isdigit()]
    where = f"{'Dense layer' if 'dense' in name else 'Block'} {numbers[0]} " if numbers else ""
    label = f"{where}{str(info.title).lower()}" if where else str(info.title)
    steps = tuple(tuple(path.split(".")) for path in paths)
    return RunField(name, label, kind, partial(_held, steps), allowed)


def _ends(path: str, name: str) -> bool:
    return path == name or path.endswith(f".{name}")


def _without_numbers(path: str) -> str:
    return ".".join(part for part in path.split(".") if not part.isdigit())


def _held(paths: tuple[tuple[str, ...], ...], run: Run) -> tuple[Value, ...]:
    found = []
    for path in paths:
        node: Any = run.recipe
        for part in path:
            if isinstance(node, tuple):
                node = node[int(part)] if int(part) < len(node) else None
            else:
                node = getattr(node, part)
            if node is None:  # no such layer, or no preset
                break
        else:
            found.append(node)
    return tuple(found)
