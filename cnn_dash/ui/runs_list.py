"""The upper part of the Runs page, which looks again by itself while a run is active: queue, search, table."""

from collections.abc import Sequence

import streamlit as st

from cnn_dash.runs.records import Run
from cnn_dash.runs.store import RunStore
from cnn_dash.ui import keys, runs_view
from cnn_dash.ui.resources import open_store
from cnn_dash.ui.runs_columns import config, frame
from cnn_dash.ui.runs_filter import render_filter
from cnn_dash.ui.runs_queue import render_queue

LOOK_EVERY_S = 2.0
ROW_PX, HEAD_PX, MOST_ROWS = 35, 38, 14

# The runs of the table's rows, as the browser has them.
_ROWS = "runs_rows"


def render_list(runs: Sequence[Run]) -> None:
    """Show the queue and the table of all runs.

    Args:
        runs: All runs as they are now; the list reads them anew each time it looks again.
    """
    active = any(run.status.active for run in runs)
    st.fragment(_list, run_every=LOOK_EVERY_S if active else None)([runs], _fates(runs))


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
    _table(shown, columns)
    _say_what_is_shown(len(shown), len(runs))
    runs_view.write_link()


def _fates(runs: Sequence[Run]) -> frozenset[tuple[int, str]]:
    return frozenset((run.id, run.status.value) for run in runs)


def _table(runs: Sequence[Run], columns: Sequence[str]) -> None:
    st.session_state[_ROWS] = drawn = tuple(run.id for run in runs)
    chosen = set(runs_view.selected())
    rows = [row for row, run_id in enumerate(drawn) if run_id in chosen]
    before = st.session_state.get(keys.RUNS_TABLE, {"selection": {"rows": []}})["selection"]["rows"]
    if set(before) != set(rows):  # they have moved, or came with the address
        st.session_state[keys.RUNS_TABLE] = {"selection": {"rows": rows, "columns": [], "cells": []}}
    st.dataframe(
        frame(runs, columns),
        key=keys.RUNS_TABLE,
        height=HEAD_PX + ROW_PX * max(1, min(len(runs), MOST_ROWS)),
        hide_index=True,
        placeholder="–",
        on_select=_take_selection,
        selection_mode="multi-row",
        alt="Runs, one in each row",
        column_config=config(columns),
    )


def _take_selection() -> None:
    """Note which runs are ticked; those that the search hides stay selected."""
    drawn: tuple[int, ...] = st.session_state[_ROWS]
    ticked = [drawn[row] for row in st.session_state[keys.RUNS_TABLE]["selection"]["rows"] if row < len(drawn)]
    kept = [run_id for run_id in runs_view.selected() if run_id in ticked or run_id not in drawn]
    runs_view.select((*kept, *(run_id for run_id in ticked if run_id not in kept)))
    st.rerun()  # what is below the table shows the selected runs


def _say_what_is_shown(shown: int, total: int) -> None:
    hidden = len(set(runs_view.selected()) - set(st.session_state[_ROWS]))
    found = f"{shown:,} of {total:,} runs." if shown < total else f"{total:,} run{'s' if total > 1 else ''}."
    more = f" {hidden} selected {'is' if hidden == 1 else 'are'} not among them." if hidden else ""
    st.caption(f"{found}{more} Tick one to rename, clone or delete it; tick several to compare them.")
