"""Runs and their curves as CSV and as JSON, for a spreadsheet or a notebook.

Texts are made in pieces, so that a thousand runs with all their epochs never lie in memory as one.
"""

import csv
import io
import json
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, fields
from typing import Any, Literal

from cnn_dash.errors import RequestError
from cnn_dash.hyperparameters import flatten
from cnn_dash.parsing import whole_number
from cnn_dash.runs.compare import paths
from cnn_dash.runs.describe import summary
from cnn_dash.runs.records import EpochMetrics, MetricSummary, Run
from cnn_dash.runs.store import RunStore

What = Literal["runs", "curves"]
Format = Literal["csv", "json"]

WHATS: tuple[What, ...] = ("runs", "curves")
MEDIA_TYPES: dict[Format, str] = {"csv": "text/csv; charset=utf-8", "json": "application/json"}

# Runs whose epochs are read at once.
_AT_ONCE = 100
# What a spreadsheet takes for the beginning of a formula; the last four are what a Japanese keyboard types.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NAMED_IDS = 5


def parse_ids(text: str) -> list[int]:
    """Run numbers as an address or a command has them: `1,2,12`; one that comes twice counts once.

    Raises:
        RequestError: If there is something else in it.
    """
    ids = [whole_number(part.strip()) for part in text.split(",")]
    if None in ids:
        raise RequestError(
            f"ids are numbers of runs. Received: {text[:80]!r}. Allowed: numbers with commas between them, such as "
            "1,2,12, or no ids at all for all runs."
        )
    return list(dict.fromkeys(run_id for run_id in ids if run_id is not None))


def chosen(store: RunStore, ids: Sequence[int] | None) -> list[Run]:
    """The runs of these numbers, in this order; all that are not in the bin, newest first, if there is no list.

    Raises:
        RunNotFound: If there is none of one of the numbers.
    """
    if ids is None:
        return store.runs()
    if len(ids) < _AT_ONCE:
        return [store.run(run_id) for run_id in ids]
    known = {run.id: run for run in store.runs()}
    return [known.get(run_id) or store.run(run_id) for run_id in ids]


def file_name(what: What, form: Format, ids: Sequence[int] | None) -> str:
    """What the file is called: `cnn-dash-runs.csv`, `cnn-dash-curves-3-12.json`, `cnn-dash-curves-of-20-runs.csv`."""
    if ids is None:
        return f"cnn-dash-{what}.{form}"
    of = "-".join(map(str, ids)) if len(ids) <= _NAMED_IDS else f"of-{len(ids)}-runs"
    return f"cnn-dash-{what}-{of}.{form}"


def export(store: RunStore, what: What, form: Format, runs: Sequence[Run]) -> Iterator[str]:
    """The pieces of a file: one row or one object for each run, or in CSV for each epoch of the curves."""
    makers: dict[tuple[What, Format], Callable[[], Iterator[str]]] = {
        ("runs", "csv"): lambda: _runs_csv(runs),
        ("runs", "json"): lambda: _array(_entry(run) for run in runs),
        ("curves", "csv"): lambda: _curves_csv(store, runs),
        ("curves", "json"): lambda: _array(_curve(run, records) for run, records in _with_epochs(store, runs)),
    }
    return makers[what, form]()


def _entry(run: Run) -> dict[str, Any]:
    """A run with all its settings; nothing in it tells of this machine."""
    return summary(run) | {
        "multiply_adds": run.multiply_adds,
        "best_epoch": run.result.best_epoch if run.result else None,
        **{f"last_{name}": value for name, value in asdict(run.last).items()},
        **{f"best_{name}": value for name, value in asdict(run.best).items()},
        "ended_at": run.ended_at.isoformat() if run.ended_at else None,
        "weights_sha256": run.result.weights_sha256 if run.result else None,
        "settings": run.recipe.model_dump(mode="json"),
    }


def _curve(run: Run, records: Iterable[EpochMetrics]) -> dict[str, Any]:
    return {"run_id": run.id, "name": run.name, "metrics": [asdict(record) for record in records]}


def _runs_csv(runs: Sequence[Run]) -> Iterator[str]:
    """Every figure and every setting is a column; the layers are those of the largest network."""
    settings = [path for path in paths([run.recipe for run in runs]) if path not in _NAMED_OTHERWISE]
    yield _csv([[*_COLUMNS, *settings]])
    for run in runs:
        entry, own = _entry(run), flatten(run.recipe)
        yield _csv([[*(entry[name] for name in _COLUMNS), *map(own.get, settings)]])


_NAMED_OTHERWISE = ("preset", "data.dataset")
_COLUMNS = (
    "run_id",
    "name",
    "status",
    "message",
    "dataset",
    "preset",
    "test_accuracy",
    "test_loss",
    "best_epoch",
    *(f"{which}_{field.name}" for which in ("last", "best") for field in fields(MetricSummary)),
    "epochs_done",
    "seconds",
    "images_per_second",
    "first_metric_seconds",
    "parameters",
    "multiply_adds",
    "created_at",
    "ended_at",
    "favourite",
    "tags",
    "notes",
    "weights_sha256",
)


def _curves_csv(store: RunStore, runs: Sequence[Run]) -> Iterator[str]:
    names = [field.name for field in fields(EpochMetrics)]
    yield _csv([["run_id", "name", *names]])
    for run, records in _with_epochs(store, runs):
        yield _csv([run.id, run.name, *(getattr(record, name) for name in names)] for record in records)


def _with_epochs(store: RunStore, runs: Sequence[Run]) -> Iterator[tuple[Run, list[EpochMetrics]]]:
    for start in range(0, len(runs), _AT_ONCE):
        some = runs[start : start + _AT_ONCE]
        epochs = store.epochs_of([run.id for run in some])
        yield from ((run, epochs[run.id]) for run in some)


def _csv(rows: Iterable[Sequence[Any]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue()


def _cell(value: Any) -> Any:
    """A value as a spreadsheet takes it: texts that would be formulas are marked as texts, no number is `nan`."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        value = ", ".join(value)
    if isinstance(value, str) and value.lstrip(" ").startswith(_FORMULA):
        return f"'{value}"
    return value


def _array(items: Iterable[dict[str, Any]]) -> Iterator[str]:
    """A JSON array, one line an item. What is not finite is null: JSON has no word for it."""
    before = "[\n"
    for item in items:
        try:
            text = json.dumps(item, ensure_ascii=False, allow_nan=False)
        except ValueError:
            text = json.dumps(_finite(item), ensure_ascii=False, allow_nan=False)
        yield before + text
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _finite(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(one) for one in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
