"""What a person does with a run beside training it: name, tags, notes, favourite, the bin, the disk it takes."""

import contextlib
import json
import os
import shutil
import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cnn_dash.errors import ConfigError, IllegalTransition
from cnn_dash.runs.folder import RunFolder
from cnn_dash.runs.records import Run
from cnn_dash.runs.schema import runs
from cnn_dash.runs.status import Status
from cnn_dash.runs.store import RunStore

MAX_TITLE = 120
MAX_NOTES = 10_000
MAX_TAGS, MAX_TAG = 20, 40

# Their checkpoints are of use: they go on from them, by themselves or when somebody wants it.
NEED_CHECKPOINTS = (Status.QUEUED, Status.RUNNING, Status.PAUSED, Status.INTERRUPTED)


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
    values: dict[str, Any] = {}
    if title is not None:
        values["title"] = _short(" ".join(title.split()), MAX_TITLE, "A name") or None
    if notes is not None:
        values["notes"] = _short(notes.strip(), MAX_NOTES, "A note")
    if tags is not None:
        values["tags"] = json.dumps(_words(tags))
    if favourite is not None:
        values["favourite"] = favourite
    with store.transaction() as connection:
        store.get(connection, run_id)
        if values:
            connection.execute(runs.update().where(runs.c.id == run_id).values(values))
        return store.get(connection, run_id)


def delete(store: RunStore, run_ids: Collection[int]) -> None:
    """Put runs into the bin, from where `restore` brings them back until it is emptied.

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
    """Bring runs back from the bin; those that waited wait again."""
    with store.transaction() as connection:
        connection.execute(runs.update().where(runs.c.id.in_(run_ids)).values(deleted_at=None))


def empty_bin(store: RunStore, run_ids: Collection[int] | None = None, *, older_than_s: float = 0.0) -> list[int]:
    """Delete for good runs that have been in the bin for so long, these or all, with their files; returns which."""
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
            shutil.rmtree(RunFolder.of(store.settings, run_id).path, ignore_errors=True)
    return gone


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
    """What all runs take, those in the bin too. Data sets are not the store's: other programs may use them."""
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


def _short(text: str, longest: int, what: str) -> str:
    if len(text) > longest:
        raise ConfigError(f"{what} may have {longest:,} characters. Received: {len(text):,}. Shorten it.")
    return text


def _words(tags: Iterable[str]) -> list[str]:
    words = list(dict.fromkeys(word for tag in tags if (word := " ".join(tag.replace(",", " ").split()))))
    if len(words) > MAX_TAGS:
        raise ConfigError(f"A run may have {MAX_TAGS} tags. Received: {len(words)}. Leave some out.")
    return [_short(word, MAX_TAG, "A tag") for word in words]
