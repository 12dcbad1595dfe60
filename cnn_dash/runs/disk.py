"""Disk space: how much the store takes, and how to free some of it."""

import contextlib
import glob
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from cnn_dash.runs.folder import RunFolder, artifacts_of
from cnn_dash.runs.schema import database_url, runs
from cnn_dash.runs.status import Status
from cnn_dash.runs.store import RunStore

# Their checkpoints are of use: they resume from them, by themselves or when somebody wants it.
NEED_CHECKPOINTS = (Status.QUEUED, Status.RUNNING, Status.PAUSED, Status.INTERRUPTED)


def free_checkpoints(store: RunStore, run_ids: Collection[int]) -> int:
    """Delete the checkpoints of runs that have ended, and return the bytes that this frees.

    Such a run can still be resumed or trained longer: it then begins anew, which gives the same weights.
    """
    freed = 0
    for run_id in run_ids:
        # As of now: whoever resumes the run meanwhile writes others.
        folder = RunFolder.of(store.settings, run_id)
        there = list(folder.artifacts.list(folder.checkpoints))
        with store.transaction() as connection:
            store.get(connection, run_id)
            ended = runs.update().where(runs.c.id == run_id, runs.c.status.not_in(NEED_CHECKPOINTS))
            if connection.execute(ended.values(checkpoint=None, checkpoint_before=None)).rowcount == 0:
                continue
        for artifact in there:
            with contextlib.suppress(OSError):
                folder.artifacts.delete(artifact.key)
                freed += artifact.size_bytes
    return freed


@dataclass(frozen=True)
class DiskUse:
    """Bytes that a store takes: files of the runs, database, and what the workers print."""

    runs: int
    database: int
    log: int

    @property
    def total(self) -> int:
        """All of it."""
        return self.runs + self.database + self.log


def disk_use(store: RunStore) -> DiskUse:
    """Measure what all runs take, those in the trash too.

    Data sets are not the store's: other programs may use them.
    """
    log = store.settings.worker_log
    return DiskUse(
        runs=sum(artifact.size_bytes for artifact in artifacts_of(store.settings).list()),
        database=_database_bytes(store),
        log=log.stat().st_size if log.exists() else 0,
    )


def _database_bytes(store: RunStore) -> int:
    """Return the bytes that the database takes, with the files and copies beside that of SQLite.

    Others may keep more in the same PostgreSQL database; it is counted whole.
    """
    url = database_url(store.settings)
    if url.get_backend_name() != "sqlite":
        with store.transaction() as connection:
            return int(connection.execute(sa.text("SELECT pg_database_size(current_database())")).scalar_one())
    file = Path(url.database or "")
    total = 0
    for each in file.parent.glob(f"{glob.escape(file.name)}*"):
        with contextlib.suppress(FileNotFoundError):  # the log of the last changes goes when nobody is connected
            total += each.stat().st_size
    return total
