"""Has the network of a run run over many images, in a process of its own."""

from typing import Any, Literal

from cnn_dash.errors import StoreError
from cnn_dash.job_process import run_program
from cnn_dash.jobs import Job
from cnn_dash.settings import Settings

Task = Literal["nearest", "robustness", "labels-test", "labels-train"]
"""What it does: find the nearest training images of test images, test the network on disturbed images, or look for
wrong labels by the predictions that are there."""

LIMIT_S = 1_800.0


def run_task(job: Job[Any], settings: Settings, run_id: int, task: Task) -> None:
    """Have a process do something for a run, and keep what it finds with the result of the run.

    Raises:
        StoreError: If that fails; the message says why.
    """
    job.tell("Loading scikit-learn" if task.startswith("labels") else "Starting TensorFlow", 0.02)
    last, code = run_program(job, settings, str(__package__), [str(run_id), task], LIMIT_S)
    if "done" not in last:
        raise StoreError(
            f"What was asked for of run {run_id} could not be computed. Received: a process that ended with {code}. "
            f"Close other programs if memory is short, then try it once more."
        )
