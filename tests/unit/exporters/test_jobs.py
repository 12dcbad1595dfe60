"""Files that are made in the background, and kept."""

import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cnn_dash import job_process
from cnn_dash.errors import StoreError
from cnn_dash.exporters import kept as kept_module
from cnn_dash.exporters.jobs import ExportJobs
from cnn_dash.exporters.kept import kept, open_kept
from cnn_dash.exporters.registry import FORMATS
from cnn_dash.jobs import WAITS
from cnn_dash.runs.folder import ResultFolder
from cnn_dash.runs.records import Run
from cnn_dash.runs.store import RunStore
from cnn_dash.settings import Settings
from tests.factories import make_run, on_disk

ONNX = FORMATS["onnx"]
PATIENCE_S = 120


@pytest.fixture
def jobs(store: RunStore) -> Iterator[ExportJobs]:
    """What makes files, ended with the test."""
    jobs = ExportJobs(store)
    yield jobs
    jobs.close()


def test_a_file_is_made_once_by_a_process_of_its_own(
    train: Callable[..., Run], jobs: ExportJobs, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = train()
    assert kept(settings, run, ONNX) is None
    job = jobs.start(run, ONNX)
    assert jobs.start(run, ONNX) is job
    assert jobs.under_way(run, ONNX) is job
    job.future.result(PATIENCE_S)
    assert job.step == "Checking 450 of 500 images"
    assert job.share > 0.9
    assert jobs.under_way(run, ONNX) is None
    made = kept(settings, run, ONNX)
    assert made is not None
    assert made.check.same
    with open_kept(settings, run, ONNX) as file:
        assert len(file.read()) == made.bytes

    monkeypatch.setattr(job_process.subprocess, "Popen", lambda *_args, **_more: pytest.fail("it was made already"))
    jobs.start(run, ONNX).future.result(PATIENCE_S)
    monkeypatch.setattr(kept_module, "__version__", "0.0.0")
    assert kept(settings, run, ONNX) is None  # another version makes it anew


def test_a_network_that_is_broken_is_a_sentence(
    train: Callable[..., Run], jobs: ExportJobs, settings: Settings
) -> None:
    run = train()
    on_disk(settings, ResultFolder.of(settings, run).model).write_bytes(b"no archive")
    with pytest.raises(StoreError, match=r"cannot be opened\. Received: model\.keras"):
        jobs.start(run, ONNX).future.result(PATIENCE_S)
    assert kept(settings, run, ONNX) is None


@pytest.mark.parametrize("program", ["import os; os.abort()", "print('[1]'); print('noise')"])
def test_a_process_that_dies_or_says_nothing_is_a_sentence(
    store: RunStore, jobs: ExportJobs, program: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    popen = job_process.subprocess.Popen
    command = [sys.executable, "-c", program]
    monkeypatch.setattr(job_process.subprocess, "Popen", lambda _command, **more: popen(command, **more))
    run = make_run(store)
    with pytest.raises(StoreError, match=r"could not be exported as ONNX\. Received: a process that ended with"):
        jobs.start(run, ONNX).future.result(PATIENCE_S)


def test_the_end_of_the_server_ends_it(
    store: RunStore, jobs: ExportJobs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    popen, started = job_process.subprocess.Popen, threading.Event()

    def slow(_command: list[str], **more: object) -> object:
        process = popen([sys.executable, "-c", "import time; time.sleep(300)"], **more)
        started.set()
        return process

    monkeypatch.setattr(job_process.subprocess, "Popen", slow)
    run = make_run(store)
    job, other = jobs.start(run, ONNX), jobs.start(run, FORMATS["keras"])
    assert started.wait(PATIENCE_S)
    assert other.step == WAITS
    jobs.close()
    for one in (job, other, jobs.start(run, FORMATS["litert"])):
        with pytest.raises(StoreError, match="server"):
            one.future.result(PATIENCE_S)
