"""What a person adds to a run: name, notes, tags, favourite. Characters that nobody sees do not get in."""

import json
from collections.abc import Iterable
from typing import Any

from cnn_dash.errors import ConfigError
from cnn_dash.runs.records import Run
from cnn_dash.runs.schema import MAX_TITLE, runs
from cnn_dash.runs.search_index import index
from cnn_dash.runs.store import RunStore
from cnn_dash.text import one_line, paragraphs

MAX_NOTES = 10_000
MAX_TAGS, MAX_TAG = 20, 40


def annotate(
    store: RunStore,
    run_id: int,
    *,
    title: str | None = None,
    notes: str | None = None,
    tags: Iterable[str] | None = None,
    favourite: bool | None = None,
) -> Run:
    """Change what a person adds to a run; None leaves as it is, an empty title goes back to the name it has by itself.

    Raises:
        ConfigError: If a text is too long, or there are too many tags.
    """
    values = checked(title=title, notes=notes, tags=tags)
    if favourite is not None:
        values["favourite"] = favourite
    with store.transaction() as connection:
        store.get(connection, run_id)
        if values:
            connection.execute(runs.update().where(runs.c.id == run_id).values(values))
        run = store.get(connection, run_id)
        index(connection, run)
        return run


def checked(*, title: str | None = None, notes: str | None = None, tags: Iterable[str] | None = None) -> dict[str, Any]:
    """Return texts as they are recorded, by column; None is left out.

    Raises:
        ConfigError: If a text is too long, or there are too many tags.
    """
    values: dict[str, Any] = {}
    if title is not None:
        values["title"] = _short(one_line(title), MAX_TITLE, "A name") or None
    if notes is not None:
        values["notes"] = _short(paragraphs(notes), MAX_NOTES, "A note")
    if tags is not None:
        values["tags"] = json.dumps(_words(tags))
    return values


def _short(text: str, longest: int, what: str) -> str:
    if len(text) > longest:
        raise ConfigError(f"{what} may have {longest:,} characters. Received: {len(text):,}. Shorten it.")
    return text


def _words(tags: Iterable[str]) -> list[str]:
    words = list(dict.fromkeys(word for tag in tags if (word := one_line(tag.replace(",", " ")))))
    if len(words) > MAX_TAGS:
        raise ConfigError(f"A run may have {MAX_TAGS} tags. Received: {len(words)}. Leave some out.")
    return [_short(word, MAX_TAG, "A tag") for word in words]
