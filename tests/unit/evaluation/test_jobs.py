import threading

import pytest

from cnn_dash.errors import StoreError
from cnn_dash.evaluation.jobs import Job, Jobs


def test_who_asks_twice_gets_the_same_job_and_it_is_done_once():
    jobs, calls = Jobs("test"), []
    hold = threading.Event()

    def work(job: Job[int]) -> int:
        job.tell("Counting", 0.5)
        calls.append(1)
        hold.wait(30)
        return 7

    first = jobs.start("key", work)
    assert jobs.start("key", work) is first is jobs.known("key")
    hold.set()
    assert first.wait(30)
    assert jobs.start("key", work).future.result() == 7
    assert (first.step, first.share, len(calls)) == ("Counting", 0.5, 1)


def test_a_job_that_failed_is_begun_anew_when_it_is_asked_for():
    jobs, trouble = Jobs("test"), [ValueError("no")]

    def work(_job: Job[str]) -> str:
        if trouble:
            raise trouble.pop()
        return "well"

    failed = jobs.start("key", work)
    assert failed.wait(30)
    assert str(failed.future.exception()) == "no"
    again = jobs.start("key", work)
    assert again is not failed
    assert again.future.result(30) == "well"


def test_only_the_last_results_are_kept():
    jobs = Jobs("test", most=2)
    for key in range(4):
        assert jobs.start(key, lambda _job: None).wait(30)
    assert [jobs.known(key) is not None for key in range(4)] == [False, False, True, True]


def test_what_is_under_way_when_the_server_ends_is_stopped_and_says_so():
    jobs, began, stopped = Jobs("test"), threading.Event(), threading.Event()

    def work(job: Job[None]) -> None:
        job.stop_with(stopped.set)
        began.set()
        stopped.wait(30)

    running, waiting = jobs.start("running", work), jobs.start("waiting", work)
    assert began.wait(30)
    jobs.close()
    assert stopped.is_set()
    for job in (running, waiting, jobs.start("late", work)):
        with pytest.raises(StoreError, match="server ends"):
            job.future.result(30)
