"""What the benchmarks share: a temporary store with its supervisor, and waiting for runs."""

import contextlib
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

REPOSITORY = Path(__file__).parents[1]
sys.path.insert(0, str(REPOSITORY))  # so that the scripts run as files, from any folder

from cnn_dash.runs.records import Run  # noqa: E402
from cnn_dash.runs.status import Status  # noqa: E402
from cnn_dash.runs.store import RunStore  # noqa: E402
from cnn_dash.settings import Settings  # noqa: E402
from cnn_dash.workers.local_processes import LocalProcesses  # noqa: E402
from cnn_dash.workers.supervisor import Supervisor  # noqa: E402

BATCH_SIZE = 64
# A worker that was just started needs this long to have Keras imported and wait.
WARM_UP_S = 12.0


def data_dir() -> Path:
    """Return the data folder of the environment."""
    return Settings.from_environment().data_dir


@contextlib.contextmanager
def temporary_store() -> Iterator[tuple[RunStore, Supervisor]]:
    """Yield an empty run store and a supervisor that keeps one worker; delete the runs afterwards."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        settings = Settings.from_environment({"CNN_DASH_HOME": home, "CNN_DASH_DATA_DIR": str(data_dir())})
        store = RunStore(settings)
        supervisor = Supervisor(store, LocalProcesses(settings))
        supervisor.start()
        try:
            yield store, supervisor
        finally:
            supervisor.stop()
            store.close()


def finished_run(store: RunStore, run_id: int) -> Run:
    """Wait until a run has ended, and return it."""
    while (run := store.run(run_id)).active:
        time.sleep(0.2)
    if run.status is not Status.FINISHED:
        raise SystemExit(f"run {run_id} {run.status}: {run.message}")
    return run
