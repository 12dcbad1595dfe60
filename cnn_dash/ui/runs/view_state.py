"""What the Runs page shows: search, order, columns and selected runs, in the session and in the URL.

`/runs?search=kmnist&sort=-accuracy&columns=learning_rate&selected=3,5,9` shows somebody else the same. What comes in by
the URL is checked like anything from outside; what does not pass is left out, and said.
"""

from collections.abc import Collection, Iterable

import streamlit as st

from cnn_dash.errors import ConfigError
from cnn_dash.runs.fields import run_field
from cnn_dash.ui.runs.columns import BASE
from cnn_dash.ui.session import widget_keys
from cnn_dash.ui.session.url_sync import is_external_change, remember

NEWEST_FIRST = "-run"
FALLING, RISING = "falling", "rising"
MAX_SELECTED = 1000

_LINK = "runs_link"
_SELECTED = "runs_selected"
_PROBLEMS = "runs_problems"
_NAMES = ("search", "sort", "columns", "selected")


def read_url(known: Collection[int]) -> list[str]:
    """Take over what the URL says, if that is news; returns what was wrong with it, until the view is changed.

    Args:
        known: Numbers of the runs there are; others cannot be selected.
    """
    query = {name: st.query_params[name] for name in _NAMES if name in st.query_params}
    if is_external_change(_LINK, _hashable(query)) or _SELECTED not in st.session_state:
        st.session_state[_PROBLEMS] = _put(query, known)
        remember(_LINK, _hashable(_query()), arrived=_hashable(query))
    select(run_id for run_id in selected() if run_id in known)
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
    """Numbers of the selected runs, in the order in which they were selected."""
    ids: tuple[int, ...] = st.session_state[_SELECTED]
    return ids


def select(run_ids: Iterable[int]) -> None:
    """Select these runs and no others."""
    st.session_state[_SELECTED] = tuple(run_ids)


def _put(query: dict[str, str], known: Collection[int]) -> list[str]:
    problems: list[str] = []
    state = st.session_state
    state[widget_keys.RUNS_SEARCH] = query.get("search", "")  # the field says what is wrong with it
    sort = query.get("sort", NEWEST_FIRST)
    if not _exist([sort.removeprefix("-")], problems):
        sort = NEWEST_FIRST
    state[widget_keys.RUNS_SORT] = run_field(sort.removeprefix("-")).name
    state[widget_keys.RUNS_DIRECTION] = FALLING if sort.startswith("-") else RISING
    columns = _exist([name for name in query.get("columns", "").split(",") if name], problems)
    more = dict.fromkeys(run_field(name).name for name in columns)
    state[widget_keys.RUNS_COLUMNS] = [name for name in more if name not in BASE]
    select(_numbers(query.get("selected", ""), known, problems))
    return problems


def _exist(names: list[str], problems: list[str]) -> list[str]:
    found = []
    for name in names:
        try:
            run_field(name)
            found.append(name)
        except ConfigError as error:
            problems.append(str(error))
    return found


def _numbers(text: str, known: Collection[int], problems: list[str]) -> list[int]:
    found: list[int] = []
    parts = [part for part in text.split(",") if part]
    if len(parts) > MAX_SELECTED:
        problems.append(f"At most {MAX_SELECTED:,} runs can be selected. Received: {len(parts):,} in the address.")
    for part in dict.fromkeys(parts[:MAX_SELECTED]):
        if part.isascii() and part.isdigit() and len(part) < 11 and int(part) in known:
            found.append(int(part))
        else:
            problems.append(
                f"There is no such run to select. Received: {part[:20]!r} in the address. Allowed: numbers of runs "
                "that are in the table below, with commas between them. It is left out; it may be in the bin."
            )
    return found


def _query() -> dict[str, str]:
    """The parameters of the URL; what is as usual is left out."""
    state = st.session_state
    query = {
        "search": state[widget_keys.RUNS_SEARCH].strip(),
        "sort": f"{'-' if state[widget_keys.RUNS_DIRECTION] == FALLING else ''}{state[widget_keys.RUNS_SORT]}",
        "columns": ",".join(state[widget_keys.RUNS_COLUMNS]),
        "selected": ",".join(map(str, selected())),
    }
    if query["sort"] == NEWEST_FIRST:
        del query["sort"]
    return {name: value for name, value in query.items() if value}


def _hashable(query: dict[str, str]) -> frozenset[tuple[str, str]] | None:
    return frozenset(query.items()) or None
