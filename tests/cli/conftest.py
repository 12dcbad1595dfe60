import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cnn_dash.runs.store import RunStore
from cnn_dash.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
LIMIT_S = 200


class CommandLine:
    """`python -m cnn_dash` over a home of its own."""

    def __init__(self, home, **environ):
        self.home = Path(home)
        # data_dir stays empty: what is found and downloaded must not depend on the machine
        self._environ = os.environ | {"CNN_DASH_HOME": str(home), "PYTHONPATH": str(ROOT), "COLUMNS": "140"}
        for name in ("CNN_DASH_DATA_DIR", "CNN_DASH_DATABASE_URL", "CNN_DASH_WORKERS", "FORCE_COLOR"):
            self._environ.pop(name, None)
        self._environ |= environ

    def start(self, *arguments, program=("-m", "cnn_dash"), stdin=subprocess.DEVNULL):
        return subprocess.Popen(
            [sys.executable, *program, *map(str, arguments)],
            env=self._environ,
            cwd=self.home.parent,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )

    def __call__(self, *arguments, code=0, **options):
        """Run a command to its end; its stdout and stderr."""
        return finish(self.start(*arguments, **options), code=code)

    def json(self, *arguments, code=0):
        return json.loads(self(*arguments, "--json", code=code)[0])

    def store(self):
        return RunStore(Settings.from_environment({"CNN_DASH_HOME": str(self.home)}))


def finish(process, code=0):
    try:
        out, err = process.communicate(timeout=LIMIT_S)
    finally:
        process.kill()
    assert process.returncode == code, f"exit code {process.returncode}\n{out}\n{err}"
    assert "Traceback" not in err
    return out, err


@pytest.fixture
def cli(tmp_path, empty_database):
    """The command line over an empty store."""
    line = CommandLine(tmp_path / "home")
    line.home.mkdir()
    shutil.copyfile(empty_database, line.home / empty_database.name)
    return line


@pytest.fixture
def cli_with(tmp_path):
    """Makes a command line with variables of its own in the environment."""
    return lambda **environ: CommandLine(tmp_path / "home", **environ)


@pytest.fixture
def ended():
    """Waits for a process and gives its stdout and stderr."""
    return finish


@pytest.fixture(scope="session")
def trained(tmp_path_factory):
    """A store with one trained run, number 1: the command line, and the stdout and stderr of the training."""
    line = CommandLine(tmp_path_factory.mktemp("trained") / "home")
    options = ("--dataset", "mnist-5k", "--preset", "compact-valid", "--epochs", 1, "--seed", 7)
    return line, *line("train", *options, "--json")
