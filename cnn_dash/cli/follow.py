"""Training of a queued run while a person watches: a worker is kept alive, the progress is drawn on stderr.

A run whose worker vanishes continues from its last checkpoint, and is followed further. For who follows a run, a
pause is its end.
"""

import math
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from cnn_dash.cli.progress import RunProgress
from cnn_dash.cli.terminal import ERR
from cnn_dash.runs import actions
from cnn_dash.runs.records import Run
from cnn_dash.runs.status import Request, Status
from cnn_dash.runs.store import RunStore
from cnn_dash.workers.local_processes import LocalProcesses
from cnn_dash.workers.supervisor import Supervisor

CHECK_EVERY_S = 0.15
# A server over the same store has a worker that looks for runs many times a second: it goes first, since a worker of
# our own has to import Keras before it can claim anything.
OTHERS_FIRST_S = 0.3


def train_to_the_end(store: RunStore, run: Run) -> Run:
    """Wait until the run has ended or is paused, whoever trains it, and return it as it is then.

    Ctrl-C asks the run to stop, which keeps and tests what it has learned; the second one leaves it to its worker.

    Raises:
        KeyboardInterrupt: At the second Ctrl-C.
        StoreError: If the store cannot be used; the worker continues.
    """
    # One worker, and only while a run waits: runs queued earlier are trained first, nothing stays warm for nobody.
    supervisor = Supervisor(store, LocalProcesses(store.settings), workers=1, start_after_s=math.inf)
    with _interrupts() as interrupts, RunProgress(run, ERR) as progress:
        _follow(store, run, progress, interrupts, for_s=OTHERS_FIRST_S)
        supervisor.start()
        try:
            return _follow(store, run, progress, interrupts)
        finally:
            supervisor.stop()


def succeeded(run: Run) -> bool:
    """Return whether a run has ended as somebody wanted: by itself, or because it was asked to stop."""
    return run.status in (Status.FINISHED, Status.STOPPED)


def _follow(store: RunStore, run: Run, progress: RunProgress, interrupts: list[int], for_s: float = math.inf) -> Run:
    """Draw what is recorded until the run has ended or is paused, or the time is over."""
    until = time.monotonic() + for_s
    while True:
        if interrupts and run.request is not Request.STOP:
            actions.stop(store, run.id)
        changes = store.changes(run.id, after_epoch=progress.epochs, after_step=progress.steps)
        progress.update(changes)
        run = changes.run
        if not run.active or run.deleted_at is not None or time.monotonic() >= until:
            return run
        time.sleep(CHECK_EVERY_S)


@contextmanager
def _interrupts() -> Iterator[list[int]]:
    """Collect the first Ctrl-C instead of breaking off in the middle of something; the second breaks off."""
    caught: list[int] = []

    def catch(number: int, frame: FrameType | None) -> None:
        if caught:
            signal.default_int_handler(number, frame)
        caught.append(number)

    before = signal.signal(signal.SIGINT, catch)
    try:
        yield caught
    finally:
        signal.signal(signal.SIGINT, before)
