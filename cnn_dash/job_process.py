"""Does a job in a process of its own, and follows how far it is.

TensorFlow stays out of the server: it takes the interpreter for seconds, and may end the process that it is in.
"""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cnn_dash.errors import StoreError
from cnn_dash.jobs import Job
from cnn_dash.runs.temporary_files import VARIABLES
from cnn_dash.settings import Settings

_NEEDED = ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT")
"""What a program runs by, whatever it does."""


def run_program(
    job: Job[Any],
    settings: Settings,
    package: str,
    arguments: Sequence[str],
    limit_s: float,
    *,
    private: bool = False,
) -> tuple[dict[str, Any], int]:
    """Run `python -m PACKAGE ARGUMENTS`, which prints one JSON value a line, and tell the job what it says.

    Args:
        job: Is told `{"step": …, "share": …}`; the process ends when the job is ended.
        settings: Of the installation, which become its environment.
        package: Package with a `__main__`, or a module.
        arguments: What it is given.
        limit_s: After so many seconds it is killed.
        private: Keep our environment from it, with the settings: it opens what a stranger sent.

    Returns:
        The last value that it printed, and the code with which it ended.

    Raises:
        StoreError: If it said `{"error": …}`, with that sentence.
    """
    root = str(Path(__file__).parents[1])
    path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
    inherited = os.environ | settings.environment()
    if private:
        inherited = {key: os.environ[key] for key in _NEEDED if key in os.environ}
    with (
        # Its temporary files go with it, however it ends.
        tempfile.TemporaryDirectory(prefix="cnn-dash-job-", ignore_cleanup_errors=True) as place,
        subprocess.Popen(
            [sys.executable, "-m", package, *arguments],
            env=inherited | {"PYTHONPATH": path} | dict.fromkeys(VARIABLES, place),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
        ) as process,
    ):
        limit = threading.Timer(limit_s, process.kill)
        limit.start()
        job.stop_with(process.kill)
        try:
            last = _follow(process, job)
        except BaseException:  # nobody waits for it any more
            process.kill()
            raise
        finally:
            limit.cancel()
            job.stop_with(None)
    if "error" in last:
        raise StoreError(str(last["error"]))
    return last, process.returncode


def _follow(process: "subprocess.Popen[str]", job: Job[Any]) -> dict[str, Any]:
    """Read what a process tells until it ends, and return the last of it; libraries may print among it."""
    last: dict[str, Any] = {}
    for line in process.stdout or ():
        with contextlib.suppress(ValueError):
            told = json.loads(line)
            if isinstance(told, dict):
                last = told
                job.tell(str(told.get("step", job.step)), float(told.get("share", job.share)))
    return last
