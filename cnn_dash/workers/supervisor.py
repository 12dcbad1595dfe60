"""Keeps workers alive, so that there is always one that has Keras imported when a run is to begin.

It trains nothing and decides nothing: the queue is in the store. Runs whose worker has vanished are recorded as
interrupted, whoever started them, and a worker that does not answer to a request is ended.
"""

import contextlib
import logging
import os
import socket
import subprocess
import sys
import threading
import time
import uuid
from dataclasses import dataclass
from pathlib import Path

import psutil

from cnn_dash.errors import StoreError
from cnn_dash.runs import trash
from cnn_dash.runs.actions import give_up
from cnn_dash.runs.records import Run
from cnn_dash.runs.status import Source, Status
from cnn_dash.runs.store import RunStore
from cnn_dash.settings import Settings

log = logging.getLogger(__name__)

CHECK_EVERY_S = 0.5
# A worker that is silent for this share of the time after which its run is given away is looked at again, and given up.
SILENCE_SHARE = 0.8
# Three heartbeats: time for a worker to speak up that was kept from it.
GRACE_S = 1.5
# A worker that dies while it starts is not replaced at once, or a broken installation would start thousands.
RESTART_AFTER_S = 5.0
# A request that the worker of this machine has not heard for so long will not be heard any more.
ANSWER_WITHIN_S = 10.0
# Workers of one run that vanish in a row, without a checkpoint in between, before it is no longer tried by itself.
MOST_CRASHES = 5
EMPTY_TRASH_EVERY_S = 60.0


# On Windows: neither Ctrl-C nor the end of the console reaches the worker. Elsewhere these do not exist.
_NEW_GROUP = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0) | getattr(subprocess, "CREATE_NO_WINDOW", 0)


@dataclass
class _Child:
    """A worker process; a spare one imports Keras and then waits until it is let in.

    So a run of the queue begins as soon as the one before it has ended, and nobody waits for Keras in between.
    """

    process: subprocess.Popen[bytes]
    worker_id: str
    spare: bool

    def let_in(self) -> None:
        """Allow a spare worker to take a run."""
        self.spare = False
        assert self.process.stdin is not None
        with contextlib.suppress(OSError):  # it has just died, which the next look finds out
            self.process.stdin.write(b"\n")


