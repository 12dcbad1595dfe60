"""Deleted runs: they stay in the trash, from where they can be restored, until it is emptied."""

import time
from collections.abc import Collection

import sqlalchemy as sa

from cnn_dash.errors import IllegalTransition
from cnn_dash.runs.folder import RunFolder
from cnn_dash.runs.metric_rows import in_parts
from cnn_dash.runs.schema import runs
from cnn_dash.runs.status import Status
from cnn_dash.runs.store import RunStore

KEPT_S = 24 * 3600.0
"""A run in the trash is deleted for good after this time, in seconds."""


def delete(store: RunStore, run_ids: Collection[int]) -> None:
    """Put runs into the trash, from where `restore` brings them back until it is emptied.

    Raises:
        IllegalTransition: If one of them is being trained; then none is deleted.
    """
    with store.transaction() as connection:
        for run_id in run_ids:  # without reading them whole: a run of another version can be deleted too
            kept = runs.update().where(runs.c.id == run_id, runs.c.status != Status.RUNNING)
            if connection.execute(kept.values(deleted_at=time.time())).rowcount == 0:
                run = store.get(connection, run_id)
                raise IllegalTransition(
                    f"Run {run_id} cannot be deleted while it is {run.status}. Stop it first; what it has learned is "
                    "kept until you delete it."
                )


def restore(store: RunStore, run_ids: Collection[int]) -> None:
    """Bring runs back from the trash; those that waited wait again."""
    with store.transaction() as connection:
        for some in in_parts(run_ids):
            connection.execute(runs.update().where(runs.c.id.in_(some)).values(deleted_at=None))


def empty_trash(store: RunStore, run_ids: Collection[int] | None = None, *, older_than_s: float = 0.0) -> list[int]:
    """Delete for good runs that have been in the trash for so long, these or all, with their files; return which."""
    old = runs.c.deleted_at <= time.time() - older_than_s
    with store.transaction() as connection:
        found = connection.execute(sa.select(runs.c.id).where(old).order_by(runs.c.deleted_at.desc())).scalars().all()
    chosen = None if run_ids is None else set(run_ids)
    gone = [run_id for run_id in found if chosen is None or run_id in chosen]
    for run_id in gone:
        with store.transaction() as connection:  # its epochs, steps and metrics go with it
            deleted = connection.execute(runs.delete().where(runs.c.id == run_id, runs.c.deleted_at.is_not(None)))
        if deleted.rowcount:
            RunFolder.of(store.settings, run_id).delete()
    return gone
