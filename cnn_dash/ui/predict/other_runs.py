"""Choose further runs that answer beside the one on show."""

import reprlib

import streamlit as st

from cnn_dash.parsing import whole_number
from cnn_dash.runs.records import Run
from cnn_dash.ui.components.messages import render_notice
from cnn_dash.ui.components.run_picker import LATEST, older
from cnn_dash.ui.formatting import run_label
from cnn_dash.ui.session import widget_keys
from cnn_dash.ui.session.resources import open_store
from cnn_dash.ui.session.url_sync import is_external_change, is_remembered, remember

MOST = 3
"""More answers than four are hard to take in, and each costs the time of a network."""

_KEY = widget_keys.PREDICT_OTHER_RUNS
_TOPIC = f"{_KEY}_address"


def render_choose_others(run: Run) -> list[Run]:
    """Let a person choose runs to answer beside this one, none to begin with; the choice is in the URL as `with`."""
    trained = {one.id: one for one in open_store().trained_runs(limit=LATEST)}
    asked = st.query_params.get(widget_keys.PREDICT_WITH)
    if asked is None and is_remembered(_TOPIC):
        asked = ""  # gone back to where there were none
    if is_external_change(_TOPIC, asked):
        st.session_state[_KEY] = [whole_number(part) for part in (asked or "").split(",")]
    wanted = list(dict.fromkeys(st.session_state.get(_KEY, [])))
    for number in wanted:
        trained |= older(number, tested=False)
    trained.pop(run.id, None)
    kept = [number for number in wanted if number in trained][:MOST]
    if is_external_change(_TOPIC, asked) and asked and len(kept) < len(asked.split(",")):
        received = reprlib.repr(asked)
        render_notice(
            f"Not all of these runs can answer beside run {run.id}. Received: {received}. Allowed: up to {MOST} other "
            "runs that have been trained."
        )
    st.session_state[_KEY] = kept
    if not trained:
        chosen: list[int] = []
    else:
        chosen = st.multiselect(
            "Compare with",
            list(trained),
            key=_KEY,
            format_func=lambda run_id: run_label(trained[run_id]),
            max_selections=MOST,
            placeholder="No other run",
            help=f"Up to {MOST} further runs answer beside this one. Each network gets the picture cropped and "
            "centred like its own training images.",
            wrap=True,
            persist_state="session",
        )
    said = ",".join(map(str, chosen))
    remember(_TOPIC, said, arrived=asked)
    if said:
        st.query_params[widget_keys.PREDICT_WITH] = said
    else:
        st.query_params.pop(widget_keys.PREDICT_WITH, None)
    return [trained[number] for number in chosen]
