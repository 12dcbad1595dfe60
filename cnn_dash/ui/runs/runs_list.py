"""The upper part of the Runs page, which is drawn again when there is news of a run: queue, search, table."""

from collections.abc import Sequence

import streamlit as st

from cnn_dash.runs.records import Run
from cnn_dash.runs.store import RunStore
from cnn_dash.ui.components import live_updates
from cnn_dash.ui.runs import view_state
from cnn_dash.ui.runs.columns import config, frame
from cnn_dash.ui.runs.queue_list import render_queue
from cnn_dash.ui.runs.search_bar import render_filter
from cnn_dash.ui.session import widget_keys
from cnn_dash.ui.session.resources import open_store

ROW_PX, HEAD_PX, MOST_ROWS = 35, 38, 14

# The runs of the table's rows, as the browser has them.
_ROWS = "runs_rows"


def render_list(runs: Sequence[Run]) -> None:
    """Show the queue and the table of all runs.

    Args:
        runs: All runs as they are now; the list reads them anew each time it looks again.
    """
    live_updates.follow(widget_keys.RUNS_LIST, progress=True)
    st.fragment(_list, key=widget_keys.RUNS_LIST)([runs], _fates(runs))


def _list(handed: list[Sequence[Run]], fates: frozenset[tuple[int, str]]) -> None:
    store: RunStore = open_store()
    if handed:
        runs = handed.pop()
    else:  # by itself: the page has handed its runs over once
        runs = store.runs()
        if _fates(runs) != fates:
            st.rerun()  # what is below the table, and whether there still is something to look for
    render_queue(runs)
    shown, columns = render_filter(runs)
    _say_what_is_shown(shown, len(runs))
    _table(shown, columns)
    view_state.write_url()


def _fates(runs: Sequence[Run]) -> frozenset[tuple[int, str]]:
    return frozenset((run.id, run.status.value) for run in runs)


def _table(runs: Sequence[Run], columns: Sequence[str]) -> None:
    drawn, chosen = tuple(run.id for run in runs), set(view_state.selected())
    rows = [row for row, run_id in enumerate(drawn) if run_id in chosen]
    before = st.session_state.get(widget_keys.RUNS_TABLE, _selection([]))
    # The browser keeps ticks by row. Where rows have moved, or ticks come with the address, it has to be told.
    if drawn != st.session_state.get(_ROWS) or set(before["selection"]["rows"]) != set(rows):
        st.session_state[widget_keys.RUNS_TABLE] = _selection(rows)
    st.session_state[_ROWS] = drawn
    if not runs:  # an empty table would keep ticks that it does not show
        return
    st.dataframe(
        frame(runs, columns),
        key=widget_keys.RUNS_TABLE,
        height=HEAD_PX + ROW_PX * min(len(runs), MOST_ROWS),
        hide_index=True,
        placeholder="–",
        on_select=_take_selection,
        selection_mode="multi-row",
        alt="Runs, one in each row",
        column_config=config(columns),
    )


def _selection(rows: list[int]) -> dict[str, dict[str, list[int]]]:
    return {"selection": {"rows": rows, "columns": [], "cells": []}}


def _take_selection() -> None:
    """Note which runs are ticked; those that the search hides stay selected."""
    drawn: tuple[int, ...] = st.session_state[_ROWS]
    ticked = [drawn[row] for row in st.session_state[widget_keys.RUNS_TABLE]["selection"]["rows"] if row < len(drawn)]
    kept = [run_id for run_id in view_state.selected() if run_id in ticked or run_id not in drawn]
    view_state.select((*kept, *(run_id for run_id in ticked if run_id not in kept)))
    st.rerun()  # what is below the table shows the selected runs


def _say_what_is_shown(shown: Sequence[Run], total: int) -> None:
    hidden = len(set(view_state.selected()) - {run.id for run in shown})
    found = f"{len(shown):,} of {total:,} runs." if len(shown) < total else f"{total:,} run{'s' if total > 1 else ''}."
    more = f" {hidden} selected {'is' if hidden == 1 else 'are'} not among them." if hidden else ""
    next_step = (
        "Tick one to rename, clone or delete it; tick several to compare them."
        if shown
        else "No run is like that. Take something out of the search; its question mark says what can be asked."
    )
    st.caption(f"{found}{more} {next_step}")
