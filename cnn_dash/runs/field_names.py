"""Fields of runs by name: what is declared, every setting, and every metric and param that a run in the store has.

A setting is called by any ending of its path (`hyperparameters.flatten`); without the number of a layer it means that
setting in all of them. A metric is called by its name for its last value, with `best_` before it for the best of all
epochs; the metrics of training are also called `train_loss`, as `loss` is that of the test. Where a param of an
external run has the name of something else, `params.loss` means the param.
"""

import difflib
from collections.abc import Iterable
from functools import lru_cache
from itertools import zip_longest
from typing import Any, Literal

from cnn_dash.errors import ConfigError
from cnn_dash.hyperparameters import all_paths, choices, field
from cnn_dash.metrics import DECLARED as DECLARED_METRICS
from cnn_dash.metrics import TRACKED_METRICS, Format, in_reading_order, metric
from cnn_dash.runs.fields import DECLARED
from cnn_dash.runs.records import Run
from cnn_dash.runs.run_field import Kind, RunField
from cnn_dash.runs.stored import InMetrics, InSettings

SETTINGS: tuple[str, ...] = tuple(dict.fromkeys(path.rsplit(".", 1)[-1] for path in all_paths()))
"""The short names of all settings of our own runs."""

_SEARCHABLE = {one.name: one for one in DECLARED if one.stored is not None}
_ALIASES = {alias: one.name for one in DECLARED for alias in one.aliases} | {"lr": "learning_rate", "auc": "val_auc"}
_PARAMS = "params."


class Fields:
    """The fields that there are in a store.

    Args:
        metrics: Names of the metrics that its runs have.
        params: Paths of the params that its external runs have.
    """

    def __init__(self, metrics: Iterable[str] = (), params: Iterable[str] = ()) -> None:
        extra = [name for name in in_reading_order(metrics) if name not in TRACKED_METRICS]
        self._metrics = {name.casefold(): name for name in (*TRACKED_METRICS, *extra)}
        self._params = tuple(sorted(set(params)))
        self._found: dict[str, RunField] = {}
        self._names: tuple[str, ...] | None = None

    def field(self, name: str) -> RunField:
        """Return the field of this name.

        Raises:
            ConfigError: If there is none; it names those that come close, or all.
        """
        wanted = name.casefold()
        found = self._found.get(wanted) or self._look_up(wanted)
        if found is None:
            close = difflib.get_close_matches(wanted, self.names(), n=2)
            hint = f"Did you mean {' or '.join(close)}?" if close else f"Allowed: {', '.join(self.names())}."
            raise ConfigError(
                f"Runs have no setting or result of this name. Received: {name[:80]!r}. {hint} "
                "Settings may have the number of a layer, counted from 0, such as blocks.0.filters."
            )
        self._found[wanted] = found  # only those that exist: there is no end to wrong names
        return found

    def has_param(self, name: str) -> bool:
        """Return whether another program has recorded a param of this name, whatever else is called so."""
        return name.casefold() in map(str.casefold, self._params)

    def names(self) -> tuple[str, ...]:
        """Return all short names: what is declared, metrics, settings in reading order, params."""
        if self._names is None:
            before = [*self.results(), *SETTINGS]
            taken = {*before, *_ALIASES}
            params = [path for path in self._params if not _is_setting(path.casefold())]
            self._names = (*before, *(f"{_PARAMS}{path}" if path.casefold() in taken else path for path in params))
        return self._names

    def results(self) -> tuple[str, ...]:
        """Return the short names of what is known of a run beside its settings, metrics among it."""
        return (*_SEARCHABLE, *self._metric_names())

    def _metric_names(self) -> Iterable[str]:
        for name in self._metrics.values():
            one = metric(name)
            if one.tracked:
                short = f"train_{name}" if name in _SEARCHABLE else name
                yield from (short, f"best_{short}") if one.direction else (short,)

    def _look_up(self, wanted: str) -> RunField | None:
        name = _ALIASES.get(wanted, wanted)
        return _SEARCHABLE.get(name) or self._setting(name) or self._metric(name)

    def _setting(self, name: str) -> RunField | None:
        paths = _recipe_paths(name)
        if name.startswith(_PARAMS):
            params = [path for path in self._params if path.casefold() == name.removeprefix(_PARAMS)]
        else:
            called = (name, *(alias for alias, meant in _ALIASES.items() if meant == name))
            params = [path for path in self._params if any(_ends(path.casefold(), one) for one in called)]
        return _setting_field(name, paths, tuple(params)) if paths or params else None

    def _metric(self, wanted: str) -> RunField | None:
        which: Literal["last", "best"] = "best" if wanted.startswith("best_") else "last"
        name = wanted.removeprefix("best_").removeprefix("last_")
        known = self._metrics.get(name) or self._metrics.get(name.removeprefix("train_"))
        if known is None:
            return None
        one = metric(known)
        if name != known.casefold() and one.part != "train":
            return None
        short = f"train_{known}" if known in _SEARCHABLE else known
        return metric_field(known, which, f"best_{short}" if which == "best" else short)


