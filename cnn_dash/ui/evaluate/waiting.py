"""Shows how far a job in the background is, and draws anew when it has ended."""

from typing import Any, TypeVar

import streamlit as st

from cnn_dash.errors import CnnDashError
from cnn_dash.evaluation.jobs import Job
from cnn_dash.ui.components.messages import render_error

T = TypeVar("T")

AT_ONCE_S = 0.4
LOOK_EVERY_S = 0.7


def result_of(job: Job[T], doing: str) -> T | None:
    """Return what a job has found; show how far it is, or why it failed, and return None if it has not.

    Args:
        job: The job.
        doing: What it does, for a person: `Computing the curves`.
    """
    if not job.wait(AT_ONCE_S):
        _progress(job, doing)
        return None
    error = job.future.exception()
    if isinstance(error, CnnDashError):
        render_error(error)
        return None
    return job.future.result()


@st.fragment(run_every=LOOK_EVERY_S)
def _progress(job: Job[Any], doing: str) -> None:
    if job.future.done():
        st.rerun()
    st.progress(job.share, f"{doing}: {job.step[:1].lower()}{job.step[1:]}…")
