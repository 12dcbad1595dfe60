"""The upper part of the Runs page, which is drawn again when there is news of a run: queue, search, table.

The table shows one page of the runs that were found; only those are read.
"""

from collections.abc import Sequence

import streamlit as st

from cnn_dash.runs.activity import ActivitySnapshot
from cnn_dash.runs.query import count, fields_of
from cnn_dash.runs.records import Run
from cnn_dash.runs.run_field import RunField
from cnn_dash.ui.components import live_updates
from cnn_dash.ui.runs import view_state
from cnn_dash.ui.runs.columns import config, frame
from cnn_dash.ui.runs.queue_list import render_queue
from cnn_dash.ui.runs.search_bar import render_filter
from cnn_dash.ui.session import widget_keys
from cnn_dash.ui.session.resources import open_activity, open_store

ROW_PX, HEAD_PX, MOST_ROWS = 35, 38, 14
PAGE_SIZE = 100

# The runs of the table's rows, as the browser has them.
_ROWS = "runs_rows"


def render_list(total: int) -> None:
    """Show the queue and the table of runs.

    Args:
        total: How many runs there are; the list counts them anew each time it is drawn again by itself.
    """
    live_updates.follow(widget_keys.RUNS_LIST, progress=True)
    st.fragment(_list, key=widget_keys.RUNS_LIST)([total], _fates(open_activity().snapshot()))


def _list(handed: list[int], fates: frozenset[tuple[int, str]]) -> None:
    store, snapshot = open_store(), open_activity().snapshot()
    if not handed and _fates(snapshot) != fates:
        st.rerun()  # what is below the table, and whether there still is something to look for
    total = handed.pop() if handed else count(store)  # by itself: the page has counted for the first time only
    render_queue(snapshot)
    view = render_filter(fields_of(store))
    found = count(store, view.which)
    pages = max(1, -(-found // PAGE_SIZE))
    page = view_state.page_of(pages)
    shown = store.select(view.which, order=view.order, limit=PAGE_SIZE, offset=(page - 1) * PAGE_SIZE)
    _say_what_is_shown(shown, found, total, page)
    _table(shown, view.columns)
    if pages > 1:  # below: above its right corner a table shows a toolbar under the pointer
        st.pagination(pages, key=widget_keys.RUNS_PAGE, persist_state="session")
    view_state.write_url()


def _fates(snapshot: ActivitySnapshot) -> frozenset[tuple[int, str]]:
    """Return which runs wait, train, are paused and have just ended."""
    under_way = (*snapshot.running, *snapshot.waiting, *snapshot.paused)
    return frozenset(
        [*((run.id, run.status.value) for run in under_way), *((run.run_id, "") for run in snapshot.ended)]
    )


def _table(runs: Sequence[Run], columns: Sequence[RunField]) -> None:
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
        column_config=config(runs, columns),
    )


def _selection(rows: list[int]) -> dict[str, dict[str, list[int]]]:
    return {"selection": {"rows": rows, "columns": [], "cells": []}}


def _take_selection() -> None:
    """Note which runs are ticked; those that the search hides, or another page has, stay selected."""
    drawn: tuple[int, ...] = st.session_state[_ROWS]
    ticked = [drawn[row] for row in st.session_state[widget_keys.RUNS_TABLE]["selection"]["rows"] if row < len(drawn)]
    kept = [run_id for run_id in view_state.selected() if run_id in ticked or run_id not in drawn]
    view_state.select((*kept, *(run_id for run_id in ticked if run_id not in kept)))
    st.rerun()  # what is below the table shows the selected runs


def _say_what_is_shown(shown: Sequence[Run], found: int, total: int, page: int) -> None:
    hidden = len(set(view_state.selected()) - {run.id for run in shown})
    number = f"{found:,} of {total:,} runs" if found < total else f"{total:,} run{'s' if total > 1 else ''}"
    first = (page - 1) * PAGE_SIZE
    part = f", {first + 1:,} to {first + len(shown):,} here" if len(shown) < found else ""
    more = f" {hidden} selected {'is' if hidden == 1 else 'are'} not among them." if hidden else ""
    next_step = (
        "Select one to edit it, several to compare."
        if shown
        else "No runs match. Take something out of the search; its question mark says what can be asked."
    )
    st.caption(f"{number}{part}.{more} {next_step}")
