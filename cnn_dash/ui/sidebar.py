"""What is running, on every page."""

import streamlit as st

from cnn_dash.runs.status import Status
from cnn_dash.ui.navigation import pages
from cnn_dash.ui.resources import open_store

LOOK_EVERY_S = 2.0


def render_sidebar() -> None:
    """Show the runs that train or wait; looks again by itself only while there are any."""
    active = bool(open_store().runs(Status.RUNNING, Status.QUEUED, limit=1))
    with st.sidebar:
        st.fragment(_running, run_every=LOOK_EVERY_S if active else None)(polling=active)


def _running(*, polling: bool) -> None:
    store = open_store()
    runs = store.runs(Status.RUNNING)
    waiting = len(store.runs(Status.QUEUED))
    if not runs and not waiting:
        st.caption("Nothing is training.")
        if polling:
            st.rerun()  # the last run has ended: without this the fragment would go on looking
        return
    for run in runs:
        st.page_link(
            pages()["train"], label=f"Run {run.id} · {run.config.data.dataset}", query_params={"run": str(run.id)}
        )
        st.progress(
            run.progress, text=f"epoch {min(run.epoch + 1, run.config.train.epochs)} of {run.config.train.epochs}"
        )
    if waiting:
        st.caption(f"{waiting} waiting in the queue.")