class Supervisor:
    """A thread that keeps `settings.workers` worker processes alive, and a spare one while a run waits behind them."""

    def __init__(self, settings: Settings, store: RunStore, *, start_after_s: float = 0.0) -> None:
        self._settings = settings
        self._store = store
        self._calm_s = start_after_s
        self._children: list[_Child] = []
        self._calm_until = 0.0
        self._retry_at = 0.0
        self._silence: dict[int, tuple[object, float]] = {}
        self._unheard: dict[int, tuple[object, float]] = {}
        self._given_up: set[str | None] = set()
        self._empty_trash_at = 0.0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="supervisor", daemon=True)

    def start(self) -> None:
        """Start the thread; the first worker follows after `start_after_s`, or as soon as a run waits."""
        self._calm_until = time.monotonic() + self._calm_s
        self._thread.start()

    def stop(self) -> None:
        """Stop the thread and the workers that wait; a worker that trains finishes its run by itself."""
        self._stop.set()
        self._thread.join()
        for child in self._children:
            if child.process.stdin is not None:
                child.process.stdin.close()  # a waiting worker sees this and leaves

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._look_after()
            except StoreError as error:  # the database may be back at the next look
                log.warning("%s", error)
            except OSError as error:  # no process to be had: as with a worker that dies at once
                log.warning("No worker could be started: %s", error)
                self._retry_at = time.monotonic() + RESTART_AFTER_S
            except Exception:  # a bug, but without this thread no run would ever start again
                log.exception("The supervisor met an error that it does not know")
            self._stop.wait(CHECK_EVERY_S)

    def _look_after(self) -> None:
        self._look_for_vanished_workers()
        for child in list(self._children):
            if child.process.poll() is not None:
                self._children.remove(child)
                if child.process.returncode != 0:
                    log.warning("worker %s ended with code %s", child.worker_id, child.process.returncode)
                    self._retry_at = time.monotonic() + RESTART_AFTER_S
        now = time.monotonic()
        if now >= self._empty_trash_at:
            self._empty_trash_at = now + EMPTY_TRASH_EVERY_S
            trash.empty_trash(self._store, older_than_s=trash.KEPT_S)
        # A worker whose run was given up may hang for ever; should it come back, it finds that out and leaves.
        alive = [child for child in self._children if child.worker_id not in self._given_up]
        spare = [child for child in alive if child.spare]
        missing = self._settings.workers - (len(alive) - len(spare))
        for child in spare[: max(missing, 0)]:
            child.let_in()
            missing -= 1
        waits = self._store.anything_waits()
        if now < self._retry_at or (now < self._calm_until and not waits):
            return
        for _ in range(missing):
            self._children.append(self._spawn())
        if waits and missing <= 0 and not any(child.spare for child in alive) and self._all_train(alive):
            self._children.append(self._spawn(spare=True))

    def _all_train(self, children: list[_Child]) -> bool:
        training = {run.worker_id for run in self._store.runs(Status.RUNNING)}
        return all(child.worker_id in training for child in children)

    def _look_for_vanished_workers(self) -> None:
        running = self._store.runs(Status.RUNNING)
        for run in running:
            self._end_if_deaf(run)
            self._interrupt(run, self._dead(run))
        silent = [run for run in running if self._silent(run)]
        if silent:
            # A database that somebody keeps locked silences the living as well; `give_up` leaves alone who speaks.
            self._store.wait_until_writable()
            self._stop.wait(GRACE_S)
        for run in silent:
            self._interrupt(run, f"Its worker has not been heard of for {self._silence_s:.0f} s.")
        self._silence = {run.id: self._silence[run.id] for run in running if run.id in self._silence}

    def _interrupt(self, run: Run, why: str | None) -> None:
        if why is not None:
            after = give_up(self._store, run, why, most_crashes=MOST_CRASHES)
            if after is not None:
                log.warning("run %s is %s: %s", run.id, after, why)
                self._given_up.add(run.worker_id)

    def _dead(self, run: Run) -> str | None:
        """How it is known that the worker of a running run is dead, or None."""
        for child in self._children:
            code = child.process.poll()
            if child.worker_id == run.worker_id and code is not None:
                return f"Its worker ended unexpectedly ({_exit(code)})."
        if run.worker_host == socket.gethostname() and run.worker_pid and not psutil.pid_exists(run.worker_pid):
            return "Its worker process is gone."
        return None

    def _silent(self, run: Run) -> bool:
        """Whether nothing has been heard of the worker of a running run for too long."""
        # Two looks with this process's own clock, so that neither a clock that is off on another machine nor a laptop
        # that slept makes a living worker look dead.
        beat, since = self._silence.get(run.id, (None, 0.0))
        now = time.monotonic()
        if beat != run.heartbeat_at:
            self._silence[run.id] = (run.heartbeat_at, now)
            return False
        return now - since > self._silence_s

    @property
    def _silence_s(self) -> float:
        return self._settings.takeover_s * SILENCE_SHARE

    def _end_if_deaf(self, run: Run) -> None:
        """End the worker, if it is on this machine, of a run that has long been asked something and has not heard."""
        if run.request is None or run.acknowledged_at is not None or run.source is Source.EXTERNAL:
            self._unheard.pop(run.id, None)
            return
        asked, since = self._unheard.setdefault(run.id, (run.requested_at, time.monotonic()))
        if asked != run.requested_at:
            del self._unheard[run.id]
        elif time.monotonic() - since > ANSWER_WITHIN_S and run.worker_host == socket.gethostname():
            with contextlib.suppress(psutil.Error):
                process = psutil.Process(run.worker_pid)
                if run.worker_id in process.cmdline():  # and not another program that was given its number
                    log.warning("run %s: its worker has not heard a request to %s and is ended", run.id, run.request)
                    process.kill()

    def _spawn(self, *, spare: bool = False) -> _Child:
        worker_id = uuid.uuid4().hex
        log_file = self._settings.worker_log
        log_file.parent.mkdir(parents=True, exist_ok=True)
        with log_file.open("ab") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "cnn_dash.workers.worker", worker_id, *(["spare"] if spare else [])],
                env=os.environ | self._settings.environment() | {"PYTHONPATH": _python_path()},
                stdin=subprocess.PIPE,  # its end tells a waiting worker that the supervisor is gone
                bufsize=0,  # what could not be sent to a dead worker is not tried again when the pipe is closed
                stdout=output,
                stderr=output,
                # A session (group) of its own: what ends the server, Ctrl-C included, does not end a training run.
                start_new_session=True,
                creationflags=_NEW_GROUP,
            )
        return _Child(process, worker_id, spare)


def _python_path() -> str:
    """Import path of a worker: the server may have been started from any folder."""
    here = str(Path(__file__).resolve().parents[2])
    inherited = os.environ.get("PYTHONPATH")
    return os.pathsep.join([here, inherited] if inherited else [here])


def _exit(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"code {code}"
