"""Live updates of every page: parts of it are drawn again when something else is under way, and only then.

An unseen component asks `/api/activity`. No part polls by itself (`run_every`): while nothing trains nothing is drawn
again, and yet a run that somebody else starts shows up.
"""

import streamlit as st

from cnn_dash.ui.components.downloads import api_url
from cnn_dash.ui.components.shared import component
from cnn_dash.ui.session import widget_keys
from cnn_dash.ui.session.resources import open_activity

_component = component("live_updates", '<span class="live-updates" hidden></span>\n')

_FOLLOWERS = "live_updates_followers"
_STATES = "live_updates_states"


def follow(fragment: str, *, progress: bool = False) -> None:
    """Draw a fragment of this page again when a run begins, is asked something, is renamed, paused or ends.

    Args:
        fragment: Its key.
        progress: Also when a run has only come further, on a page that `start_live_updates` was told so of.
    """
    st.session_state[_FOLLOWERS][fragment] = progress


def start_live_updates(*, progress: bool) -> None:
    """Begin the live updates of the page, before any part follows them.

    Args:
        progress: Whether the parts of this page are to be drawn again when a run has only come further. Where only
            `progress_line` says it, the browser does it all by itself.
    """
    activity = open_activity()
    activity.forget()  # a run of the whole page shows what is, and not what was a second ago
    snapshot = activity.snapshot()
    st.session_state[_FOLLOWERS] = {}
    st.session_state[_STATES] = snapshot.states
    _updates(snapshot.version, snapshot.states, progress)


@st.fragment  # of its own: news of the whole page would break off a run of the page that is under way
def _updates(version: str, states: str, progress: bool) -> None:
    _component(
        key=widget_keys.LIVE_UPDATES,
        data={"api": api_url(), "version": version, "states": states, "progress": progress},
        on_news_change=_draw_again,
        height="content",
    )


def _draw_again() -> None:
    snapshot = open_activity().snapshot()
    changed = snapshot.states != st.session_state[_STATES]
    st.session_state[_STATES] = snapshot.states
    parts = [part for part, progress in st.session_state[_FOLLOWERS].items() if progress or changed]
    if parts:  # none if the page was drawn while the news was on its way
        st.rerun(parts)
