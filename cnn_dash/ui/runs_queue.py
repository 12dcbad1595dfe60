"""The runs that wait: their order, how long they will take, and what can be done with them."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from cnn_dash.runs.control import Place
from cnn_dash.runs.estimate import duration
from cnn_dash.runs.records import Run
from cnn_dash.runs.status import Status
from cnn_dash.ui import keys, link, runs_actions
from cnn_dash.ui.changes import changes
from cnn_dash.ui.navigation import go
from cnn_dash.ui.problems import plain
from cnn_dash.ui.resources import open_activity

SHOWN = 5

_PLACES: tuple[tuple[str, Place, str, str], ...] = (
    (keys.RUNS_FIRST, "first", ":material/vertical_align_top:", "First"),
    (keys.RUNS_UP, "up", ":material/arrow_upward:", "Up"),
    (keys.RUNS_DOWN, "down", ":material/arrow_downward:", "Down"),
)


def render_queue(runs: Sequence[Run]) -> None:
    """Show the queue; nothing if no run waits.

    Args:
        runs: All runs.
    """
    waiting = sorted((run for run in runs if run.status.waiting), key=lambda run: (run.queued_at, run.id))
    if not waiting:
        return
    seconds = open_activity().look().queue_s
    with st.container(key=keys.RUNS_QUEUE, border=True, gap="xsmall"):
        st.markdown(f"**Queue** · {len(waiting)} waiting · done in about {duration(seconds)}")
        all_of_them = len(waiting) <= SHOWN or st.session_state.get(keys.RUNS_QUEUE_ALL, False)
        for place, run in enumerate(waiting if all_of_them else waiting[:SHOWN]):
            _row(run, place, last=place == len(waiting) - 1)
        if len(waiting) > SHOWN:
            st.toggle(f"Show all {len(waiting)}", key=keys.RUNS_QUEUE_ALL)


def _row(run: Run, place: int, *, last: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        changed = "".join(f" · {change}" for change in changes(run.config))
        st.markdown(f"{place + 1}. Run {run.id} · {plain(run.name)}{plain(changed)}", width="stretch")
        with st.container(horizontal=True, width="content", gap="xsmall"):
            for key, where, icon, words in _PLACES:
                st.button(
                    words,
                    key=keys.of_run(key, run.id),
                    icon=icon,
                    disabled=last if where == "down" else place == 0,
                    on_click=partial(runs_actions.move, run.id, where),
                )
            fresh = run.status is Status.QUEUED and run.attempt == 0  # else it is trained in part, and stays as it is
            if fresh and st.button("Edit", key=keys.of_run(keys.RUNS_EDIT, run.id), icon=":material/edit:"):
                go("train", edit=run.id, **link.to_query(run.config))
            st.button(
                "Cancel" if fresh else "Stop",
                key=keys.of_run(keys.RUNS_CANCEL, run.id),
                icon=":material/close:" if fresh else ":material/stop:",
                on_click=partial(runs_actions.cancel, run.id),
            )
