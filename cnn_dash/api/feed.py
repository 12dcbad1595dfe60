"""Pushes what is recorded of a run to whoever watches it: one reader of the store for each run, however many watch.

A watcher gets a `snapshot` with everything so far, then an `update` for each change, and `end` when the run has ended
or is paused. When the run resumes from a checkpoint, what was recorded behind it is dropped, and all get a new
`snapshot`.
A browser that was cut off connects again and gets a new snapshot, so nothing has to be remembered for it.
"""

import asyncio
import logging
from bisect import bisect_right
from collections.abc import AsyncGenerator, Callable, Sequence
from functools import partial
from operator import attrgetter
from typing import Any

import anyio.to_thread

from cnn_dash.api.live_charts import expected, live_charts
from cnn_dash.errors import RunNotFound, StoreError
from cnn_dash.runs.compare import best_epoch
from cnn_dash.runs.estimate import seconds_left
from cnn_dash.runs.fields import event
from cnn_dash.runs.records import EpochMetrics, Run, StepMetrics
from cnn_dash.runs.status import Status
from cnn_dash.runs.store import Changes, RunStore

log = logging.getLogger(__name__)

LOOK_EVERY_S = 0.15
# Each message costs a little for each who gets it: many get fewer, and are still shown every metric within a second.
LOOK_EVERY_S_A_WATCHER = 0.04
# A silent connection is told that it lives, or a proxy in between would close it.
KEEP_ALIVE_S = 10.0
MAX_STEPS = 500
# As many are remembered of a run before they are thinned; a long run may have a million.
_MOST_KEPT = 4 * MAX_STEPS

Message = tuple[str, dict[str, Any] | None]


class RunFeed:
    """The running readers, by run."""

    def __init__(self, store: RunStore) -> None:
        self._store = store
        self._readers: dict[int, _Reader] = {}
        self._closed = False

    def close(self) -> None:
        """End all streams within moments; the browsers will ask again. May be called from a signal handler."""
        self._closed = True

    async def messages(self, run_id: int) -> AsyncGenerator[Message]:
        """Yield what a watcher of a run is sent: pairs of event name and data; None as data is a sign of life.

        Raises:
            RunNotFound: Before the first message, if there is no such run.
        """
        reader = self._readers.get(run_id)
        if reader is None or reader.done:
            reader = self._readers[run_id] = _Reader(self._store, run_id, lambda: self._closed)
        reader.watchers += 1
        try:
            await reader.begin()
            async for message in reader.follow():
                yield message
        finally:
            reader.watchers -= 1
            if reader.watchers == 0:
                reader.cancel()
                if self._readers.get(run_id) is reader:
                    del self._readers[run_id]


