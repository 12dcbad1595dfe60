"""What the Runs page shows: search, order, columns, page and selected runs, in the session and in the URL.

`/runs?search=kmnist&sort=-accuracy&columns=learning_rate&selected=3,5,9` shows somebody else the same. What comes in by
the URL is checked like anything from outside; what does not pass is left out, and said.
"""

from collections.abc import Iterable

import streamlit as st

from cnn_dash.errors import ConfigError
from cnn_dash.parsing import whole_number
from cnn_dash.runs.field_names import Fields
from cnn_dash.runs.query import existing
from cnn_dash.runs.store import RunStore
from cnn_dash.ui.runs.columns import BASE
from cnn_dash.ui.session import widget_keys
from cnn_dash.ui.session.url_sync import is_external_change, remember

NEWEST_FIRST = "-run"
# What old sessions and tests know the directions by; the page says "Descending" and "Ascending".
DESCENDING, ASCENDING = "falling", "rising"
MAX_SELECTED = 1000

_LINK = "runs_link"
_SELECTED = "runs_selected"
_PROBLEMS = "runs_problems"
_NAMES = ("search", "sort", "columns", "page", "selected")


def read_url(store: RunStore, fields: Fields) -> list[str]:
    """Take over what the URL says, if that is news; return what was wrong with it, until the view is changed.

    Args:
        store: Only runs that are in it can be selected.
        fields: By which its runs may be sorted, and which may be columns.
    """
    query = {name: st.query_params[name] for name in _NAMES if name in st.query_params}
    if is_external_change(_LINK, _hashable(query)) or _SELECTED not in st.session_state:
        st.session_state[_PROBLEMS] = _put(query, store, fields)
        remember(_LINK, _hashable(_query()), arrived=_hashable(query))
    here = existing(store, selected())
    select(run_id for run_id in selected() if run_id in here)
    problems: list[str] = st.session_state[_PROBLEMS]
    return problems


def write_url() -> None:
    """Make the URL say what is shown."""
    query = _query()
    if st.session_state[_LINK][0] != _hashable(query):
        remember(_LINK, _hashable(query))
        st.session_state[_PROBLEMS] = []
    for name in _NAMES:  # one by one: others in the address belong to widgets that are bound to it
        if name not in query:
            st.query_params.pop(name, None)
        elif st.query_params.get(name) != query[name]:
            st.query_params[name] = query[name]


def selected() -> tuple[int, ...]:
    """Return the numbers of the selected runs, in the order in which they were selected."""
    ids: tuple[int, ...] = st.session_state[_SELECTED]
    return ids


def select(run_ids: Iterable[int]) -> None:
    """Select these runs and no others."""
    st.session_state[_SELECTED] = tuple(run_ids)


def first_page() -> None:
    """Go back to the first page, as after a change of search or order."""
    st.session_state[widget_keys.RUNS_PAGE] = 1


def page_of(pages: int) -> int:
    """Return the number of the page on show, of so many."""
    asked: int = st.session_state.get(widget_keys.RUNS_PAGE, 1)
    page = min(max(1, asked), pages)
    if page != asked:
        st.session_state[widget_keys.RUNS_PAGE] = page
    return page


def _put(query: dict[str, str], store: RunStore, fields: Fields) -> list[str]:
    problems: list[str] = []
    state = st.session_state
    state[widget_keys.RUNS_SEARCH] = query.get("search", "")  # the widget says what is wrong with it
    sort = query.get("sort", NEWEST_FIRST)
    if not _exist([sort.removeprefix("-")], fields, problems):
        sort = NEWEST_FIRST
    state[widget_keys.RUNS_SORT] = fields.field(sort.removeprefix("-")).name
    state[widget_keys.RUNS_DIRECTION] = DESCENDING if sort.startswith("-") else ASCENDING
    columns = _exist([name for name in query.get("columns", "").split(",") if name], fields, problems)
    more = dict.fromkeys(fields.field(name).name for name in columns)
    state[widget_keys.RUNS_COLUMNS] = [name for name in more if name not in BASE]
    state[widget_keys.RUNS_PAGE] = _page(query.get("page"), problems)
    select(_numbers(query.get("selected", ""), store, problems))
    return problems


def _exist(names: list[str], fields: Fields, problems: list[str]) -> list[str]:
    found = []
    for name in names:
        try:
            fields.field(name)
            found.append(name)
        except ConfigError as error:
            problems.append(str(error))
    return found


def _page(text: str | None, problems: list[str]) -> int:
    page = 1 if text is None else whole_number(text)
    if not page:
        problems.append(
            f"There is no such page. Received: {(text or '')[:20]!r} in the address. Allowed: a number from 1. This is "
            "the first page."
        )
        return 1
    return page


def _numbers(text: str, store: RunStore, problems: list[str]) -> list[int]:
    parts = [part for part in text.split(",") if part]
    if len(parts) > MAX_SELECTED:
        problems.append(f"At most {MAX_SELECTED:,} runs can be selected. Received: {len(parts):,} in the address.")
    asked = {part: whole_number(part) for part in dict.fromkeys(parts[:MAX_SELECTED])}
    here = existing(store, [run_id for run_id in asked.values() if run_id is not None])
    found: list[int] = []
    for part, run_id in asked.items():
        if run_id is not None and run_id in here:
            found.append(run_id)
        else:
            problems.append(
                f"There is no such run to select. Received: {part[:20]!r} in the address. Allowed: numbers of runs "
                "that are in the table below, with commas between them. It is left out; it may be in the trash."
            )
    return found


def _query() -> dict[str, str]:
    """Return the parameters of the URL; what is as usual is left out."""
    state = st.session_state
    query = {
        "search": state[widget_keys.RUNS_SEARCH].strip(),
        "sort": f"{'-' if state[widget_keys.RUNS_DIRECTION] == DESCENDING else ''}{state[widget_keys.RUNS_SORT]}",
        "columns": ",".join(state[widget_keys.RUNS_COLUMNS]),
        "page": str(state.get(widget_keys.RUNS_PAGE, 1)),
        "selected": ",".join(map(str, selected())),
    }
    if query["sort"] == NEWEST_FIRST:
        del query["sort"]
    if query["page"] == "1":
        del query["page"]
    return {name: value for name, value in query.items() if value}


def _hashable(query: dict[str, str]) -> frozenset[tuple[str, str]] | None:
    return frozenset(query.items()) or None
