"""What runs are found by, beside their own columns: texts, case-folded, and settings by path.

Both databases fold case and look into JSON in their own ways, and PostgreSQL as it was installed. So Python writes here
what is searched: `run_texts`, which words are looked for in, and `run_settings`, by which runs are searched and sorted.
"""

import contextlib
import json
import math
from typing import Any

import sqlalchemy as sa

from cnn_dash.runs.records import Run
from cnn_dash.runs.schema import run_settings, run_texts

_LONGEST_TEXT = 8_000  # characters of a text that are looked into
_LONGEST_SETTING = 1_000
_LONGEST_PATH = 200


def index(connection: sa.Connection, run: Run) -> None:
    """Bring the index up to date after a change of a run's name, notes, tags or settings."""
    for table, rows in ((run_texts, text_rows(run)), (run_settings, setting_rows(run))):
        connection.execute(table.delete().where(table.c.run_id == run.id))
        if rows:
            connection.execute(table.insert(), rows)


def text_rows(run: Run) -> list[dict[str, Any]]:
    """Return the rows of `run_texts` of a run: what words are looked for in."""
    lines = [("name", run.name), ("dataset", run.dataset), ("preset", run.preset), ("notes", run.notes)]
    lines += [("tag", tag) for tag in run.tags]
    return [
        {"run_id": run.id, "field": field, "line": line, "folded": text[:_LONGEST_TEXT].casefold()}
        for line, (field, text) in enumerate(lines)
        if text
    ]


def setting_rows(run: Run) -> list[dict[str, Any]]:
    """Return the rows of `run_settings` of a run: its settings by path, as they are searched and sorted."""
    rows = []
    for path, value in run.settings.items():
        if value is not None and len(path) <= _LONGEST_PATH:
            number, text = number_and_text(value)
            rows.append({"run_id": run.id, "path": path, "number": number, "text": text})
    return rows


def number_and_text(value: Any) -> tuple[float | None, str | None]:
    """Return a setting as it is searched: a number that is finite by itself, anything else as case-folded text."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        with contextlib.suppress(OverflowError):  # a whole number beyond all that a database keeps
            if math.isfinite(float(value)):
                return float(value), None
    text = value if isinstance(value, str) else json.dumps(value, default=str)
    return None, text.replace("\0", "")[:_LONGEST_SETTING].casefold()
