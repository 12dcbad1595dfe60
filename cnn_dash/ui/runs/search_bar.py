"""What is above the table of runs: search, order, columns."""

from collections.abc import Sequence

import streamlit as st

from cnn_dash.errors import ConfigError
from cnn_dash.runs.fields import differing, in_order, names, run_field
from cnn_dash.runs.records import Run
from cnn_dash.runs.search import find
from cnn_dash.ui.components.messages import plain, render_error
from cnn_dash.ui.runs.columns import BASE
from cnn_dash.ui.runs.view_state import FALLING, RISING
from cnn_dash.ui.session import widget_keys

HELP = """Everything you write must hold.

- `wide kmnist` – words in name, tags, notes, data set or preset; `"two words"` as they stand; `#12` is run 12
- `learning_rate>=0.001` – any setting, with `=` `!=` `<` `<=` `>` `>=`
- `accuracy>98%`, `loss<0.05`, `seconds<60`, `epoch>10`, `created>2026-11-24` – results; accuracy and loss are those of
  the test
- `val_accuracy>98%`, `val_auc`, `train_loss`, … – of the last epoch, also while it trains; `best_val_accuracy` – of the
  best one
- `optimizer=adam,sgd` – one or the other; `tag=base*` – anything behind it
- `status=failed`, `favourite`, `filters=32` (in any block), `blocks.0.filters=32` (in the first)
"""

# The last search that could be understood; half a comparison must not empty the table while a person types.
_UNDERSTOOD = "runs_understood"
MAX_DIFFERING = 8


def render_filter(runs: Sequence[Run]) -> tuple[list[Run], list[str]]:
    """Let a person search, sort and choose columns; returns the runs to show, in order, and the columns to add."""
    left, right = st.columns([7, 10], vertical_alignment="bottom")
    with left:
        text = st.text_input(
            "Search",
            key=widget_keys.RUNS_SEARCH,
            type="search",
            live=True,
            icon=":material/search:",
            placeholder="accuracy>98% optimizer=adam",
            help=HELP,
            persist_state="session",
        )
    with right, st.container(horizontal=True, vertical_alignment="bottom"):
        by = _order()
        with st.popover("Columns", icon=":material/view_column:"):
            _columns(runs)
    try:
        shown = find(runs, text)
        st.session_state[_UNDERSTOOD] = text
    except ConfigError as error:
        render_error(error)
        before = st.session_state.get(_UNDERSTOOD, "")
        shown = find(runs, before)
        st.caption(f"The table still shows {f'what was found by: {plain(before)}' if before else 'all runs.'}")
    columns = list(st.session_state[widget_keys.RUNS_COLUMNS])
    if by not in BASE and by not in columns:  # what is sorted by is also shown
        columns.insert(0, by)
    return in_order(shown, run_field(by), descending=st.session_state[widget_keys.RUNS_DIRECTION] == FALLING), columns


def _order() -> str:
    known = list(names())
    if st.session_state[widget_keys.RUNS_SORT] not in known:  # the first block's filters, from a link
        known.append(st.session_state[widget_keys.RUNS_SORT])
    by: str = st.selectbox(
        "Sort by",
        known,
        key=widget_keys.RUNS_SORT,
        format_func=lambda name: run_field(name).label,
        help="Any setting or result. Runs that do not have it come last. A click on the head of a column sorts too, "
        "but is not in the address.",
        width=190,
        persist_state="session",
    )
    st.segmented_control(
        "Direction",
        [FALLING, RISING],
        key=widget_keys.RUNS_DIRECTION,
        format_func=lambda way: ":material/south: Falling" if way == FALLING else ":material/north: Rising",
        required=True,
        label_visibility="collapsed",
        persist_state="session",
    )
    return by


def _columns(runs: Sequence[Run]) -> None:
    known = [name for name in names() if name not in BASE]
    known += [name for name in st.session_state[widget_keys.RUNS_COLUMNS] if name not in known]
    st.multiselect(
        "More columns",
        known,
        key=widget_keys.RUNS_COLUMNS,
        format_func=lambda name: run_field(name).label,
        help="Settings and results to show beside the usual ones.",
        persist_state="session",
    )
    st.button(
        "The settings that differ",
        key=widget_keys.RUNS_DIFFERING,
        icon=":material/difference:",
        help=f"Columns for what is not the same in all runs that are shown, at most {MAX_DIFFERING}.",
        on_click=_show_differing,
        args=(runs,),
    )


def _show_differing(runs: Sequence[Run]) -> None:
    shown = find(runs, st.session_state.get(_UNDERSTOOD, ""))
    apart = [name for name in differing(shown) if name not in BASE and name != "seed"]
    st.session_state[widget_keys.RUNS_COLUMNS] = apart[:MAX_DIFFERING]