def canonical(name: str) -> str:
    """Return the name of the field that a name may be an alias of: `learning_rate` for `LR`."""
    folded = name.casefold()
    return _ALIASES.get(folded, folded)


def metric_field(name: str, which: Literal["last", "best"], called: str = "") -> RunField:
    """Return the field of the last or the best value of a metric over the epochs; its JSON name is `last_val_loss`."""
    one = metric(name)
    part = "training " if one.part == "train" and name in DECLARED_METRICS else ""

    def read(run: Run) -> Iterable[float | None]:
        summary = run.metrics.get(name)
        return () if summary is None else (getattr(summary, which),)

    return RunField(
        called or name,
        f"{which.capitalize()} {part}{one.phrase}",
        Kind.SHARE if one.format is Format.PERCENT else Kind.NUMBER,
        read,
        InMetrics(name, which),
        format=one.format,
        json=f"{which}_{name}",
    )


@lru_cache(maxsize=256)  # names come from outside, so there is no end to them
def _recipe_paths(name: str) -> tuple[str, ...]:
    return tuple(path for path in all_paths() if _ends(path, name) or _ends(_without_numbers(path), name))


@lru_cache(maxsize=256)
def _is_setting(name: str) -> bool:
    return name not in _SEARCHABLE and bool(_recipe_paths(_ALIASES.get(name, name)))


def _setting_field(name: str, paths: tuple[str, ...], params: tuple[str, ...]) -> RunField:
    """Return the field of a setting of our own runs, and of params of external ones that are called alike."""
    kind, label = Kind.ANY, params[0] if params else name
    allowed: tuple[str, ...] = ()
    if paths:
        info = field(paths[0])
        allowed = tuple(
            choice for choice in choices(paths[0]) if isinstance(choice, str)
        )  # none, or those of a `Literal`
        kinds: dict[Any, Kind] = {bool: Kind.SWITCH, int: Kind.NUMBER, float: Kind.NUMBER}
        kind = Kind.CHOICE if allowed else kinds.get(info.annotation, Kind.TEXT)
        numbers = [int(part) + 1 for part in name.split(".") if part.isdigit()]
        where = f"{'Dense layer' if 'dense' in name else 'Block'} {numbers[0]} " if numbers else ""
        label = f"{where}{str(info.title).lower()}" if where else str(info.title)
    if params:  # of another program, which may write anything
        kind, allowed = Kind.ANY, ()
    layers = tuple(tuple(dict.fromkeys(filter(None, alike))) for alike in zip_longest(paths, params))
    stored = InSettings(layers)
    return RunField(name, label, kind, lambda run: map(run.settings.get, stored.paths), stored, allowed)


def _ends(path: str, name: str) -> bool:
    return path == name or path.endswith(f".{name}")


def _without_numbers(path: str) -> str:
    return ".".join(part for part in path.split(".") if not part.isdigit())