class _Reader:
    """Reads one run again and again while somebody watches it."""

    def __init__(self, store: RunStore, run_id: int, closed: Callable[[], bool]) -> None:
        self._store = store
        self._run_id = run_id
        self._closed = closed
        self._run: Run | None = None
        self._epochs: list[EpochMetrics] = []
        self._steps: list[StepMetrics] = []
        self._beginning = asyncio.Lock()
        self._changed = asyncio.Condition()
        self._version = 0
        self._generation = 0  # counts how often metrics were dropped
        self._names = (frozenset[str](), frozenset[str]())  # of the metrics of steps and of epochs
        self._names_version = 0
        self._shared: tuple[tuple[int, bool, bool, int, int], Message] | None = None
        self._task: asyncio.Task[None] | None = None
        self.watchers = 0
        self.done = False

    async def begin(self) -> None:
        """Read everything so far and keep reading; once, however many come at the same time."""
        async with self._beginning:
            if self._task is None:
                await self._look()
                self._task = asyncio.create_task(self._keep_looking())

    def cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()

    async def _look(self) -> None:
        """Read once what is new. The last known metrics are read again: only if they are still there, the rest is."""
        last_epoch, last_step = self._epochs[-1:], self._steps[-1:]
        changes = await self._read(
            after_epoch=last_epoch[0].epoch - 1 if last_epoch else -1,
            after_step=last_step[0].step - 1 if last_step else -1,
        )
        dropped = not (
            _same(changes.epochs[: len(last_epoch)], last_epoch) and _same(changes.steps[: len(last_step)], last_step)
        )
        if dropped:
            changes = await self._read()
            last_epoch, last_step = [], []
            self._epochs, self._steps = [], []
            self._generation += 1
        new_epochs, new_steps = changes.epochs[len(last_epoch) :], changes.steps[len(last_step) :]
        visible = _without_heartbeat(changes.run)
        new = new_epochs or new_steps or dropped
        if self._run is not None and visible == _without_heartbeat(self._run) and not new:
            return
        self._epochs += new_epochs
        self._steps += new_steps
        if len(self._steps) > _MOST_KEPT:
            # The newest stay whole: a watcher that is slow may not have got them yet.
            self._steps = _thinned(self._steps[:-MAX_STEPS]) + self._steps[-MAX_STEPS:]
        self._learn_names(changes.run, new_steps, new_epochs)
        self._run = changes.run
        self._version += 1
        self.done = not changes.run.active

    def _learn_names(self, run: Run, new_steps: list[StepMetrics], new_epochs: list[EpochMetrics]) -> None:
        """Note which metrics the run has, and count up when there are others."""
        before = self._names if self._run is not None else expected(run)
        names = (
            before[0].union(*(step.metrics for step in new_steps)),
            before[1].union(*(epoch.metrics for epoch in new_epochs)),
        )
        if names != self._names or self._run is None:
            self._names = names
            self._names_version += 1

    async def _read(self, **after: int) -> Changes:
        return await anyio.to_thread.run_sync(partial(self._store.changes, self._run_id, **after))

    async def follow(self) -> AsyncGenerator[Message]:
        """Yield the messages for one watcher."""
        seen, generation, names, epochs, step = -1, -1, 0, 0, -1
        while True:
            if seen == self._version:
                try:
                    async with asyncio.timeout(KEEP_ALIVE_S), self._changed:
                        await self._changed.wait_for(partial(self._is_past, seen))
                except TimeoutError:
                    yield "alive", None
                    continue
            if self._closed():
                return
            assert self._run is not None  # begin() has looked before anybody follows
            # All of it before the first yield: while a slow watcher takes a message, the reader reads on.
            first = generation != self._generation
            generation, seen, run, done = self._generation, self._version, self._run, self.done
            message = self._message(run, first, names != self._names_version, epochs, step)
            names, epochs, step = self._names_version, len(self._epochs), self._last_step()
            yield message
            if done:
                yield "end", {"status": run.status.value}
                return

    def _last_step(self) -> int:
        return self._steps[-1].step if self._steps else -1

    def _message(self, run: Run, first: bool, named: bool, epochs: int, step: int) -> Message:
        """Return what a watcher gets that has seen so many epochs, up to a step: the same for all who are as far."""
        key = (self._version, first, named, epochs, step)
        if self._shared is None or self._shared[0] != key:
            new_epochs = self._epochs if first else self._epochs[epochs:]
            after = bisect_right(self._steps, step, key=attrgetter("step"))  # they may have been thinned meanwhile
            new_steps = _thinned(self._steps) if first else self._steps[after:]
            data = {
                "run": _status(run) | _state(run),
                "epochs": [vars(epoch) for epoch in new_epochs],
                "steps": [vars(step) for step in new_steps],
                # Only when there are others than the watcher knows of.
                "shown": live_charts(*self._names) if first or named else None,
            }
            self._shared = (key, ("snapshot" if first else "update", data))
        return self._shared[1]

    def _is_past(self, seen: int) -> bool:
        return self._version != seen or self._closed()

    async def _keep_looking(self) -> None:
        while not self.done and not self._closed():
            await asyncio.sleep(min(max(LOOK_EVERY_S, self.watchers * LOOK_EVERY_S_A_WATCHER), 1.0))
            try:
                await self._look()
            except RunNotFound:  # deleted for good: the watchers are let go, and find that out
                self._closed = lambda: True
            except StoreError as error:  # the store may be back at the next look
                log.warning("%s", error)
            except Exception:  # a bug: the watchers are let go, and ask again
                log.exception("Run %d can no longer be followed", self._run_id)
                self._closed = lambda: True
            async with self._changed:
                self._changed.notify_all()


def _thinned(steps: list[StepMetrics]) -> list[StepMetrics]:
    """Return at most `MAX_STEPS` of them, evenly over the run, the last one always there."""
    if len(steps) <= MAX_STEPS:
        return steps
    # Stretches of a power of two, from step 0: those of a longer run are made of them, so that what was thinned before
    # is thinned evenly.
    stretch = 1
    while steps[-1].step // stretch - steps[0].step // stretch >= MAX_STEPS:
        stretch *= 2
    return [*{step.step // stretch: step for step in steps}.values()]  # of each its last


def _same(one: Sequence[EpochMetrics | StepMetrics], other: Sequence[EpochMetrics | StepMetrics]) -> bool:
    """Return whether metrics are the same; NaN, which equals nothing, is the same as NaN."""
    return repr(one) == repr(other)


def _without_heartbeat(run: Run) -> tuple[Any, ...]:
    return (run.status, run.message, run.request_text, run.attempt, run.epoch, run.batch, run.batches)


def _state(run: Run) -> dict[str, Any]:
    """Return what the panel goes by, but does not show as it is."""
    return {
        "source": run.source.value,
        "active": run.active,
        "asked": run.request_text,
        "best_epoch": best_epoch(run),
    }


def _status(run: Run) -> dict[str, Any]:
    """Return what the live panel shows beside the curves."""
    return event(run) | {"seconds_left": seconds_left(run) if run.status is Status.RUNNING else None}
