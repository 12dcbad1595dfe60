"""Deleted runs: they stay in the trash, from where they can be restored, until it is emptied."""

import time
from collections.abc import Collection

from cnn_dash.errors import IllegalTransition
from cnn_dash.runs.folder import RunFolder
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
        for run_id in run_ids:
            run = store.get(connection, run_id)
            kept = runs.update().where(runs.c.id == run_id, runs.c.status != Status.RUNNING)
            if connection.execute(kept.values(deleted_at=time.time())).rowcount == 0:
                raise IllegalTransition(
                    f"Run {run_id} cannot be deleted while it is {run.status}. Stop it first; what it has learned is "
                    "kept until you delete it."
                )


def restore(store: RunStore, run_ids: Collection[int]) -> None:
    """Bring runs back from the trash; those that waited wait again."""
    with store.transaction() as connection:
        connection.execute(runs.update().where(runs.c.id.in_(run_ids)).values(deleted_at=None))


def empty_trash(store: RunStore, run_ids: Collection[int] | None = None, *, older_than_s: float = 0.0) -> list[int]:
    """Delete for good runs that have been in the trash for so long, these or all, with their files; returns which."""
    gone = [
        run.id
        for run in store.deleted()
        if run_ids is None or run.id in run_ids
        if run.deleted_at and time.time() - run.deleted_at.timestamp() >= older_than_s
    ]
    for run_id in gone:
        with store.transaction() as connection:  # epochs and points go with the run
            deleted = connection.execute(runs.delete().where(runs.c.id == run_id, runs.c.deleted_at.is_not(None)))
        if deleted.rowcount:
            RunFolder.of(store.settings, run_id).delete()
    return gone
