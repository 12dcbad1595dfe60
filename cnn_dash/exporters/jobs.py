"""Files that are made in the background, one after the other, each in a process of its own.

TensorFlow stays out of the server: converters take the interpreter for seconds, and may end the process that they are
in. Whoever asks for a file that is being made already waits for the same one.
"""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import threading
from concurrent.futures import Future, InvalidStateError, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from cnn_dash.errors import CnnDashError, StoreError
from cnn_dash.exporters.export import no_step
from cnn_dash.exporters.export_format import ExportFormat
from cnn_dash.exporters.kept import kept, make
from cnn_dash.runs.records import Run
from cnn_dash.runs.store import RunStore
from cnn_dash.runs.temporary_files import VARIABLES

LIMIT_S = 900.0
_WAITS = "Waiting for another file"


class ExportJob:
    """One file that is being made.

    Attributes:
        step: What is being done, for a person.
        share: How much is done, 0–1.
        future: Done when the file is there; its exception is a `CnnDashError`.
    """

    def __init__(self) -> None:
        self.step = _WAITS
        self.share = 0.0
        self.future: Future[None] = Future()

    def end(self, error: Exception | None = None) -> None:
        """Say that the file is there, or why not; who said so first counts."""
        with contextlib.suppress(InvalidStateError):
            self.future.set_result(None) if error is None else self.future.set_exception(error)

    def wait(self, seconds: float) -> bool:
        """Wait for the end, and return whether it has come."""
        with contextlib.suppress(Exception):
            self.future.exception(timeout=seconds)
        return self.future.done()


class ExportJobs:
    """The files that a server makes.

    Args:
        store: Where the runs are.
    """

    def __init__(self, store: RunStore) -> None:
        self._store = store
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="export")
        self._jobs: dict[tuple[int, str | None, str], ExportJob] = {}
        self._process: subprocess.Popen[str] | None = None
        self._lock = threading.Lock()
        self._closed = False

    def start(self, run: Run, form: ExportFormat) -> ExportJob:
        """Have a file made; if it is being made, return that job.

        Raises:
            StoreError: If the run has no network.
        """
        key = (run.id, run.network_folder, form.name)
        with self._lock:
            job = self._jobs.get(key)
            if job is None:
                job = ExportJob()
                if self._closed:
                    job.future.set_exception(_failed(run, form, "a server that ends"))
                    return job
                self._jobs[key] = job
                job.future.add_done_callback(lambda _: self._jobs.pop(key, None))
                self._worker.submit(self._run, job, run, form)
        return job

    def under_way(self, run: Run, form: ExportFormat) -> ExportJob | None:
        """Return the job that makes a file just now."""
        return self._jobs.get((run.id, run.network_folder, form.name))

    def close(self) -> None:
        """End what is being made; the server ends."""
        with self._lock:
            self._closed = True
        self._worker.shutdown(wait=False, cancel_futures=True)
        process = self._process
        if process is not None:
            process.kill()
        for job in list(self._jobs.values()):
            job.end(StoreError("The server ends, and the file was not made. Start the server and try it once more."))

    def _run(self, job: ExportJob, run: Run, form: ExportFormat) -> None:
        try:
            if form.open is None:  # nothing heavy in it, and what it says may have changed
                make(self._store, run.id, form, no_step)
            elif kept(self._store.settings, run, form) is None:
                self._make(job, run, form)
        except CnnDashError as error:
            job.end(error)
        except Exception as error:
            job.end(_failed(run, form, f"{type(error).__name__}: {error}"))
        else:
            job.end()

    def _make(self, job: ExportJob, run: Run, form: ExportFormat) -> None:
        job.step, job.share = "Starting TensorFlow", 0.05
        root = str(Path(__file__).parents[2])
        path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
        environment = os.environ | self._store.settings.environment() | {"PYTHONPATH": path}
        with (
            # Its temporary files go with it, however it ends.
            tempfile.TemporaryDirectory(prefix="cnn-dash-export-", ignore_cleanup_errors=True) as place,
            subprocess.Popen(
                [sys.executable, "-m", str(__package__), str(run.id), form.name],
                env=environment | dict.fromkeys(VARIABLES, place),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                encoding="utf-8",
            ) as process,
        ):
            self._process = process
            limit = threading.Timer(LIMIT_S, process.kill)
            limit.start()
            try:
                if self._closed:
                    process.kill()
                last = _follow(process, job)
            finally:
                limit.cancel()
                self._process = None
        if "error" in last:
            raise StoreError(last["error"])
        if "made" not in last:
            raise _failed(run, form, f"a process that ended with {process.returncode}")


def _follow(process: "subprocess.Popen[str]", job: ExportJob) -> dict[str, Any]:
    """Read what a process tells until it ends, and return the last of it; libraries may print among it."""
    last: dict[str, Any] = {}
    for line in process.stdout or ():
        with contextlib.suppress(ValueError):
            told = json.loads(line)
            if isinstance(told, dict):
                last = told
                job.step = str(told.get("step", job.step))
                job.share = float(told.get("share", job.share))
    return last


def _failed(run: Run, form: ExportFormat, received: str) -> StoreError:
    return StoreError(
        f"The network of run {run.id} could not be exported as {form.label}. Received: {received}. Try it once more, "
        f"or see why with: python -m cnn_dash export model {run.id} --format {form.name}."
    )
