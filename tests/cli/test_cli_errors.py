import json

import pytest

from tests.cli.conftest import CommandLine

ONE_AFTER_THE_OTHER = """
import contextlib, io, json, sys
from cnn_dash.cli.app import app
answers = []
for command in json.loads(sys.argv[1]):
    out, err, code = io.StringIO(), io.StringIO(), 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            app(command, prog_name="python -m cnn_dash")
        except SystemExit as end:
            code = end.code
    answers.append([code, out.getvalue(), err.getvalue()])
print(json.dumps(answers))
"""
FAR_TOO_SMALL = ("--set", "model.blocks.2.kernel_size=11")


ERRORS = [
    (("train", "--dataset", "imagenet"), "There is no such data set. Received: 'imagenet'. Allowed: mnist-5k"),
    (("train", "--dataset", "../etc"), "There is no such data set. Received: '../etc'."),
    (("train", "--preset", "lenet"), "There is no such preset. Received: 'lenet'. Allowed: compact-valid"),
    (("train", "--epochs", "0"), "train.epochs (Epochs) cannot be used. Received: 0."),
    (("train", "--set", "train.lr=1"), "There is no such setting. Received: 'train.lr'."),
    (("train", "--set", "train.learning_rate=fast"), "Received: 'fast'. Allowed: a number"),
    (("train", "--set", "train.optimizer=lion"), "Received: 'lion'. Allowed: adam"),
    (("train", *FAR_TOO_SMALL), "11×11 on 5×5 cannot be built"),
    (("show", "3"), "There is no such run. Received: 3. Allowed: none yet"),
    (("train", "--set", "preset=nobody"), "There is no such preset. Received: 'nobody'."),
    (("show", "9" * 30), "There is no such run. Received: 999"),
    (("show", "9" * 5000), "There is no such run. Received: 999"),
    (("show", "latest"), "No run yet."),
    (("stop", "latest"), "No run waits or trains."),
    (("pause", "latest"), "No run waits or trains."),
    (("resume", "latest"), "No run is paused or stopped."),
    (("retry", "latest"), "No run has failed."),
    (("longer", "latest", "--epochs", "2"), "No run has finished."),
    (("resume", "3"), "There is no such run. Received: 3. Allowed: none yet"),
    (("predict", "latest", "picture.png"), "No network has been trained yet."),
    (("reproduce", "--only", "lenet"), "There is no such preset. Received: 'lenet'."),
    (("reproduce", "--dataset", "imagenet"), "There is no such data set."),
]
MISUNDERSTOOD = [
    ("train", "--set", "train.epochs"),
    ("train", "--epochs", "many"),
    ("show", "first"),
    ("resume", "first"),
    ("longer", "1"),
    ("longer", "1", "--epochs", "0"),
    ("predict", "latest"),
    ("fly",),
]


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    """What the command line answers to each of these in turn, in one process: exit code, stdout and stderr."""
    line = CommandLine(tmp_path_factory.mktemp("errors") / "home")
    commands = [(*arguments, "--json") for arguments, _ in ERRORS] + MISUNDERSTOOD
    answers = json.loads(line(json.dumps(commands), program=("-c", ONE_AFTER_THE_OTHER))[0])
    return line, dict(zip(commands, answers, strict=True))


@pytest.mark.parametrize(("arguments", "sentence"), ERRORS)
def test_an_error_is_a_sentence_and_nothing_is_queued(said, arguments, sentence):
    line, answers = said
    code, out, err = answers[*arguments, "--json"]
    assert code == 1
    assert sentence in err
    assert sentence in json.loads(out)["error"]
    assert line.store().runs() == []


@pytest.mark.parametrize("arguments", MISUNDERSTOOD)
def test_a_command_that_is_not_understood_is_a_usage_error(said, arguments):
    code, out, err = said[1][arguments]
    assert code == 2
    assert out == ""
    assert "Usage:" in err


def test_a_run_without_a_network_cannot_predict(cli):
    from cnn_dash.presets import get
    from cnn_dash.runs.submit import submit

    submit(cli.store(), get("compact-valid").config())
    _, err = cli("predict", "1", "picture.png", code=1)
    assert "Run 1 has no trained network. Received: a run that is queued." in err


@pytest.mark.parametrize("command", ["runs", "datasets", "train"])
def test_a_bad_number_of_workers(cli_with, command):
    out, err = cli_with(CNN_DASH_WORKERS="abc")(command, code=1)
    assert out == ""
    assert "CNN_DASH_WORKERS" in err
    assert "Received: 'abc'" in err


def test_a_home_that_is_a_file(cli_with, tmp_path):
    (tmp_path / "file").touch()
    _, err = cli_with(CNN_DASH_HOME=str(tmp_path / "file"))("train", code=1)
    assert "The run store cannot be opened" in err
    assert str(tmp_path / "file") in err


def test_a_database_url_that_is_none(cli_with):
    _, err = cli_with(CNN_DASH_DATABASE_URL="nonsense")("runs", code=1)
    assert "CNN_DASH_DATABASE_URL" in err
