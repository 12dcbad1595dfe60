"""Files that are made in the background, one after the other, each in a process of its own.

Whoever asks for a file that is being made already waits for the same one.
"""

from functools import partial

from cnn_dash.errors import CnnDashError, StoreError
from cnn_dash.exporters.export import no_step
from cnn_dash.exporters.export_format import ExportFormat
from cnn_dash.exporters.kept import kept, make
from cnn_dash.job_process import run_program
from cnn_dash.jobs import Abandoned, Job, Jobs
from cnn_dash.runs.records import Run
from cnn_dash.runs.store import RunStore

LIMIT_S = 900.0


class ExportJobs:
    """The files that a server makes.

    Args:
        store: Where the runs are.
    """

    def __init__(self, store: RunStore) -> None:
        self._store = store
        self._jobs = Jobs("export")

    def start(self, run: Run, form: ExportFormat) -> Job[None]:
        """Have a file made; if it is being made, return that job. It ends when the file is there."""
        return self._jobs.start(_key(run, form), partial(self._run, run, form), again=True)

    def under_way(self, run: Run, form: ExportFormat) -> Job[None] | None:
        """Return the job that makes a file just now."""
        job = self._jobs.known(_key(run, form))
        return None if job is None or job.future.done() else job

    def close(self) -> None:
        """End what is being made; the server ends."""
        self._jobs.close()

    def _run(self, run: Run, form: ExportFormat, job: Job[None]) -> None:
        try:
            if form.open is None:  # nothing heavy in it, and what it says may have changed
                make(self._store, run.id, form, no_step)
            elif kept(self._store.settings, run, form) is None:
                self._make(run, form, job)
        except (CnnDashError, Abandoned):
            raise
        except Exception as error:
            raise _failed(run, form, f"{type(error).__name__}: {error}") from error

    def _make(self, run: Run, form: ExportFormat, job: Job[None]) -> None:
        job.tell("Starting TensorFlow", 0.05)
        last, code = run_program(job, self._store.settings, str(__package__), [str(run.id), form.name], LIMIT_S)
        if "made" not in last:
            raise _failed(run, form, f"a process that ended with {code}")


def _key(run: Run, form: ExportFormat) -> tuple[int, str | None, str]:
    return run.id, run.network_folder, form.name


def _failed(run: Run, form: ExportFormat, received: str) -> StoreError:
    return StoreError(
        f"The network of run {run.id} could not be exported as {form.label}. Received: {received}. Try it once more, "
        f"or see why with: python -m cnn_dash export model {run.id} --format {form.name}."
    )
