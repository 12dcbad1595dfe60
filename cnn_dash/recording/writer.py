"""Writes what a program records, in a thread of its own: the program neither waits for the store nor fails with it.

What cannot be written yet is kept in memory, in order, and written when the store is back. There is room for so many
entries; beyond it every other step within the epochs is left out. Epochs are always kept.
"""

import atexit
import logging
import threading
import time
import weakref
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cnn_dash.errors import ConfigError, IllegalTransition, RunNotFound, StoreError
from cnn_dash.recording.ending import tell_exit
from cnn_dash.recording.target import RunTarget

if TYPE_CHECKING:
    from cnn_dash.runs.records import StepMetrics
    from cnn_dash.runs.status import Request

log = logging.getLogger(__name__)

HEARTBEAT_EVERY_S = 0.5
RETRY_S, LONGEST_RETRY_S = 1.0, 30.0
MOST_STEPS = 5_000
STEPS_A_WRITE = 200
# How long the end of a program waits for what is not written yet.
LAST_PATIENCE_S = 10.0

Write = Callable[[RunTarget], object]


class ResultWrite(ABC):
    """An entry with files of its own, which it frees once they are written."""

    @abstractmethod
    def __call__(self, target: RunTarget) -> object:
        """Write it."""

    @abstractmethod
    def drop(self) -> None:
        """Free its files without writing them."""

    @abstractmethod
    def replaces(self, older: "ResultWrite") -> bool:
        """Return whether one that still waits need not be written any more."""


@dataclass(frozen=True)
class _Step:
    step: "StepMetrics"
    epoch: int
    batch: int


