"""Runs and their curves as CSV and as JSON, for a spreadsheet or a notebook.

Texts are made in pieces, so that ten thousand runs with all their epochs never lie in memory at once.
"""

import csv
import io
import math
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from typing import Any, Literal

from cnn_dash import strict_json
from cnn_dash.errors import RequestError
from cnn_dash.metrics import metric
from cnn_dash.parsing import whole_number
from cnn_dash.runs import query
from cnn_dash.runs.describe import USUAL_METRICS, epoch_entries, metric_names, prefixed, settings_entry
from cnn_dash.runs.field_names import metric_field
from cnn_dash.runs.fields import AFTER_METRICS, BEFORE_METRICS, entry
from cnn_dash.runs.records import EpochMetrics, Run
from cnn_dash.runs.run_field import Place, RunField
from cnn_dash.runs.status import Source
from cnn_dash.runs.store import RunStore
from cnn_dash.text import as_cell

What = Literal["runs", "curves"]
Format = Literal["csv", "json"]

WHATS: tuple[What, ...] = ("runs", "curves")
MEDIA_TYPES: dict[Format, str] = {"csv": "text/csv; charset=utf-8", "json": "application/json"}

# Runs whose epochs are read at once.
_AT_ONCE = 100
_NAMED_IDS = 5


