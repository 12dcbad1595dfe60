"""Imports that are under way, or were: they belong to the server, so a closed tab ends none."""

import itertools
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from cnn_dash.datasets.own.importing import ImportProgress
from cnn_dash.datasets.own.manifest import Manifest
from cnn_dash.errors import CnnDashError

State = Literal["running", "done", "failed", "cancelled"]
MOST_KEPT = 20


class Cancelled(Exception):
    """Somebody has cancelled the import."""


@dataclass(eq=False)
class ImportJob:
    """One import.

    Attributes:
        number: Of the job.
        name: Of the data set.
        file: What is imported, as the person calls it.
        state: What has become of it.
        progress: How far it is; None before the first picture.
        message: What went wrong.
        made: What is known of the new data set.
    """

    number: int
    name: str
    file: str
    state: State = "running"
    progress: ImportProgress | None = None
    message: str = ""
    made: Manifest | None = None
    cancelled: threading.Event = field(default_factory=threading.Event, repr=False)

    @property
    def share(self) -> float:
        """How much is done, 0–1."""
        return 0.0 if self.progress is None else min(1.0, self.progress.done / max(1, self.progress.total))

    def told(self, progress: ImportProgress) -> None:
        """Note how far it is.

        Raises:
            Cancelled: If somebody has cancelled it.
        """
        self.progress = progress
        if self.cancelled.is_set():
            raise Cancelled


class ImportJobs:
    """Runs imports, each in a thread; pictures are decoded in processes of their own."""

    def __init__(self) -> None:
        """Begin without any."""
        self._numbers = itertools.count(1)
        self._jobs: dict[int, ImportJob] = {}
        self._lock = threading.Lock()

    def start(self, name: str, file: str, work: Callable[[Callable[[ImportProgress], None]], Manifest]) -> ImportJob:
        """Begin an import.

        Args:
            name: Of the new data set.
            file: What is imported, as the person calls it.
            work: Does it; told to whom it says how far it is, which may raise to end it.
        """
        with self._lock:
            job = ImportJob(next(self._numbers), name, file)
            self._jobs[job.number] = job
            for old in [one for one, other in self._jobs.items() if other.state != "running"][:-MOST_KEPT]:
                del self._jobs[old]
        threading.Thread(target=_run, args=(job, work), name=f"import-{name}", daemon=True).start()
        return job

    def running(self) -> list[ImportJob]:
        """Return what is under way."""
        with self._lock:
            return [job for job in self._jobs.values() if job.state == "running"]

    def get(self, number: int | None) -> ImportJob | None:
        """Return the job of a number, if there is one."""
        with self._lock:
            return self._jobs.get(number or 0)


def _run(job: ImportJob, work: Callable[[Callable[[ImportProgress], None]], Manifest]) -> None:
    try:
        job.made = work(job.told)
        job.state = "done"
    except Cancelled:
        job.state = "cancelled"
    except CnnDashError as error:
        job.message, job.state = str(error), "failed"
    except Exception as error:
        job.message = (
            f"{job.file} could not be imported. Received: {type(error).__name__}: {error}. Try it once more, or import "
            "it on the command line: python -m cnn_dash datasets import."
        )
        job.state = "failed"
