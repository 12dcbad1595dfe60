import os
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest

from cnn_dash.runs import trash
from cnn_dash.runs.folder import RunFolder
from cnn_dash.runs.lease import Lease
from cnn_dash.runs.status import Status
from cnn_dash.runs.temporary_files import VARIABLES, delete_temporary_files, temporary_files
from cnn_dash.settings import Settings
from tests.factories import run_dir


@pytest.fixture
def database() -> str:
    return "sqlite"  # it is about files


def written() -> Path:
    with tempfile.NamedTemporaryFile(delete=False) as file:
        file.write(b"generated")
    return Path(file.name)


def test_temporary_files_lie_in_the_folder_of_the_run_and_are_gone_afterwards(lease: Lease, settings: Settings) -> None:
    before = tempfile.gettempdir(), {name: os.environ.get(name) for name in VARIABLES}
    with temporary_files(settings, lease.run):
        file = written()
        assert file.parent == run_dir(settings, lease.run.id) / "tmp-0001"
        assert {os.environ[name] for name in VARIABLES} == {str(file.parent)}
        assert RunFolder.of(settings, lease.run.id).size_bytes() == len(b"generated")
    assert list(run_dir(settings, lease.run.id).iterdir()) == []
    assert (tempfile.gettempdir(), {name: os.environ.get(name) for name in VARIABLES}) == before


def test_the_next_claim_deletes_what_a_killed_worker_left(lease: Lease, settings: Settings) -> None:
    left = run_dir(settings, lease.run.id) / "tmp-0001" / "__autograph_generated_fileabc.py"
    left.parent.mkdir(parents=True)
    left.write_text("left")
    with temporary_files(settings, replace(lease.run, attempt=2)):
        assert not left.parent.exists()
        assert written().parent.name == "tmp-0002"


def test_they_go_when_the_worker_is_given_up(lease: Lease, settings: Settings) -> None:
    left = run_dir(settings, lease.run.id) / "tmp-0001" / "left.py"
    left.parent.mkdir(parents=True)
    left.write_text("left")
    delete_temporary_files(settings, lease.run.id)
    assert not left.parent.exists()


def test_they_go_with_the_run(lease: Lease, settings: Settings) -> None:
    left = run_dir(settings, lease.run.id) / "tmp-0001" / "left.py"
    left.parent.mkdir(parents=True)
    left.write_text("left")
    lease.end(Status.FAILED)
    trash.delete(lease.store, [lease.run.id])
    trash.empty_trash(lease.store)
    assert not run_dir(settings, lease.run.id).exists()