def parse_ids(text: str) -> list[int]:
    """Return run numbers as an address or a command has them: `1,2,12`; one that comes twice counts once.

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


def chosen(store: RunStore, ids: Sequence[int] | None) -> list[int]:
    """Return these numbers of runs; those of all that are not in the trash, newest first, if there is no list.

    Raises:
        RunNotFound: If there is no run of one of the numbers.
    """
    if ids is None:
        return query.ids(store)
    here = query.existing(store, ids)
    for run_id in ids:
        if run_id not in here:
            store.run(run_id)  # it may be in the trash
    return list(ids)


def file_name(what: What, form: Format, ids: Sequence[int] | None) -> str:
    """Return its name: `cnn-dash-runs.csv`, `cnn-dash-curves-3-12.json`, `cnn-dash-curves-of-20-runs.csv`."""
    if ids is None:
        return f"cnn-dash-{what}.{form}"
    of = "-".join(map(str, ids)) if len(ids) <= _NAMED_IDS else f"of-{len(ids)}-runs"
    return f"cnn-dash-{what}-{of}.{form}"


def export(store: RunStore, what: What, form: Format, ids: Sequence[int]) -> Iterator[str]:
    """Yield the pieces of a file: one row or one object for each run, or in CSV for each epoch of the curves."""
    makers: dict[tuple[What, Format], Callable[[], Iterator[str]]] = {
        ("runs", "csv"): lambda: _runs_csv(store, ids),
        ("runs", "json"): lambda: array(map(_entry, read(store, ids))),
        ("curves", "csv"): lambda: _curves_csv(store, ids),
        ("curves", "json"): lambda: array(_curve(run, epochs) for run, epochs in _with_epochs(store, ids)),
    }
    return makers[what, form]()


def read(store: RunStore, ids: Sequence[int]) -> Iterator[Run]:
    """Yield the runs of these numbers, some of which are read at a time; one that has gone meanwhile is left out."""
    for start in range(0, len(ids), _AT_ONCE):
        yield from store.by_ids(ids[start : start + _AT_ONCE])


def array(items: Iterable[Any]) -> Iterator[str]:
    """Yield a JSON array, one line an item."""
    before = "[\n"
    for item in items:
        yield before + strict_json.dumps(item, ascii_only=False)
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


def _entry(run: Run) -> dict[str, Any]:
    """Return a run with all its metrics and settings; nothing in it tells of this machine."""
    names = metric_names(run.metrics)
    metrics = {field.json: field.json_value(run) for field in _metric_fields(names)}
    return entry(run, Place.EXPORT) | metrics | {"settings": settings_entry(run)}


def _metric_fields(names: Iterable[str]) -> list[RunField]:
    """Return the fields of the last and the best values of metrics; of those by which no run is judged, none."""
    tracked = [name for name in names if metric(name).tracked]
    return [
        metric_field(name, which)
        for which in ("last", "best")
        for name in tracked
        if which == "last" or metric(name).direction is not None
    ]


def _curve(run: Run, epochs: Sequence[EpochMetrics]) -> dict[str, Any]:
    return {"run_id": run.id, "name": run.name, "metrics": epoch_entries(epochs)}


def _runs_csv(store: RunStore, ids: Sequence[int]) -> Iterator[str]:
    """Yield every metric and every setting as a column; the layers are those of the largest network."""
    metrics = _metric_fields(metric_names(query.metric_names(store, ids)))
    columns = [
        *(field for field in BEFORE_METRICS if Place.CSV in field.places),
        *metrics,
        *(field for field in AFTER_METRICS if Place.CSV in field.places),
    ]
    settings = _setting_columns(store, ids, {field.json for field in columns})
    yield csv_text([[*(field.json for field in columns), *settings.values()]])
    for run in read(store, ids):
        known = run.settings if run.config is None else {**run.settings, **_NAMED_OTHERWISE}
        yield csv_text([[*(_exact(field, run) for field in columns), *map(known.get, settings)]])


# Settings of ours that a column has already: `preset` and `dataset`.
_NAMED_OTHERWISE: dict[str, Any] = dict.fromkeys(("preset", "data.dataset"))


def _setting_columns(store: RunStore, ids: Sequence[int], taken: Set[str]) -> dict[str, str]:
    """Return the columns of settings by path; a param of another program that is called like a column has a prefix."""
    theirs = set(query.setting_paths(store, ids, Source.EXTERNAL))
    paths = [path for path in query.setting_paths(store, ids) if path in theirs or path not in _NAMED_OTHERWISE]
    return {path: prefixed("params.", path, taken) for path in paths}


def _exact(field: RunField, run: Run) -> Any:
    """Return a value as CSV has it: a number that is not finite is one there, and not a text."""
    value = field.value(run)
    return value if isinstance(value, float) and not math.isfinite(value) else field.json_value(run)


def _curves_csv(store: RunStore, ids: Sequence[int]) -> Iterator[str]:
    found = metric_names(query.metric_names(store, ids))
    names = [name for name in found if name != "images_per_second"]  # it has always been the last of the usual ones
    usual, others = names[: len(USUAL_METRICS) - 1], names[len(USUAL_METRICS) - 1 :]
    own = ("run_id", "name", "epoch", "seconds")
    called = [prefixed("metrics.", name, own) for name in others]
    yield csv_text([["run_id", "name", "epoch", *usual, "seconds", "images_per_second", *called]])
    for run, epochs in _with_epochs(store, ids):
        yield csv_text(
            [
                run.id,
                run.name,
                epoch.epoch,
                *map(epoch.metrics.get, usual),
                epoch.seconds,
                epoch.metrics.get("images_per_second"),
                *map(epoch.metrics.get, others),
            ]
            for epoch in epochs
        )


def _with_epochs(store: RunStore, ids: Sequence[int]) -> Iterator[tuple[Run, list[EpochMetrics]]]:
    for start in range(0, len(ids), _AT_ONCE):
        some = store.by_ids(ids[start : start + _AT_ONCE])
        epochs = store.epochs_of([run.id for run in some])
        yield from ((run, epochs[run.id]) for run in some)


def csv_text(rows: Iterable[Sequence[Any]]) -> str:
    """Return rows as CSV; no cell of it is a formula to a spreadsheet."""
    text = io.StringIO()
    csv.writer(text).writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue()


def _cell(value: Any) -> Any:
    """Return a value as a spreadsheet takes it: texts that would be formulas are marked as texts."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        value = ", ".join(map(str, value))
    return as_cell(value) if isinstance(value, str) else value
