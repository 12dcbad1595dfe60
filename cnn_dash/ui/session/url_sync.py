"""What the address of the page says, told apart from what it said some changes ago.

The browser sends its address along with every change of a widget, and learns of a new one only when a run of the page
ends. While a person changes things quickly, what it sends is therefore some changes behind, however long that takes,
and must not undo them. So an address that this session has written itself is no news, unless the person goes back to
it.
"""

from collections.abc import Hashable

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

# The last addresses that are remembered, of each topic; nobody is further behind.
REMEMBERED = 500

# The page on show, and the number of the visit to it.
_PAGE = "address_page"
_VISIT = "address_visit"


def arrive(page: str) -> None:
    """Say which page is on show; on another one than before, every address is news again."""
    if st.session_state.get(_PAGE) != page:
        st.session_state[_PAGE] = page
        st.session_state[_VISIT] = st.session_state.get(_VISIT, 0) + 1


def leave() -> None:
    """Say that a link is followed, be it to the same page: what it says is news."""
    st.session_state.pop(_PAGE, None)


def is_external_change(topic: str, value: Hashable) -> bool:
    """Return whether somebody else than this session has put `value` into the address, or the person went back to it.

    Args:
        topic: What the value is about; each topic is followed by itself.
        value: What the address says of it now; None if nothing.
    """
    if value is None or topic not in st.session_state:
        return value is not None
    late = is_remembered(topic) and value in st.session_state[topic][-1]
    return value != last_written(topic) and (not late or _went_back())


def last_written(topic: str) -> Hashable:
    """Return what this session has last written into the address, or None."""
    record: tuple[Hashable, ...] = st.session_state.get(topic, (None,))
    return record[0]


def is_remembered(topic: str) -> bool:
    """Return whether that was during this visit to the page."""
    return topic in st.session_state and st.session_state[topic][1] == st.session_state.get(_VISIT)


def remember(topic: str, value: Hashable, arrived: Hashable = None) -> None:
    """Remember what the address shall say from now on.

    Args:
        topic: What the value is about.
        value: What this session writes into the address; None if nothing.
        arrived: What the address said instead when it came, if anything.
    """
    visit = st.session_state.get(_VISIT)
    # On arrival, what the address says next is what is known, whatever it becomes now.
    kept = dict.fromkeys(st.session_state[topic][-1] if is_remembered(topic) else [last_written(topic)])
    for one in (arrived, value):
        if one is not None:
            kept.pop(one, None)  # it becomes the newest
            kept[one] = None
    kept.pop(None, None)
    st.session_state[topic] = (value, visit, tuple(kept)[-REMEMBERED:])


def _went_back() -> bool:
    """Return whether this run of the page was asked for by Back or Forward of the browser."""
    context = get_script_run_ctx(suppress_warning=True)
    return bool(getattr(context, "is_history_navigation", False))
