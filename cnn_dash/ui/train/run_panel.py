"""The lower part of the Train page: one run, live while it trains."""

import streamlit as st

from cnn_dash.errors import RunNotFound
from cnn_dash.parsing import whole_number
from cnn_dash.runs.records import Run
from cnn_dash.runs.status import Status
from cnn_dash.ui.components import live_updates
from cnn_dash.ui.components.live_panel import render_live_panel
from cnn_dash.ui.components.messages import plain, render_notice
from cnn_dash.ui.components.preset_changes import changes
from cnn_dash.ui.session import widget_keys
from cnn_dash.ui.session.resources import open_store
from cnn_dash.ui.session.url_sync import is_external_change, remember
from cnn_dash.ui.train.external_run import render_external_run
from cnn_dash.ui.train.run_buttons import render_run_actions

# Which run the address has named: the page moves to the curves of one that it names anew.
_NAMED = "train_named_run"


def watched_run() -> Run | None:
    """Return the run that the URL names, else one that is training or waiting, else the latest."""
    store = open_store()
    asked = st.query_params.get(widget_keys.RUN)
    if asked is not None:
        try:
            number = whole_number(asked)
            if number is None:
                raise RunNotFound(f"A run has a number. Received: {asked!r} in the address.")
            return store.run(number)
        except RunNotFound as error:
            render_notice(error)
    return store.latest(Status.RUNNING) or store.latest(Status.QUEUED) or store.latest()


def watch(run: Run) -> None:
    """Put a run that was just started into the URL and in front of the person."""
    st.query_params[widget_keys.RUN] = str(run.id)
    st.rerun()


def render_run(run: Run) -> None:
    """Draw a run: its name, what can be done with it, and the live panel.

    What is pressed here, and what the panel hears of the run, draws only this part of the page again.
    """
    live_updates.follow(widget_keys.TRAIN_RUN_PART)
    asked = st.query_params.get(widget_keys.RUN)
    named_anew = asked == str(run.id) and is_external_change(_NAMED, asked)
    remember(_NAMED, asked)
    _part(run.id, come_into_view=named_anew)


@st.fragment(key=widget_keys.TRAIN_RUN_PART)
def _part(run_id: int, *, come_into_view: bool) -> None:
    try:
        run = open_store().run(run_id)
    except RunNotFound as error:  # deleted while somebody looked at it
        render_notice(error)
        return
    with st.container(key=widget_keys.TRAIN_RUN):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.subheader(f"Run {run.id} · {plain(run.name)}")
            render_run_actions(run)
        if run.config is None:
            st.caption(
                "Recorded by another program, which trains it. Pause and Stop take effect between two batches. To "
                "train longer, change that program."
                if run.status is Status.RUNNING
                else "Recorded by another program, which trained it: it cannot be resumed or trained longer here."
            )
        elif changed := changes(run.config):
            st.caption(f"With {', '.join(changed)}.")
        render_live_panel(run, come_into_view=come_into_view)
        if run.config is None:
            render_external_run(run)
