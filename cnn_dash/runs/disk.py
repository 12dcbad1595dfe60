"""Disk space: how much the store takes, and how to free some of it."""

import contextlib
import os
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from cnn_dash.runs.folder import RunFolder
from cnn_dash.runs.schema import runs
from cnn_dash.runs.status import Status
from cnn_dash.runs.store import RunStore

# Their checkpoints are of use: they go on from them, by themselves or when somebody wants it.
NEED_CHECKPOINTS = (Status.QUEUED, Status.RUNNING, Status.PAUSED, Status.INTERRUPTED)


def free_checkpoints(store: RunStore, run_ids: Collection[int]) -> int:
    """Delete the checkpoints of runs that have ended, and return the bytes that this frees.

    Such a run can still be resumed or trained longer: it then begins anew, which gives the same weights.
    """
    freed = 0
    for run_id in run_ids:
        # As of now: whoever resumes the run meanwhile writes others.
        there = list(RunFolder.of(store.settings, run_id).checkpoints.glob("*"))
        with store.transaction() as connection:
            store.get(connection, run_id)
            ended = runs.update().where(runs.c.id == run_id, runs.c.status.not_in(NEED_CHECKPOINTS))
            if connection.execute(ended.values(checkpoint=None, checkpoint_before=None)).rowcount == 0:
                continue
        for file in there:
            with contextlib.suppress(OSError):
                size = file.stat().st_size
                file.unlink()
                freed += size
    return freed


@dataclass(frozen=True)
class DiskUse:
    """Bytes that a store takes: folders of the runs, database, and what the workers print."""

    runs: int
    database: int
    log: int

    @property
    def total(self) -> int:
        """All of it."""
        return self.runs + self.database + self.log


def disk_use(store: RunStore) -> DiskUse:
    """What all runs take, those in the trash too. Data sets are not the store's: other programs may use them."""
    log = store.settings.worker_log
    return DiskUse(
        runs=size_bytes(store.settings.runs_dir),
        database=store.database_bytes(),
        log=log.stat().st_size if log.exists() else 0,
    )


def size_bytes(folder: Path) -> int:
    """What the files below a folder take; 0 if it is not there."""
    total = 0
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    total += size_bytes(Path(entry.path))
                else:
                    total += entry.stat(follow_symlinks=False).st_size
    except OSError:  # it is not there, or somebody deletes it just now
        return total
    return total
