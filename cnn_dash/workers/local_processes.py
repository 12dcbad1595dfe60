"""Workers as processes of this machine."""

import contextlib
import os
import socket
import subprocess
import sys
from pathlib import Path

import psutil

from cnn_dash.runs.store import Worker
from cnn_dash.settings import Settings
from cnn_dash.workers.launcher import WorkerExit

# On Windows: neither Ctrl-C nor the end of the console reaches the worker. Elsewhere these do not exist.
_NEW_GROUP = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0) | getattr(subprocess, "CREATE_NO_WINDOW", 0)
# Ends of workers that are remembered: each is asked for within a second, by the one who watches its run.
_MOST_EXITS = 100


class LocalProcesses:
    """Starts each worker in a process of its own, which is known by its id on its command line.

    Args:
        settings: Handed on to the workers through their environment.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._exit_codes: dict[str, int] = {}

    def start(self, worker_id: str, *, spare: bool = False) -> None:
        """Start a process that imports Keras and then waits for a run, or to be admitted."""
        log_file = self._settings.worker_log
        log_file.parent.mkdir(parents=True, exist_ok=True)
        with log_file.open("ab") as output:
            self._processes[worker_id] = subprocess.Popen(
                [sys.executable, "-m", str(__package__), worker_id, *(["spare"] if spare else [])],
                env=os.environ | self._settings.environment() | {"PYTHONPATH": _python_path()},
                stdin=subprocess.PIPE,  # its end tells a waiting worker that the supervisor is gone
                bufsize=0,  # what could not be sent to a dead worker is not tried again when the pipe is closed
                stdout=output,
                stderr=output,
                # A session (group) of its own: what ends the server, Ctrl-C included, does not end a training run.
                start_new_session=True,
                creationflags=_NEW_GROUP,
            )

    def admit(self, worker_id: str) -> None:
        """Write a line to the process."""
        process = self._processes.get(worker_id)
        if process is not None and process.stdin is not None:
            with contextlib.suppress(OSError):  # it has just died, which `exit_of` finds out
                process.stdin.write(b"\n")

    def exit_of(self, worker: Worker) -> WorkerExit | None:
        """Ask the process that was started, or look for the process of somebody else's worker on this machine."""
        process = self._processes.get(worker.id)
        if process is not None:
            code = process.poll()
            if code is None:
                return None
            self._close_pipe(process)
            del self._processes[worker.id]
            self._exit_codes[worker.id] = code
            while len(self._exit_codes) > _MOST_EXITS:
                del self._exit_codes[next(iter(self._exit_codes))]
        if (known := self._exit_codes.get(worker.id)) is not None:
            return WorkerExit(f"ended unexpectedly ({_exit(known)})", clean=known == 0)
        if _is_here(worker) and not psutil.pid_exists(worker.pid):
            return WorkerExit("process is gone")
        return None

    def end(self, worker: Worker) -> bool:
        """Kill the process, if it is on this machine."""
        if not _is_here(worker):
            return False
        with contextlib.suppress(psutil.Error):
            process = psutil.Process(worker.pid)
            if worker.id in process.cmdline():  # and not another program that was given its number
                process.kill()
                return True
        return False

    def close(self) -> None:
        """Close the pipes: a waiting worker sees this and leaves."""
        for process in self._processes.values():
            self._close_pipe(process)

    @staticmethod
    def _close_pipe(process: subprocess.Popen[bytes]) -> None:
        if process.stdin is not None:
            process.stdin.close()


def _is_here(worker: Worker) -> bool:
    return worker.pid > 0 and worker.host == socket.gethostname()


def _python_path() -> str:
    """Return the import path of a worker: the server may have been started from any folder."""
    here = str(Path(__file__).resolve().parents[2])
    inherited = os.environ.get("PYTHONPATH")
    return os.pathsep.join([here, inherited] if inherited else [here])


def _exit(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"code {code}"
