import threading
from collections.abc import Callable

import pytest

from cnn_dash import jobs as jobs_module
from cnn_dash.errors import StoreError
from cnn_dash.jobs import Abandoned, Job, Jobs
from tests.waiting import PATIENCE_S


def test_who_asks_twice_gets_the_same_job_and_it_is_done_once():
    jobs, calls = Jobs("test"), []
    hold = threading.Event()

    def work(job: Job[int]) -> int:
        job.tell("Counting")
        job.tell_share(0.5)
        calls.append(1)
        hold.wait(PATIENCE_S)
        return 7

    first = jobs.start("key", work)
    assert jobs.start("key", work) is first is jobs.known("key")
    hold.set()
    assert first.wait(PATIENCE_S)
    assert jobs.start("key", work).future.result() == 7
    assert (first.step, first.share, len(calls)) == ("Counting", 0.5, 1)


def test_a_failure_is_kept_until_it_is_forgotten():
    jobs, trouble = Jobs("test"), [StoreError("no")]

    def work(_job: Job[str]) -> str:
        if trouble:
            raise trouble.pop()
        return "well"

    failed = jobs.start("key", work)
    assert failed.wait(PATIENCE_S)
    assert str(failed.future.exception()) == "no"
    assert jobs.start("key", work) is failed
    jobs.forget_failure("key")
    again = jobs.start("key", work)
    assert again.future.result(PATIENCE_S) == "well"
    jobs.forget_failure("key")
    assert jobs.start("key", work) is again
    assert jobs.start("key", work, again=True) is not again


def test_an_error_that_nobody_expected_is_a_sentence():
    def work(_job: Job[None]) -> None:
        raise ZeroDivisionError("division by zero")

    with pytest.raises(StoreError, match=r"Received: ZeroDivisionError: division by zero\. Try it once more"):
        Jobs("test").start("key", work).future.result(PATIENCE_S)


def test_only_the_last_results_are_kept():
    jobs = Jobs("test", most=2)
    for key in range(4):
        assert jobs.start(key, lambda _job: None).wait(PATIENCE_S)
    assert [jobs.known(key) is not None for key in range(4)] == [False, False, True, True]


@pytest.fixture
def forgotten() -> tuple[Jobs, Job[str], Callable[[Job[str]], str], threading.Event]:
    """A job under way that nobody has asked about for longer than jobs may wait, and what lets its work go on."""
    jobs, begun, go_on = Jobs("test", patience_s=60), threading.Event(), threading.Event()

    def work(job: Job[str]) -> str:
        begun.set()
        go_on.wait(PATIENCE_S)
        job.tell_share(0.5)
        return "made"

    job = jobs.start("key", work)
    assert begun.wait(PATIENCE_S)
    job.asked -= 61
    return jobs, job, work, go_on


def test_what_nobody_asks_about_any_more_is_given_up_and_begins_again_when_somebody_does(forgotten):
    jobs, job, work, go_on = forgotten
    go_on.set()
    assert isinstance(job.future.exception(30), Abandoned)
    assert jobs.start("key", work).future.result(PATIENCE_S) == "made"


def test_what_is_asked_about_again_is_not_given_up(forgotten):
    jobs, job, _, go_on = forgotten
    assert jobs.known("key") is job
    go_on.set()
    assert job.future.result(PATIENCE_S) == "made"


def test_what_is_under_way_when_the_server_ends_is_stopped_and_says_so():
    jobs, began, stopped = Jobs("test"), threading.Event(), threading.Event()
    ended: list[bool] = []

    def work(job: Job[None]) -> None:
        job.stop_with(stopped.set)
        began.set()
        stopped.wait(PATIENCE_S)
        try:
            job.tell_share(0.5)
        except Abandoned:
            ended.append(True)
            raise

    running, waiting = jobs.start("running", work), jobs.start("waiting", work)
    assert began.wait(PATIENCE_S)
    jobs.close()
    assert stopped.is_set()
    for job in (running, waiting, jobs.start("late", work)):
        with pytest.raises(StoreError, match="server ends"):
            job.future.result(PATIENCE_S)
    jobs._pool.shutdown(wait=True)
    assert ended == [True]


@pytest.mark.parametrize(("share", "left"), [(0.01, None), (0.25, 30.0)])
def test_the_time_left_follows_from_what_is_done(monkeypatch, share, left):
    job: Job[None] = Job()
    job.began, job.share = 100.0, share
    monkeypatch.setattr(jobs_module.time, "monotonic", lambda: 110.0)
    assert job.seconds_left() == left
