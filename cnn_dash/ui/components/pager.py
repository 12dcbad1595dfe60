"""Turns the pages of a list."""

import streamlit as st


def render_pager(total: int, a_page: int, key: str) -> tuple[int, int]:
    """Draw the pager of a list and, beside it, what is open; return begin and end of that, from 0.

    Args:
        total: Number of entries, at least one.
        a_page: Number of entries on a page.
        key: Of the pager.
    """
    # Where there are fewer pages than before, it goes back to the first by itself.
    begin = (st.pagination(-(-total // a_page), key=key) - 1) * a_page
    end = min(begin + a_page, total)
    st.caption(f"{begin + 1:,} to {end:,} of {total:,}", width="content")
    return begin, end
