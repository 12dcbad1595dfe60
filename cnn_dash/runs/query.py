"""What is asked of all runs at once, without reading them: how many, which, and what they have."""

import json
from collections.abc import Collection, Sequence
from functools import lru_cache

import sqlalchemy as sa

from cnn_dash.hyperparameters import all_paths
from cnn_dash.metrics import in_reading_order
from cnn_dash.runs.disk import NEED_CHECKPOINTS
from cnn_dash.runs.field_names import Fields
from cnn_dash.runs.metric_rows import in_parts
from cnn_dash.runs.run_field import RunField
from cnn_dash.runs.schema import metric_summaries, run_settings, runs
from cnn_dash.runs.status import Source
from cnn_dash.runs.store import LARGEST_ID, NEWEST_FIRST, RunStore
from cnn_dash.runs.stored import Condition, InSettings, Order
from cnn_dash.text import one_line

_HERE = runs.c.deleted_at.is_(None)
EVERY: Condition = sa.true()


def fields_of(store: RunStore) -> Fields:
    """Return the fields that the runs of a store have."""
    external = sa.select(runs.c.id).where(runs.c.source == Source.EXTERNAL)
    with store.transaction() as connection:
        metrics = connection.execute(_distinct(metric_summaries.c.name)).scalars().all()
        params = sa.select(run_settings.c.path).distinct().where(run_settings.c.run_id.in_(external))
        return _fields(frozenset(metrics), frozenset(connection.execute(params).scalars()))


def sorted_by(field: RunField, *, descending: bool) -> Sequence[Order]:
    """Return the order of a field: runs without a value last either way, the newest first among equal ones."""
    assert field.stored is not None  # only such fields are found by name
    return (*field.stored.order(descending=descending), *NEWEST_FIRST)


def count(store: RunStore, which: Condition = EVERY) -> int:
    """Return how many runs there are for which a condition holds, without those in the trash."""
    with store.transaction() as connection:
        return int(connection.execute(sa.select(sa.func.count()).select_from(runs).where(_HERE, which)).scalar_one())


def ids(store: RunStore, which: Condition = EVERY, *, limit: int | None = None) -> list[int]:
    """Return the numbers of the runs for which a condition holds, newest first, without those in the trash."""
    with store.transaction() as connection:
        query = sa.select(runs.c.id).where(_HERE, which).order_by(*NEWEST_FIRST).limit(limit)
        return list(connection.execute(query).scalars())


def existing(store: RunStore, run_ids: Collection[int]) -> frozenset[int]:
    """Return those of some numbers that are runs, without those in the trash."""
    possible = [run_id for run_id in run_ids if 0 < run_id <= LARGEST_ID]
    return frozenset(run_id for some in in_parts(possible) for run_id in ids(store, runs.c.id.in_(some)))


def deleted_ids(store: RunStore) -> list[int]:
    """Return the numbers of the runs in the trash, those that were put there last first."""
    query = sa.select(runs.c.id).where(runs.c.deleted_at.is_not(None)).order_by(runs.c.deleted_at.desc(), runs.c.id)
    with store.transaction() as connection:
        return list(connection.execute(query).scalars())


def tags(store: RunStore) -> list[str]:
    """Return all tags that any run has, in alphabetical order."""
    with store.transaction() as connection:
        lists = connection.execute(sa.select(runs.c.tags).distinct().where(_HERE, runs.c.tags != "[]")).scalars()
        found = {one_line(tag) for one in lists for tag in json.loads(one)}  # as they are read with their run
    return sorted(found - {""}, key=lambda tag: (tag.casefold(), tag))


def with_spare_checkpoints(
    store: RunStore, *, ended_before: float | None = None, limit: int | None = None
) -> list[int]:
    """Return the numbers of the runs that keep checkpoints of no use any more, of those that ended before a time."""
    spare = sa.and_(runs.c.checkpoint.is_not(None), runs.c.status.not_in(NEED_CHECKPOINTS))
    old = EVERY if ended_before is None else sa.or_(runs.c.ended_at.is_(None), runs.c.ended_at <= ended_before)
    return ids(store, spare & old, limit=limit)


def metric_names(store: RunStore, run_ids: Sequence[int]) -> list[str]:
    """Return the names of all metrics that some runs have, in reading order."""
    return in_reading_order(_had(store, metric_summaries.c.name, run_ids))


def setting_paths(store: RunStore, run_ids: Sequence[int], source: Source | None = None) -> list[str]:
    """Return the paths of all settings that some runs have, or those of one source, in reading order."""
    places = {path: place for place, path in enumerate(all_paths())}
    of_source = run_settings.c.run_id.in_(sa.select(runs.c.id).where(runs.c.source == source))
    found = _had(store, run_settings.c.path, run_ids, EVERY if source is None else of_source)
    return sorted(found, key=lambda path: (places.get(path, len(places)), path))


def _had(store: RunStore, column: sa.Column[str], run_ids: Sequence[int], which: Condition = EVERY) -> set[str]:
    """Return the different values of a column of some runs."""
    run_id: sa.Column[int] = column.table.c.run_id
    found: set[str] = set()
    with store.transaction() as connection:
        for some in in_parts(run_ids):
            query = sa.select(column).distinct().where(run_id.in_(some), which)
            found.update(connection.execute(query).scalars())
    return found


def differing(store: RunStore, which: Condition, fields: Fields) -> list[str]:
    """Return the short names of the settings that are not the same in all runs for which a condition holds."""
    found = sa.select(runs.c.id).where(_HERE, which)
    row = run_settings.c
    total = sa.select(sa.func.count()).select_from(found.subquery()).scalar_subquery()
    apart = sa.or_(
        sa.func.count() < total,
        sa.func.min(row.number) != sa.func.max(row.number),
        sa.func.min(row.text) != sa.func.max(row.text),
        sa.and_(sa.func.count(row.number) > 0, sa.func.count(row.text) > 0),
    )
    query = sa.select(row.path).where(row.run_id.in_(found)).group_by(row.path).having(apart)
    with store.transaction() as connection:
        paths = set(connection.execute(query).scalars())
    places = {name: fields.field(name).stored for name in fields.names()}
    return [name for name, place in places.items() if isinstance(place, InSettings) and paths.intersection(place.paths)]


@lru_cache(maxsize=8)  # the fields of a store stay for long, and so does what has been found of them by name
def _fields(metrics: frozenset[str], params: frozenset[str]) -> Fields:
    return Fields(metrics, params)


def _distinct(column: sa.Column[str]) -> sa.Select[tuple[str]]:
    """Return the query for the different values of a column with an index: it goes from each to the next one.

    Both databases would read every row of the index for `DISTINCT`, and there are many for each value.
    """
    first = sa.select(sa.func.min(column).label("value")).cte("each", recursive=True)
    following = sa.select(sa.func.min(column)).where(column > first.c.value).scalar_subquery()
    each = first.union_all(sa.select(following).where(first.c.value.is_not(None)))
    return sa.select(each.c.value).where(each.c.value.is_not(None))
