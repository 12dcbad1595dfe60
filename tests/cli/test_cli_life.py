"""What is asked of a run on the command line: pause, resume, retry, longer."""

import json
import os
import socket
import time

import pytest

from cnn_dash.presets import get
from cnn_dash.runs import actions
from cnn_dash.runs.lease import Lease
from cnn_dash.runs.records import TestResult
from cnn_dash.runs.status import Request, Status
from cnn_dash.runs.store import Worker
from cnn_dash.runs.submit import submit
from tests.factories import epoch_metrics

RESULT = TestResult(0.5, 1.0, 1, 1.0, 9.0, "0" * 64, "result-0001")
EPOCH = epoch_metrics(1, 0.9, 0.7, 0.5, 0.8, 0.99, 0.001, 2.0, 2950.0)


@pytest.fixture
def store(cli):
    return cli.store()


@pytest.fixture
def lease(store):
    """Run 1, which a worker has trained for one of five epochs."""
    submit(store, get("compact-valid").config())
    lease = claim(store)
    lease.begin(train_images=3600, batches=57)
    lease.log_epoch(EPOCH, "0001-00001-0000000.npz")
    return lease


def claim(store, limit_s=120):
    """Take the next run as the worker of a server would."""
    end = time.monotonic() + limit_s
    while (lease := Lease.claim(store, Worker("of-a-server", os.getpid(), socket.gethostname()))) is None:
        assert time.monotonic() < end, "there was no run to claim"
        time.sleep(0.02)
    return lease


def test_a_running_run_is_asked_to_pause(cli, store, lease):
    out, _ = cli("pause", "latest")
    assert "Run 1 is asked to pause. It keeps everything; to continue: python -m cnn_dash resume 1." in out
    assert store.run(1).request is Request.PAUSE
    assert cli.json("pause", 1)["status"] == "running"
    shown, _ = cli("show", 1)
    assert "asked to pause" in shown


def test_a_waiting_run_is_paused_at_once(cli, store):
    submit(store, get("compact-valid").config())
    assert "Run 1 is paused." in cli("pause", 1)[0]


def test_a_paused_run_is_only_queued_when_nobody_wants_to_wait(cli, store, lease):
    lease.end(Status.PAUSED)
    out, err = cli("resume", "latest", "--detach", "--json")
    assert json.loads(out)["status"] == "queued"
    assert "Run 1 waits. The next worker trains it" in err
    assert store.run(1).status is Status.QUEUED


def test_a_resumed_run_is_followed_to_its_end_and_only_what_is_new_is_told(cli, store, lease, ended):
    lease.end(Status.PAUSED)
    process = cli.start("resume", 1, "--json")
    again = claim(store)
    again.begin(train_images=3600, batches=57, epoch=1)
    again.log_epoch(epoch_metrics(2, 0.4, 0.7, 0.5, 0.8, 0.99, 0.001, 2.0, 2950.0))
    again.end(Status.FINISHED, result=RESULT)
    out, err = ended(process)
    assert json.loads(out)["status"] == "finished"
    assert "epoch 2/5: loss 0.4000" in err
    assert "epoch 1/5" not in err


def test_a_run_that_is_paused_elsewhere_ends_the_command_well(cli, store, ended):
    process = cli.start("train")
    lease = claim(store)
    lease.end(Status.PAUSED)
    out, err = ended(process)
    assert "paused" in out
    assert "Run 1 is paused. To continue: python -m cnn_dash resume 1." in err


def test_a_failed_run_is_tried_again(cli, store, lease):
    lease.end(Status.FAILED, message="The disk is full.")
    assert cli.json("retry", "latest", "--detach")["status"] == "queued"
    assert store.run(1).message is None


def test_a_finished_run_gets_more_epochs_and_show_tells_of_it(cli, store, lease):
    lease.end(Status.FINISHED, result=RESULT)
    assert cli.json("longer", 1, "--epochs", 3, "--detach")["epochs"] == 4
    assert store.run(1).config.train.stages == "1/5"
    out, _ = cli("show", 1)
    assert "after 1 of 5 epochs" in out
    assert "workers so far" in out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("resume", "1"), "Run 1 cannot be resumed. Received: a run that is running."),
        (("retry", "1"), "Run 1 cannot be retried. Received: a run that is running."),
        (("longer", "1", "--epochs", "2"), "Run 1 cannot be trained longer. Received: a run that is running."),
    ],
)
def test_what_does_not_fit_the_status_is_a_sentence(cli, store, lease, arguments, sentence):
    out, err = cli(*arguments, "--json", code=1)
    assert sentence in err
    assert sentence in json.loads(out)["error"]
    assert store.run(1).status is Status.RUNNING


def test_more_epochs_than_are_allowed_is_a_sentence(cli, store, lease):
    lease.end(Status.FINISHED, result=RESULT)
    _, err = cli("longer", 1, "--epochs", 5000, code=1)
    assert "Received: 5001" in err


def test_a_pause_and_a_resume_train_the_rest(cli, ended):
    process = cli.start("train", "--epochs", 12, "--json")
    store = cli.store()
    end = time.monotonic() + 120
    while not (store.runs() and store.run(1).epoch >= 1):
        assert time.monotonic() < end, "it did not begin"
        time.sleep(0.05)
    actions.pause(store, 1)
    out, _ = ended(process)
    paused = json.loads(out)
    assert paused["status"] == "paused"
    assert 1 <= paused["epochs_done"] < 12
    resumed = cli.json("resume", "latest")
    assert (resumed["status"], resumed["epochs_done"]) == ("finished", 12)
    assert [record["epoch"] for record in cli.json("show", 1)["metrics"]] == list(range(1, 13))
