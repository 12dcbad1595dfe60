import pytest

from cnn_dash.cli.choose import trained_run
from cnn_dash.errors import RunNotFound
from cnn_dash.presets import get
from cnn_dash.runs.lease import Lease
from cnn_dash.runs.records import TestResult
from cnn_dash.runs.status import Status
from cnn_dash.runs.store import Worker
from cnn_dash.runs.submit import submit

RESULT = TestResult(accuracy=0.5, loss=1.0, best_epoch=1, seconds=1.0, images_per_second=9.0, weights_sha256="0" * 64)


def end(store, status, result=RESULT):
    """Put a run that ended like this into the store; its number."""
    submit(store, get("compact-valid").config())
    lease = Lease.claim(store, Worker("worker", 1, "host"))
    lease.end(status, result=result)
    return lease.run.id


def test_latest_is_the_newest_finished_run_and_only_else_a_stopped_one(store):
    end(store, Status.STOPPED, result=None)
    with pytest.raises(RunNotFound, match="No network has been trained yet"):
        trained_run(store, "latest")
    stopped = end(store, Status.STOPPED)
    assert trained_run(store, "latest").id == stopped
    finished = end(store, Status.FINISHED)
    end(store, Status.STOPPED)
    assert trained_run(store, "latest").id == finished
    assert trained_run(store, str(stopped)).id == stopped
