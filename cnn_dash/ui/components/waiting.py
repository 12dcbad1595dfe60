"""Waits for a job in the background, with progress, and without holding up the page."""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

import streamlit as st

from cnn_dash.jobs import Cancelled, Job, Jobs
from cnn_dash.runs.estimate import duration
from cnn_dash.ui.components.messages import plain, render_error
from cnn_dash.ui.session import job_keys

T = TypeVar("T")

AT_ONCE_S = 0.4
"""What is there so soon needs no progress."""
LOOK_EVERY_S = 0.7


def result_of(
    jobs: Jobs, key: Hashable, work: Callable[[Job[T]], T], doing: str, *, cancellable: bool = False
) -> T | None:
    """Return what a job has found; draw how far it is, or why it failed, and return None if it has not.

    The page is drawn again when it has ended.

    Args:
        jobs: Where it is done.
        key: Names what is done, and with what.
        work: Does it, with the job that it tells its progress to.
        doing: What it does, for a person, as in `Reading images`.
        cancellable: Offer to end it; the work has to be one that a job can stop (`Job.stop_with`).
    """
    job = jobs.start(key, work)
    if not job.wait(AT_ONCE_S):
        st.fragment(_looking, run_every=LOOK_EVERY_S)(jobs, key, doing, cancellable)
        return None
    error = job.future.exception()
    if error is None:
        return job.future.result()
    cancelled = isinstance(error, Cancelled)
    if cancelled:
        st.info(f"{doing} was cancelled.", icon=":material/close:")
    else:
        render_error(str(error))
    st.button(
        "Start again" if cancelled else "Try again",
        key=job_keys.try_again(doing),
        icon=":material/refresh:",
        on_click=jobs.forget_failure,
        args=(key,),
    )
    return None


def render_progress(job: Job[Any], doing: str = "") -> None:
    """Draw how far a job is: what it does, the step, and the time that is left where that can be told."""
    said = " · ".join(filter(None, (doing, job.step)))
    st.progress(job.share, plain(f"{said}… {_time(job)}".rstrip()))


def _time(job: Job[Any]) -> str:
    if job.began is None:
        return ""
    left = job.seconds_left()
    return f"{duration(job.seconds())} so far" if left is None else f"about {duration(left)} left"


def _looking(jobs: Jobs, key: Hashable, doing: str, cancellable: bool) -> None:
    job = jobs.known(key)
    if job is None or job.future.done():
        st.rerun()  # of the page: only that ends the looking
    render_progress(job, doing)
    if cancellable:
        st.button("Cancel", key=job_keys.cancel(doing), icon=":material/close:", on_click=jobs.cancel, args=(key,))
