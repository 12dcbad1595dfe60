"""The runs that wait: their order, how long they will take, and what can be done with them."""

from functools import partial

import streamlit as st

from cnn_dash.runs.actions import Place, is_editable
from cnn_dash.runs.activity import ActivitySnapshot
from cnn_dash.runs.estimate import duration
from cnn_dash.runs.records import Run
from cnn_dash.ui.components.messages import plain
from cnn_dash.ui.components.preset_changes import changes
from cnn_dash.ui.runs import bulk_actions
from cnn_dash.ui.session import settings_url, widget_keys
from cnn_dash.ui.session.navigation import go

SHOWN = 5

_PLACES: tuple[tuple[str, Place, str, str], ...] = (
    (widget_keys.RUNS_FIRST, "first", ":material/vertical_align_top:", "First"),
    (widget_keys.RUNS_UP, "up", ":material/arrow_upward:", "Up"),
    (widget_keys.RUNS_DOWN, "down", ":material/arrow_downward:", "Down"),
)


def render_queue(snapshot: ActivitySnapshot) -> None:
    """Show the queue; nothing if no run waits.

    Args:
        snapshot: What is under way.
    """
    waiting = snapshot.waiting
    if not waiting:
        return
    with st.container(key=widget_keys.RUNS_QUEUE, border=True, gap="xsmall"):
        st.markdown(f"**Queue** · {len(waiting)} waiting · done in about {duration(snapshot.queue_s)}")
        all_of_them = len(waiting) <= SHOWN or st.session_state.get(widget_keys.RUNS_QUEUE_ALL, False)
        for place, run in enumerate(waiting if all_of_them else waiting[:SHOWN]):
            _row(run, place, last=place == len(waiting) - 1)
        if len(waiting) > SHOWN:
            st.toggle(f"Show all {len(waiting)}", key=widget_keys.RUNS_QUEUE_ALL)


def _row(run: Run, place: int, *, last: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        changed = "".join(f" · {change}" for change in changes(run.recipe))
        st.markdown(f"{place + 1}. Run {run.id} · {plain(run.name)}{plain(changed)}", width="stretch")
        with st.container(horizontal=True, width="content", gap="xsmall"):
            for key, where, icon, words in _PLACES:
                st.button(
                    words,
                    key=widget_keys.of_run(key, run.id),
                    icon=icon,
                    disabled=last if where == "down" else place == 0,
                    on_click=partial(bulk_actions.move, run.id, where),
                )
            fresh = is_editable(run)  # else it is trained in part, and stays as it is
            if fresh and st.button(
                "Edit", key=widget_keys.of_run(widget_keys.RUNS_EDIT, run.id), icon=":material/edit:"
            ):
                go("train", edit=run.id, **settings_url.to_query(run.recipe))
            st.button(
                "Cancel" if fresh else "Stop",
                key=widget_keys.of_run(widget_keys.RUNS_CANCEL, run.id),
                icon=":material/close:" if fresh else ":material/stop:",
                on_click=partial(bulk_actions.cancel, run.id),
            )
