"""What is under way, for everybody who wants to know at the same time: one look at the store serves them all."""

import threading
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import sqlalchemy as sa

from cnn_dash.runs.estimate import duration, queue_seconds, seconds_left
from cnn_dash.runs.records import Run
from cnn_dash.runs.schema import runs
from cnn_dash.runs.status import Status
from cnn_dash.runs.store import RunStore

FRESH_S = 1.0
LATEST = 20
PAUSED = 3
LISTED = 8


@dataclass(frozen=True)
class Ended:
    """That a run has ended; one that continues and ends again has another time (UNIX seconds)."""

    run_id: int
    ended_at: float


@dataclass(frozen=True)
class ActivitySnapshot:
    """What was under way at one moment.

    Attributes:
        running: Runs that a worker trains, the oldest first.
        waiting: Runs that wait for a worker, in their order.
        paused: The newest runs that are paused.
        ended: The latest ends, the last one first.
        queue_s: Seconds until the last waiting run will have been trained; 0 if none waits.
    """

    running: tuple[Run, ...] = ()
    waiting: tuple[Run, ...] = ()
    paused: tuple[Run, ...] = ()
    ended: tuple[Ended, ...] = ()
    queue_s: float = 0.0

    @property
    def active(self) -> bool:
        """Whether anything is going to change by itself."""
        return bool(self.running or self.waiting)

    @property
    def listed(self) -> tuple[Run, ...]:
        """The runs whose progress a page shows."""
        return (*self.running, *self.waiting[:LISTED], *self.paused)

    @cached_property
    def states(self) -> str:
        """A short text that changes whenever a run begins, is asked something, is renamed, paused or ends."""
        known = (*self.running, *self.waiting, *self.paused)
        states = [(run.id, run.name, run.status.value, run.request_text, run.queued_at) for run in known]
        return _digest(states, self.ended)

    @cached_property
    def version(self) -> str:
        """A short text that changes whenever something else would be said of what is under way."""
        said = [(run.progress, progress_text(run)) for run in (*self.running, *self.waiting, *self.paused)]
        return f"{self.states}-{_digest(said, duration(self.queue_s))}"


class Activity:
    """Looks at the store at most once a second, however many ask. Threads may share it."""

    def __init__(self, store: RunStore, clock: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._clock = clock
        self._lock = threading.Lock()
        self._last = ActivitySnapshot()
        self._until = -1.0

    def snapshot(self) -> ActivitySnapshot:
        """Return what is under way, as it was a second ago at most.

        Raises:
            StoreError: If the store cannot be read.
        """
        with self._lock:
            if self._clock() >= self._until:
                self._last = take_snapshot(self._store)
                self._until = self._clock() + FRESH_S
            return self._last

    def forget(self) -> None:
        """Let the next one who asks look anew, as after a change of one's own."""
        with self._lock:
            self._until = -1.0


def take_snapshot(store: RunStore) -> ActivitySnapshot:
    """Return what is under way now.

    Raises:
        StoreError: If the store cannot be read.
    """
    running, waiting = tuple(reversed(store.runs(Status.RUNNING))), tuple(store.queue())
    earlier = store.runs(Status.FINISHED, limit=LATEST) if waiting else []
    return ActivitySnapshot(
        running=running,
        waiting=waiting,
        paused=tuple(store.runs(Status.PAUSED, limit=PAUSED)),
        ended=_ended(store),
        queue_s=queue_seconds(running, waiting, earlier, workers=store.settings.workers),
    )


def progress_text(run: Run) -> str:
    """Return the progress of a run in a line: `epoch 3 of 15 · 21 % · 14 s left`, `paused · epoch 3 of 15`."""
    far = f"epoch {run.epoch + 1}"
    if run.epochs:  # another program may not say how many it plans
        far = f"epoch {min(run.epoch + 1, run.epochs)} of {run.epochs} · {100 * run.progress:.0f} %"
    begun = run.epoch > 0 or run.batch > 0
    if run.request_text is not None:
        return f"{run.request_text} · {far}" if begun else run.request_text
    if run.status is Status.RUNNING:
        if not begun:
            return "getting ready"
        if run.progress >= 1:
            return "testing the network"
        left = seconds_left(run)
        return far if left is None else f"{far} · {duration(left)} left"
    said = {
        Status.QUEUED: "waiting to continue" if begun else "waiting",
        Status.INTERRUPTED: "interrupted, continues by itself",
    }.get(run.status, run.status.value)
    return f"{said} · {far}" if begun else said


def progress_share(run: Run) -> float | None:
    """Return the share that a bar beside these words shows, 0–1; None for a run that has not begun."""
    return run.progress if run.progress or run.status is Status.RUNNING else None


def queue_text(snapshot: ActivitySnapshot) -> str:
    """Return what waits, in a line: `3 waiting, about 4 min`."""
    return f"{len(snapshot.waiting)} waiting, about {duration(snapshot.queue_s)}"


def _ended(store: RunStore) -> tuple[Ended, ...]:
    over = (Status.FINISHED, Status.STOPPED, Status.FAILED)
    query = (
        sa.select(runs.c.id, runs.c.ended_at)
        .where(runs.c.status.in_(over), runs.c.ended_at.is_not(None), runs.c.deleted_at.is_(None))
        .order_by(runs.c.ended_at.desc(), runs.c.id.desc())
        .limit(LATEST)
    )
    with store.transaction() as connection:
        return tuple(Ended(row.id, row.ended_at) for row in connection.execute(query))


def _digest(*values: object) -> str:
    return f"{zlib.crc32(repr(values).encode()):08x}"
