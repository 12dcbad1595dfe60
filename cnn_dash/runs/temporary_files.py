"""Temporary files of a worker: they lie in the folder of the run that it trains, and go with it.

TensorFlow writes Python files (`__autograph_generated_file….py`) when it traces a function, and deletes them when the
interpreter ends. Those of a killed worker would stay in the system's temporary folder for ever.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cnn_dash.runs.records import Run
from cnn_dash.settings import Settings

# Python asks the first two; programs and libraries that are not Python may ask any.
VARIABLES = ("TMPDIR", "TEMP", "TMP")


@contextmanager
def temporary_files(settings: Settings, run: Run) -> Iterator[None]:
    """Let this process keep its temporary files in a folder of its claim, which is gone afterwards.

    What earlier claims of the run left is deleted first.

    Raises:
        OSError: If the folder cannot be made.
    """
    delete_temporary_files(settings, run.id)
    folder = _claims_of(settings, run.id) / f"tmp-{run.attempt:04d}"
    folder.mkdir(parents=True, exist_ok=True)
    environment = {name: os.environ.get(name) for name in VARIABLES}
    before = tempfile.tempdir
    tempfile.tempdir = str(folder)
    os.environ |= dict.fromkeys(VARIABLES, str(folder))
    try:
        yield
    finally:
        tempfile.tempdir = before
        for name, value in environment.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
        shutil.rmtree(folder, ignore_errors=True)


def delete_temporary_files(settings: Settings, run_id: int) -> None:
    """Delete what workers of a run that are no longer there have left."""
    for folder in _claims_of(settings, run_id).glob("tmp-*"):
        shutil.rmtree(folder, ignore_errors=True)


def _claims_of(settings: Settings, run_id: int) -> Path:
    # Always on the disk of the machine, wherever the artifacts are kept.
    return settings.runs_dir / f"{run_id:05d}"
