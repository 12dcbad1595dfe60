"""What is above the table of runs: search, order, columns."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from cnn_dash.errors import ConfigError
from cnn_dash.runs.field_names import Fields
from cnn_dash.runs.query import differing, fields_of, sorted_by
from cnn_dash.runs.run_field import RunField
from cnn_dash.runs.search import condition
from cnn_dash.runs.stored import Condition, Order
from cnn_dash.ui.components.messages import plain, render_error
from cnn_dash.ui.runs.columns import BASE
from cnn_dash.ui.runs.view_state import ASCENDING, DESCENDING, first_page
from cnn_dash.ui.session import widget_keys
from cnn_dash.ui.session.resources import open_store

_HELP = """Everything you write must hold.

- `wide kmnist` – words in name, tags, notes, data set or preset; `"two words"` as they stand; `#12` is run 12
- `learning_rate>=0.001` – any setting or result, with `=` `!=` `<` `<=` `>` `>=`
- `accuracy>98%` is that of the test, `val_accuracy>98%` that of the last epoch, also while the run trains, and
  `best_val_accuracy` that of the best one; `loss=nan` finds what diverged
- `optimizer=adam,sgd` – one or the other; `tag=base*` – anything behind it; `created>2026-11-24`
- `status=failed`, `favourite`, `filters=32` (in any block), `blocks.0.filters=32` (in the first)
- `backbone=resnet*` – a param of another program; `params.accuracy=high` where a result has the same name

Results: {results}.
"""

# The widgets of the row are of one height, and the search has a row of its own where the window is narrow.
_STYLE = """<style>
.st-key-runs_direction button { min-height: 2.5rem; }
.st-key-runs_search { min-width: 13rem; }
</style>"""

# The last search that could be understood; half a comparison must not empty the table while a person types.
_UNDERSTOOD = "runs_understood"
MAX_DIFFERING = 8


@dataclass(frozen=True)
class Filter:
    """Which runs are shown, in which order, and with which columns beside the usual ones."""

    which: Condition
    order: Sequence[Order]
    columns: Sequence[RunField]


def render_filter(fields: Fields) -> Filter:
    """Let a person search, sort and choose columns."""
    st.html(_STYLE)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        text = st.text_input(
            "Search",
            key=widget_keys.RUNS_SEARCH,
            type="search",
            live=True,
            icon=":material/search:",
            placeholder="accuracy>98% optimizer=adam",
            help=_help(fields),
            on_change=first_page,
            persist_state="session",
        )
        by = _order(fields)
        with st.popover("Columns", icon=":material/view_column:"):
            _columns(fields)
    try:
        which = condition(text, fields)
        st.session_state[_UNDERSTOOD] = text
    except ConfigError as error:
        render_error(error)
        before = st.session_state.get(_UNDERSTOOD, "")
        which = condition(before, fields)
        st.caption(f"The table still shows {f'what was found by: {plain(before)}' if before else 'all runs.'}")
    columns = list(st.session_state[widget_keys.RUNS_COLUMNS])
    if by.name not in BASE and by.name not in columns:  # what is sorted by is also shown
        columns.insert(0, by.name)
    descending = st.session_state[widget_keys.RUNS_DIRECTION] == DESCENDING
    return Filter(which, sorted_by(by, descending=descending), [fields.field(name) for name in columns])


def _help(fields: Fields) -> str:
    """Return what can be asked, with the names of all results, which come from the registry."""
    results = (name for name in fields.results() if name not in ("run", "name", "tag", "notes", "favourite"))
    return _HELP.format(results=", ".join(f"`{name}`" for name in results))


def _order(fields: Fields) -> RunField:
    known = list(fields.names())
    if st.session_state[widget_keys.RUNS_SORT] not in known:  # the first block's filters, from a link
        known.append(st.session_state[widget_keys.RUNS_SORT])
    by: str = st.selectbox(
        "Sort by",
        known,
        key=widget_keys.RUNS_SORT,
        format_func=lambda name: fields.field(name).label,
        help="Any setting or result. Runs that do not have it come last. A click on the head of a column sorts the "
        "page on show, and is not in the address.",
        width=190,
        on_change=first_page,
        persist_state="session",
    )
    st.segmented_control(
        "Direction",
        [DESCENDING, ASCENDING],
        key=widget_keys.RUNS_DIRECTION,
        format_func=lambda way: ":material/south: Descending" if way == DESCENDING else ":material/north: Ascending",
        required=True,
        label_visibility="collapsed",
        on_change=first_page,
        persist_state="session",
    )
    return fields.field(by)


def _columns(fields: Fields) -> None:
    known = [name for name in fields.names() if name not in BASE]
    known += [name for name in st.session_state[widget_keys.RUNS_COLUMNS] if name not in known]
    st.multiselect(
        "More columns",
        known,
        key=widget_keys.RUNS_COLUMNS,
        format_func=lambda name: fields.field(name).label,
        help="Settings and results to show beside the usual ones.",
        persist_state="session",
    )
    st.button(
        "The settings that differ",
        key=widget_keys.RUNS_DIFFERING,
        icon=":material/difference:",
        help=f"Columns for what is not the same in all runs that were found, at most {MAX_DIFFERING}.",
        on_click=_show_differing,
    )


def _show_differing() -> None:
    store = open_store()
    fields = fields_of(store)
    which = condition(st.session_state.get(_UNDERSTOOD, ""), fields)
    apart = [name for name in differing(store, which, fields) if name not in BASE and name != "seed"]
    st.session_state[widget_keys.RUNS_COLUMNS] = apart[:MAX_DIFFERING]
