"""Programs that a job runs in a process of their own."""

import subprocess
import threading
from typing import Any

import psutil
import pytest

from cnn_dash import job_process
from cnn_dash.job_process import run_program
from cnn_dash.jobs import Abandoned, Cancelled, Job, Jobs
from cnn_dash.settings import Settings
from tests.waiting import PATIENCE_S, comes_true


@pytest.mark.parametrize("private", [False, True])
def test_what_opens_a_strangers_file_does_not_get_our_environment(
    private: bool, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CNN_DASH_DATABASE_URL", "postgresql://me:secret@here/runs")
    monkeypatch.setenv("MY_TOKEN", "secret")
    told, code = run_program(Job(), settings, "tests.says_environment", [], PATIENCE_S, private=private)
    assert code == 0
    ours = {"CNN_DASH_DATABASE_URL", "MY_TOKEN", "CNN_DASH_HOME", "HOME"} & set(told["names"])
    assert (ours == set()) is private
    assert {"PATH", "PYTHONPATH", "TMPDIR"} <= set(told["names"])


def test_a_cancelled_job_ends_its_process_and_is_begun_anew_when_it_is_asked_for(settings: Settings) -> None:
    jobs, ended = Jobs("test"), threading.Event()
    codes: list[int] = []

    def work(job: Job[int]) -> int:
        job.tell("Waiting")
        # It waits for a client that never comes.
        codes.append(run_program(job, settings, "http.server", ["--bind", "127.0.0.1", "0"], PATIENCE_S)[1])
        ended.set()
        return 0

    job = jobs.start("key", work)
    assert comes_true(lambda: job._stop is not None)
    jobs.cancel("key")
    assert ended.wait(PATIENCE_S)
    assert codes == [-9]
    with pytest.raises(Cancelled):
        job.future.result(0)
    assert jobs.start("key", work) is job, "it is not begun anew by itself"
    jobs.forget_failure("key")
    again = jobs.start("key", work)
    assert again is not job
    jobs.close()


def test_a_process_that_nobody_waits_for_any_more_is_ended(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """It tells one thing, and then does nothing for ten minutes."""
    started: list[int] = []

    class Noted(subprocess.Popen[str]):
        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **options)
            started.append(self.pid)

    monkeypatch.setattr(job_process.subprocess, "Popen", Noted)
    job: Job[None] = Job(patience_s=0.0)
    with pytest.raises(Abandoned):
        run_program(job, settings, "tests.says_environment", ["and waits"], PATIENCE_S)
    assert not psutil.pid_exists(started[0])


def test_cancelling_what_is_done_or_unknown_changes_nothing() -> None:
    jobs = Jobs("test")
    job = jobs.start("key", lambda _: 7)
    assert job.future.result(PATIENCE_S) == 7
    jobs.cancel("key")
    jobs.cancel("another")
    assert job.future.result(0) == 7
