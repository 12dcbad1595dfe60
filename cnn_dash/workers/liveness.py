"""Finds runs whose worker is dead, silent or stuck, whoever started it, so that another worker continues them."""

import logging
import time
from collections.abc import Callable, Collection

from cnn_dash.runs.actions import give_up
from cnn_dash.runs.records import Run
from cnn_dash.runs.status import Source, Status
from cnn_dash.runs.store import RunStore, Worker
from cnn_dash.runs.temporary_files import delete_temporary_files
from cnn_dash.workers.launcher import Launcher

log = logging.getLogger(__name__)

# A worker that is silent for this share of the time after which its run is given away is looked at again, and given up.
SILENCE_SHARE = 0.8
# Three heartbeats: time for a worker to speak up that was kept from it.
GRACE_S = 1.5
# A request that a worker has not acknowledged after so long will not be acknowledged any more.
ANSWER_WITHIN_S = 10.0
# After that a worker says again and again that it is getting on: after each part of the test set, and after each file.
# The largest file is the checkpoint of the largest network, 3.2 GB: it takes as long on a disk of 11 MB/s.
PROGRESS_WITHIN_S = 300.0
# Workers of one run that vanish in a row, without a checkpoint in between, before it is not resumed by itself any more.
MAX_CRASHES = 5


class Liveness:
    """Watches the workers of all running runs.

    Args:
        store: Where the runs are.
        launcher: Asked whether a worker is dead, and told to end one that is stuck.
        wait: Called with seconds to wait; returns early if the supervisor is to stop.
    """

    def __init__(self, store: RunStore, launcher: Launcher, wait: Callable[[float], object]) -> None:
        self._store = store
        self._launcher = launcher
        self._wait = wait
        self._heartbeats = _Unchanged()
        self._requests = _Unchanged()
        self.given_up: set[str] = set()
        """Ids of workers whose run was given up; they may hang for ever."""

    def check(self) -> None:
        """Look once at the worker of every running run.

        Raises:
            StoreError: If the store cannot be used.
        """
        running = self._store.runs(Status.RUNNING)
        for run in running:
            if run.source is Source.RECIPE:  # other programs look after themselves
                self._end_if_stuck(run)
                worker_exit = self._launcher.exit_of(worker_of(run))
                if worker_exit is not None:
                    self._give_up(run, f"Its worker {worker_exit.reason}.")
        silence_s = self._store.settings.takeover_s * SILENCE_SHARE
        silent = [run for run in running if self._heartbeats.seconds(run.id, run.heartbeat_at) > silence_s]
        if silent:
            # A database that somebody keeps locked silences the living as well; `give_up` leaves alone who speaks.
            self._store.wait_until_writable()
            self._wait(GRACE_S)
        for run in silent:
            who = "worker" if run.source is Source.RECIPE else "program"
            self._give_up(run, f"Its {who} has not sent a heartbeat for {silence_s:.0f} s.")
        ids = {run.id for run in running}
        self._heartbeats.keep(ids)
        self._requests.keep(ids)

    def forget_given_up(self, *, keep: Collection[str]) -> None:
        """Forget the workers whose run was given up, all but some that may still hang."""
        self.given_up.intersection_update(keep)

    def _give_up(self, run: Run, why: str) -> None:
        after = give_up(self._store, run, why, most_crashes=MAX_CRASHES)
        if after is not None:
            log.warning("run %s is %s: %s", run.id, after, why)
            if run.worker_id is not None:
                self.given_up.add(run.worker_id)
            delete_temporary_files(self._store.settings, run.id)

    def _end_if_stuck(self, run: Run) -> None:
        """End the worker of a run that does not acknowledge a request, or hangs while it carries it out."""
        unchanged_s = self._requests.seconds(run.id, (run.request, run.requested_at, run.acknowledged_at))
        limit_s = ANSWER_WITHIN_S if run.acknowledged_at is None else PROGRESS_WITHIN_S
        if run.request is not None and unchanged_s > limit_s and self._launcher.end(worker_of(run)):
            log.warning("run %s: its worker does not get on with a request to %s and is ended", run.id, run.request)


def worker_of(run: Run) -> Worker:
    """Return the worker that holds a run."""
    return Worker(run.worker_id or "", run.worker_pid or 0, run.worker_host or "")


class _Unchanged:
    """For how long a value of each run has been the same.

    Measured with this process's own clock from look to look, so that neither a clock that is off on another machine nor
    a laptop that slept makes a living worker look dead.
    """

    def __init__(self) -> None:
        self._since: dict[int, tuple[object, float]] = {}

    def seconds(self, run_id: int, value: object) -> float:
        """Return for how long the value has been what it is now."""
        now = time.monotonic()
        before, since = self._since.get(run_id, (None, now))
        if run_id not in self._since or before != value:
            self._since[run_id] = (value, now)
            return 0.0
        return now - since

    def keep(self, run_ids: Collection[int]) -> None:
        """Forget all other runs."""
        self._since = {run_id: known for run_id, known in self._since.items() if run_id in run_ids}
