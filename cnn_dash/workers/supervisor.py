"""Keeps workers ready, so that there is always one that has Keras imported when a run is to begin.

It trains nothing and decides nothing: the queue is in the store. It knows neither processes nor machines: those are the
launcher's.
"""

import logging
import threading
import time
import uuid
from dataclasses import dataclass

from cnn_dash.errors import StoreError
from cnn_dash.runs.status import Status
from cnn_dash.runs.store import RunStore, Worker
from cnn_dash.workers.cleanup import Cleanup
from cnn_dash.workers.launcher import Launcher
from cnn_dash.workers.liveness import Liveness

log = logging.getLogger(__name__)

CHECK_EVERY_S = 0.5
# A worker that dies while it starts is not replaced at once, or a broken installation would start thousands.
RESTART_AFTER_S = 5.0


@dataclass
class _Started:
    """A worker; a spare one imports Keras and then waits until it is admitted.

    So a run of the queue begins as soon as the one before it has ended, and nobody waits for Keras in between.
    """

    worker_id: str
    spare: bool


class Supervisor:
    """A thread that keeps some workers alive, and a spare one while a run waits behind them.

    Args:
        store: Where the runs are; its settings say how many workers there are to be.
        launcher: Starts and ends the workers.
        workers: How many, if not so many as the settings of the store say.
        start_after_s: Seconds until the first worker is started; a run that waits starts it at once.
    """

    def __init__(
        self, store: RunStore, launcher: Launcher, *, workers: int | None = None, start_after_s: float = 0.0
    ) -> None:
        self._store = store
        self._launcher = launcher
        self._size = store.settings.workers if workers is None else workers
        self._start_after_s = start_after_s
        self._first_start_at = 0.0
        self._retry_at = 0.0
        self._workers: list[_Started] = []
        self._stop = threading.Event()
        self._liveness = Liveness(store, launcher, self._stop.wait)
        self._cleanup = Cleanup(store)
        self._thread = threading.Thread(target=self._run, name="supervisor", daemon=True)

    def start(self) -> None:
        """Start the thread; the first worker follows after `start_after_s`, or as soon as a run waits."""
        self._first_start_at = time.monotonic() + self._start_after_s
        self._thread.start()

    def stop(self) -> None:
        """Stop the thread and the workers that wait; a worker that trains finishes its run by itself."""
        self._stop.set()
        self._thread.join()
        self._launcher.close()

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._liveness.check()
                self._forget_ended()
                self._cleanup.run_if_due()
                self._fill_up()
            except StoreError as error:  # the database may be back next time
                log.warning("%s", error)
            except OSError as error:  # no process to be had: as with a worker that dies at once
                log.warning("No worker could be started: %s", error)
                self._retry_at = time.monotonic() + RESTART_AFTER_S
            except Exception:  # a bug, but without this thread no run would ever start again
                log.exception("The supervisor met an error that it does not know")
            self._stop.wait(CHECK_EVERY_S)

    def _forget_ended(self) -> None:
        for worker in list(self._workers):
            worker_exit = self._launcher.exit_of(Worker(worker.worker_id, 0, ""))
            if worker_exit is not None:
                self._workers.remove(worker)
                if not worker_exit.clean:
                    log.warning("worker %s %s", worker.worker_id, worker_exit.reason)
                    self._retry_at = time.monotonic() + RESTART_AFTER_S
        self._liveness.forget_given_up(keep={worker.worker_id for worker in self._workers})

    def _fill_up(self) -> None:
        """Admit or start the workers that are missing, and a spare one if a run waits while all others train."""
        # A worker whose run was given up may hang for ever; should it come back, it finds that out and leaves.
        alive = [worker for worker in self._workers if worker.worker_id not in self._liveness.given_up]
        spare = [worker for worker in alive if worker.spare]
        missing = self._size - (len(alive) - len(spare))
        for worker in spare[: max(missing, 0)]:
            worker.spare = False
            self._launcher.admit(worker.worker_id)
            missing -= 1
        waits = self._store.anything_waits()
        now = time.monotonic()
        if now < self._retry_at or (now < self._first_start_at and not waits):
            return
        for _ in range(missing):
            self._start_worker()
        if waits and missing <= 0 and not any(worker.spare for worker in alive) and self._all_train(alive):
            self._start_worker(spare=True)

    def _all_train(self, workers: list[_Started]) -> bool:
        training = {run.worker_id for run in self._store.runs(Status.RUNNING)}
        return all(worker.worker_id in training for worker in workers)

    def _start_worker(self, *, spare: bool = False) -> None:
        worker_id = uuid.uuid4().hex
        self._launcher.start(worker_id, spare=spare)
        self._workers.append(_Started(worker_id, spare))
