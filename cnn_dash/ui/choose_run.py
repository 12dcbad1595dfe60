"""Choosing one of the runs that have a trained network."""

import streamlit as st

from cnn_dash.runs.records import Run
from cnn_dash.ui.navigation import pages
from cnn_dash.ui.resources import open_store
from cnn_dash.ui.words import run_label


def render_choose_run(key: str) -> Run:
    """Let a person choose a trained run, the latest to begin with; the choice is in the URL as `run`.

    Stops the page with the next step if there is no such run.
    """
    trained = {run.id: run for run in open_store().runs() if run.result is not None}
    if not trained:
        st.info("No network has been trained yet. Train one first; the default takes about ten seconds.")
        st.page_link(pages()["train"], label="Go to Train", icon=":material/model_training:")
        st.stop()
    asked = st.query_params.get("run")
    if asked is not None and key not in st.session_state:
        if asked.isdecimal() and int(asked) in trained:
            st.session_state[key] = int(asked)
        else:
            st.warning(f"There is no trained run with this number. Received: {asked!r}. This is the latest one.")
    if st.session_state.get(key) not in trained:
        st.session_state[key] = next(iter(trained))
    chosen: int = st.selectbox(
        "Run",
        list(trained),
        key=key,
        format_func=lambda run_id: run_label(trained[run_id]),
        help="A run that has been trained; the latest comes first.",
        persist_state="session",
    )
    if st.query_params.get("run") != str(chosen):
        st.query_params["run"] = str(chosen)
    return trained[chosen]
