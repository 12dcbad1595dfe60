"""Choose one of the runs that have a trained network, or whose network was tested."""

import reprlib

import streamlit as st

from cnn_dash.errors import RunNotFound
from cnn_dash.parsing import whole_number
from cnn_dash.runs.records import Run
from cnn_dash.runs.status import Status
from cnn_dash.runs.store import TESTED
from cnn_dash.ui.components.messages import render_notice
from cnn_dash.ui.formatting import run_label
from cnn_dash.ui.session import widget_keys
from cnn_dash.ui.session.navigation import pages
from cnn_dash.ui.session.resources import open_store
from cnn_dash.ui.session.url_sync import is_external_change, remember

# More are not of use in a drop-down; the page with all runs leads to the older ones.
LATEST = 200


def render_choose_run(key: str, *, tested: bool = False) -> Run:
    """Let a person choose a trained run, the latest finished one to begin with; the choice is in the URL as `run`.

    Stops the page with the next step if there is no such run.

    Args:
        key: Of the widget.
        tested: Whether its predictions on test images are asked for, and not its network: another program may leave
            one without the other.
    """
    found = open_store().select(TESTED, limit=LATEST) if tested else open_store().trained_runs(limit=LATEST)
    trained = {run.id: run for run in found}
    latest = next((run.id for run in trained.values() if run.status is Status.FINISHED), next(iter(trained), None))
    if latest is None:
        st.info("No network has been trained yet. Train one first; the default takes about ten seconds.")
        st.page_link(pages()["train"], label="Go to Train", icon=":material/model_training:")
        st.stop()
    asked = st.query_params.get(widget_keys.RUN)
    topic = f"{key}_address"
    if is_external_change(topic, asked):
        number = whole_number(asked or "")
        trained |= older(number, tested)
        if number not in trained:
            received = reprlib.repr(asked)
            render_notice(f"There is no trained run with this number. Received: {received}. This is the latest one.")
        st.session_state[key] = number if number in trained else latest
    trained |= older(st.session_state.get(key), tested)
    if st.session_state.get(key) not in trained:
        st.session_state[key] = latest
    chosen: int = st.selectbox(
        "Run",
        list(trained),
        key=key,
        format_func=lambda run_id: run_label(trained[run_id]),
        help=f"A run that has been trained, also one that was stopped: the latest {LATEST}, newest first. Type to find "
        "one by number or name. The Runs page leads to older ones.",
        persist_state="session",
    )
    remember(topic, str(chosen), arrived=asked)
    if asked != str(chosen):
        st.query_params[widget_keys.RUN] = str(chosen)
    return trained[chosen]


def older(run_id: int | None, tested: bool) -> dict[int, Run]:
    """Return the trained run of this number, which may be older than those in the list; empty if there is none."""
    try:
        run = None if run_id is None else open_store().run(run_id)
    except RunNotFound:
        run = None
    if run is None or run.deleted_at is not None:
        return {}
    return {run.id: run} if (run.has_predictions if tested else run.has_network) else {}
