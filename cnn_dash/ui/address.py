"""What the address of the page says, told apart from what it said some changes ago.

The browser sends its address along with every change of a widget, and learns of a new one only when a run of the page
ends. While a person changes things quickly, what it sends is therefore some changes behind, and must not undo them. So
what was replaced a moment ago is no news.
"""

import math
import time
from collections.abc import Hashable

import streamlit as st

LATE_S = 5.0


def is_news(topic: str, value: Hashable) -> bool:
    """Whether somebody else than this session has put `value` into the address.

    Args:
        topic: What the value is about; each topic is followed by itself.
        value: What the address says of it now; None if nothing.
    """
    if topic not in st.session_state:
        return value is not None
    known, replaced = st.session_state[topic]
    return value is not None and value != known and time.monotonic() - replaced.get(value, -math.inf) > LATE_S


def settle(topic: str, value: Hashable, arrived: Hashable = None) -> None:
    """Remember what the address shall say from now on.

    Args:
        topic: What the value is about.
        value: What this session writes into the address.
        arrived: What the address said instead when it came, if anything.
    """
    now = time.monotonic()
    known, replaced = st.session_state.get(topic, (None, {}))
    late = {old: when for old, when in replaced.items() if now - when < LATE_S}
    late |= {old: now for old in (known, arrived) if old is not None}
    late.pop(value, None)
    st.session_state[topic] = (value, late)
