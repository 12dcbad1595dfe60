"""A word in the corner of the page when a run has ended, wherever it was started: once for each run and session."""

import streamlit as st

from cnn_dash.errors import RunNotFound
from cnn_dash.metrics import percent
from cnn_dash.runs.activity import ActivitySnapshot, Ended
from cnn_dash.runs.records import Run
from cnn_dash.runs.status import Status
from cnn_dash.ui.components.messages import plain
from cnn_dash.ui.session.resources import open_store

_KNOWN = "run_ends_known"

ICONS = {
    Status.FINISHED: ":material/check_circle:",
    Status.STOPPED: ":material/stop_circle:",
    Status.FAILED: ":material/error:",
}


def tell_of_ends(snapshot: ActivitySnapshot) -> None:
    """Say which runs have ended since this session last looked; those that had ended before it began are no news."""
    if _KNOWN not in st.session_state:
        # The earliest end that was known then: when a run is deleted, an older end moves up, which is no news either.
        st.session_state[_KNOWN] = (set(snapshot.ended), min((end.ended_at for end in snapshot.ended), default=0.0))
        return
    known, since = st.session_state[_KNOWN]
    for end in reversed(snapshot.ended):
        if end not in known and end.ended_at >= since:
            known.add(end)
            _tell(end)


def _tell(end: Ended) -> None:
    try:
        run = open_store().run(end.run_id)
    except RunNotFound:  # deleted just now
        return
    # It may have gone on meanwhile. One that was cancelled before it had learned anything is no news to anybody.
    if run.status in ICONS and not (run.status is Status.STOPPED and run.result is None):
        st.toast(_sentence(run), icon=ICONS[run.status], duration="long")


def _sentence(run: Run) -> str:
    what = f"Run {run.id} · {plain(run.name)}"
    if run.status is Status.FAILED:
        return f"{what} failed. {plain(run.message or '')}"
    accuracy = f": test accuracy {percent(run.result.accuracy)}" if run.result else ""
    return f"{what} {'was stopped' if run.status is Status.STOPPED else run.status}{accuracy}."