class RunWriter:
    """Writes one run, entry after entry; none of its methods raises.

    Args:
        target: The run.
        on_beat: Called between heartbeats, in the thread of the writer.
    """

    def __init__(self, target: RunTarget, on_beat: Callable[[], None] = lambda: None) -> None:
        self._target = target
        self._on_beat = on_beat
        self._entries: deque[Write | _Step] = deque()
        self._steps = 0
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._closed = False
        self._lost = False
        self._beating = False
        self._said = ""
        self.request: Request | None = None
        """What was asked of the run at the last heartbeat; read without a lock, between two batches."""
        _writers.add(self)

    @property
    def run_id(self) -> int | None:
        """The number of the run; None until the store could be reached."""
        return None if self._target.lease is None else self._target.lease.run.id

    @property
    def lost(self) -> bool:
        """Whether nothing is recorded any more, because the run was deleted or another process records it."""
        return self._lost

    def put(self, write: Write) -> None:
        """Have something written, after all that was put before."""
        with self._changed:
            if self._lost:
                return
            self._entries.append(write)
            self._start()
            self._changed.notify_all()

    def put_result(self, write: ResultWrite) -> None:
        """Have the files of a result brought into the store; those that still wait for that are out of date then."""
        with self._changed:
            # The first one may be about to be written.
            waiting = [one for one in list(self._entries)[1:] if isinstance(one, ResultWrite) and write.replaces(one)]
            for old in waiting:
                self._entries.remove(old)
                old.drop()
            if self._lost or self._closed:
                write.drop()
                return
        self.put(write)

    def put_step(self, step: "StepMetrics", epoch: int, batch: int) -> None:
        """Have metrics within an epoch written; where there is no room, some of them are left out."""
        with self._changed:
            if self._lost:
                return
            if self._steps >= MOST_STEPS:
                self._thin()
            self._entries.append(_Step(step, epoch, batch))
            self._steps += 1
            self._start()
            self._changed.notify_all()

    def flush(self, timeout_s: float) -> bool:
        """Wait until all is written; False if it is not after so many seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: self._idle or self._thread is None, timeout_s)

    @property
    def _idle(self) -> bool:
        """Whether all is written; a heartbeat that is under way may have noticed an end, and be about to tell it."""
        return not self._entries and not self._beating

    def close(self, timeout_s: float = LAST_PATIENCE_S) -> None:
        """Write what there is, for a while, and end the thread."""
        done = self.flush(timeout_s)
        with self._changed:
            self._closed = True
            left = len(self._entries)
            _drop(self._entries)
            self._changed.notify_all()
        if not done and left:
            log.warning("CNN Dash: the run store could not be written, and %d entries of the run are lost.", left)

    def _thin(self) -> None:
        """Leave out every other step that is still to be written."""
        kept: deque[Write | _Step] = deque()
        odd = False
        for entry in self._entries:
            if isinstance(entry, _Step):
                odd = not odd
                if not odd:
                    continue
            kept.append(entry)
        self._entries = kept
        self._steps = sum(isinstance(entry, _Step) for entry in kept)

    def _start(self) -> None:
        if self._thread is None and not self._closed:
            self._thread = threading.Thread(target=self._work, name="cnn-dash-writer", daemon=True)
            self._thread.start()

    def _work(self) -> None:
        retry_s, beaten = RETRY_S, 0.0
        while True:
            with self._changed:
                if not self._entries and not self._closed:
                    self._changed.wait(HEARTBEAT_EVERY_S)
                if self._closed or self._lost:
                    self._thread = None
                    self._changed.notify_all()
                    return
                taken = self._first()
            try:
                if taken:
                    self._write(taken)
                    self._take(taken)  # before anything else can fail, or it would be written twice
                    taken = []
                if time.monotonic() - beaten >= HEARTBEAT_EVERY_S:
                    self._beat()
                    self.request = self._target.heartbeat()
                    beaten = time.monotonic()
                retry_s = RETRY_S
            except Exception as error:
                if _for_good(error):
                    self._lose(error)
                    continue
                if not isinstance(error, StoreError | OSError):  # a mistake of ours: this entry costs itself
                    log.warning("CNN Dash could not record something", exc_info=True)
                    _drop(taken)
                    self._take(taken)
                    continue
                self._say(f"{error} It is kept in memory and written later.")
                with self._changed:
                    self._changed.wait_for(lambda: self._closed, retry_s)
                retry_s = min(2 * retry_s, LONGEST_RETRY_S)

    def _beat(self) -> None:
        with self._changed:
            self._beating = True
        try:
            self._on_beat()
        finally:
            with self._changed:
                self._beating = False
                self._changed.notify_all()

    def _first(self) -> list[Write | _Step]:
        """Return the entry whose turn it is, or several steps in a row; they stay until they are written."""
        taken: list[Write | _Step] = []
        for entry in self._entries:
            if taken and not (isinstance(entry, _Step) and len(taken) < STEPS_A_WRITE):
                break
            taken.append(entry)
            if not isinstance(entry, _Step):
                break
        return taken

    def _write(self, taken: list[Write | _Step]) -> None:
        steps = [(one.step, one.epoch, one.batch) for one in taken if isinstance(one, _Step)]
        if steps:
            self._target.log_steps(steps)
            return
        for write in taken:
            if not isinstance(write, _Step):
                write(self._target)

    def _take(self, written: list[Write | _Step]) -> None:
        """Forget what is written; some of it may have been left out meanwhile."""
        with self._changed:
            gone = set(map(id, written))
            while self._entries and id(self._entries[0]) in gone:
                self._steps -= isinstance(self._entries.popleft(), _Step)
            if not self._entries:
                self._changed.notify_all()

    def _lose(self, error: Exception) -> None:
        self._say(f"{error} Training goes on; nothing more is recorded.")
        with self._changed:
            self._lost, self.request = True, None
            _drop(self._entries)
            self._entries.clear()
            self._steps = 0
            self._changed.notify_all()

    def _say(self, text: str) -> None:
        if text != self._said:
            self._said = text
            log.warning("CNN Dash: %s", text)


def _drop(entries: Iterable[Write | _Step]) -> None:
    """Free the files of what is not written any more."""
    for entry in entries:
        if isinstance(entry, ResultWrite):
            entry.drop()


def _for_good(error: Exception) -> bool:
    """Return whether an error will not pass: the run is gone or not to be resumed, a setting is wrong."""
    from cnn_dash.runs.lease import LeaseLost

    return isinstance(error, LeaseLost | RunNotFound | IllegalTransition | ConfigError)


_writers: "weakref.WeakSet[RunWriter]" = weakref.WeakSet()


@atexit.register
def _write_the_rest() -> None:
    tell_exit()
    until = time.monotonic() + LAST_PATIENCE_S
    for writer in list(_writers):
        writer.close(max(0.0, until - time.monotonic()))
