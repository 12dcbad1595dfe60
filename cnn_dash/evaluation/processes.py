"""Starts the process that runs the network of a run over many images, and follows how far it is.

TensorFlow stays out of the server: a network that is run over thousands of images would hold up every page.
"""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any, Literal

from cnn_dash.errors import StoreError
from cnn_dash.jobs import Job
from cnn_dash.runs.temporary_files import VARIABLES
from cnn_dash.settings import Settings

Task = Literal["nearest", "robustness"]
"""What it does: find the nearest training images of test images, or test the network on disturbed images."""

LIMIT_S = 1_800.0


def run_task(job: Job[Any], settings: Settings, run_id: int, task: Task) -> None:
    """Have a process do something for a run, and keep what it finds with the result of the run.

    Raises:
        StoreError: If that fails; the message says why.
    """
    job.tell("Starting TensorFlow", 0.02)
    root = str(Path(__file__).parents[2])
    path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
    with (
        tempfile.TemporaryDirectory(prefix="cnn-dash-evaluate-", ignore_cleanup_errors=True) as place,
        subprocess.Popen(
            [sys.executable, "-m", str(__package__), str(run_id), task],
            env=os.environ | settings.environment() | {"PYTHONPATH": path} | dict.fromkeys(VARIABLES, place),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
        ) as process,
    ):
        limit = threading.Timer(LIMIT_S, process.kill)
        limit.start()
        job.stop_with(process.kill)
        try:
            last = _follow(process, job)
        finally:
            limit.cancel()
            job.stop_with(None)
    if "error" in last:
        raise StoreError(str(last["error"]))
    if "done" not in last:
        raise StoreError(
            f"The network of run {run_id} could not be run over the images. Received: a process that ended with "
            f"{process.returncode}. Close other programs if memory is short, then try it once more."
        )


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
