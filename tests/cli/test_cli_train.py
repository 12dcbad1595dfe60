import json
import os
import signal
import socket
import sys
import threading
import time

import pytest

from cnn_dash.cli.follow import train_to_the_end
from cnn_dash.presets import get
from cnn_dash.runs.lease import Lease
from cnn_dash.runs.records import TestResult
from cnn_dash.runs.status import Request, Status
from cnn_dash.runs.store import Worker
from cnn_dash.runs.submit import submit

RESULT = TestResult(
    accuracy=0.5,
    loss=1.0,
    best_epoch=1,
    seconds=1.0,
    images_per_second=9.0,
    weights_sha256="0" * 64,
    folder="result-0001",
)


needs_sigint = pytest.mark.skipif(sys.platform == "win32", reason="another process cannot be sent Ctrl-C here")


def until(condition, limit_s=120):
    end = time.monotonic() + limit_s
    while not (found := condition()):
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)
    return found


def claim(store):
    """Take the next run as the worker of a server would."""
    return until(lambda: Lease.claim(store, Worker("of-a-server", os.getpid(), socket.gethostname())))


FIELDS = {
    "run_id",
    "status",
    "dataset",
    "preset",
    "epochs",
    "parameters",
    "test_accuracy",
    "test_loss",
    "seconds",
    "images_per_second",
    "first_metric_seconds",
}


def test_training_prints_one_json_object(trained):
    _, out, err = trained
    result = json.loads(out)
    assert set(result) >= FIELDS
    assert result["run_id"] == 1
    assert (result["status"], result["dataset"], result["preset"]) == ("finished", "mnist-5k", "compact-valid")
    assert (result["epochs"], result["parameters"]) == (1, 93_322)
    assert result["test_accuracy"] > 0.5
    for name in ("test_loss", "seconds", "images_per_second", "first_metric_seconds"):
        assert result[name] > 0
    assert "epoch 1/1: loss" in err
    assert "finished" in err


@needs_sigint
def test_ctrl_c_stops_and_keeps_what_was_learned(cli, ended):
    process = cli.start("train", "--epochs", 200, "--json")
    store = cli.store()
    until(lambda: store.runs() and store.run(1).first_metric_at)
    process.send_signal(signal.SIGINT)
    out, err = ended(process)
    result = json.loads(out)
    assert result["status"] == "stopped"
    assert result["epochs_done"] < 200
    assert result["test_accuracy"] is not None
    assert "asked to stop" in err


def test_a_run_whose_worker_is_killed_goes_on_to_its_end(cli_with, ended):
    cli = cli_with(CNN_DASH_TAKEOVER_S="2")
    process = cli.start("train", "--epochs", 6, "--json")
    store = cli.store()
    until(lambda: store.runs() and store.run(1).epoch >= 1)
    os.kill(store.run(1).worker_pid, getattr(signal, "SIGKILL", signal.SIGTERM))
    out, err = ended(process)
    result = json.loads(out)
    assert (result["status"], result["epochs_done"]) == ("finished", 6)
    assert [line.split(":")[0] for line in err.splitlines() if line.startswith("epoch ")] == [
        f"epoch {epoch}/6" for epoch in range(1, 7)
    ]
    assert store.run(1).attempt == 2


@needs_sigint
def test_a_second_ctrl_c_leaves_the_run_to_its_worker(cli, ended):
    process = cli.start("train", "--epochs", 3)
    store = cli.store()
    lease = claim(store)
    time.sleep(2.0)  # it follows the run a moment after it has queued it; before, the first Ctrl-C just ends it
    process.send_signal(signal.SIGINT)
    until(lambda: store.run(1).request is Request.STOP)
    process.send_signal(signal.SIGINT)
    ended(process, code=130)
    assert lease.record_heartbeat() is Request.STOP  # asked to stop, and still its own


def test_a_run_that_a_server_has_taken_up_needs_no_worker_here(settings, store):
    run = submit(store, get("compact-valid").config())
    lease = claim(store)
    end = threading.Timer(1.5, lease.end, [Status.FINISHED], {"result": RESULT})  # time to start one, if it were to
    end.start()
    ended = train_to_the_end(store, run)
    assert (ended.status, ended.result) == (Status.FINISHED, RESULT)
    assert not (settings.home / "worker.log").exists()  # a supervisor makes it with its first worker
    end.join()


@pytest.mark.parametrize("as_json", [True, False])
def test_a_failed_run_says_why(cli, ended, as_json):
    process = cli.start("train", *["--json"] * as_json)
    claim(cli.store()).end(Status.FAILED, message="The loss is no longer a number [sic].")
    out, err = ended(process, code=1)
    assert "The loss is no longer a number [sic]." in err
    if as_json:
        result = json.loads(out)
        assert (result["status"], result["message"]) == ("failed", "The loss is no longer a number [sic].")
        assert result["test_accuracy"] is None
    else:
        assert "failed" in out


def test_a_run_can_be_stopped_from_elsewhere(cli, ended):
    store = cli.store()
    process = cli.start("train", "--epochs", 200, "--json")  # a worker may be quicker than the next command
    until(store.runs)
    assert cli.json("stop", "latest")["run_id"] == 1
    out, _ = ended(process)
    assert json.loads(out)["status"] == "stopped"


def test_settings_are_changed_by_path(cli, ended):
    process = cli.start("train", "--epochs", 2, "--set", "train.learning_rate=0.002", "--set", "train.batch_size = 32")
    lease = claim(cli.store())
    lease.end(Status.FINISHED, result=RESULT)
    ended(process)
    train = lease.run.recipe.train
    assert (train.epochs, train.learning_rate, train.batch_size) == (2, 0.002, 32)
    assert (lease.run.preset, train.optimizer) == ("compact-valid", "rmsprop")


def test_runs_queued_earlier_are_waited_for(cli, ended):
    store = cli.store()
    first = cli.start("train")
    until(store.runs)
    second = cli.start("train")
    until(lambda: len(store.runs()) == 2)
    finished = []

    def work():
        for _ in range(2):
            lease = claim(store)
            finished.append(lease.run.id)
            lease.end(Status.FINISHED, result=RESULT)

    worker = threading.Thread(target=work)
    worker.start()
    ended(first)
    ended(second)
    worker.join()
    assert finished == [1, 2]
