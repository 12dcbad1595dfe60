"""The pulse of every page: parts of it are drawn again when something else is under way, and only then.

An unseen component asks `/api/activity`. No part polls by itself (`run_every`): while nothing trains nothing is drawn
again, and yet a run that somebody else starts shows up.
"""

from pathlib import Path

import streamlit as st

from cnn_dash.ui import keys
from cnn_dash.ui.component_parts import ALIVE
from cnn_dash.ui.exports import api_url
from cnn_dash.ui.resources import open_activity

_HERE = Path(__file__).parent

_beat = st.components.v2.component(
    "cnn_dash_beat",
    html='<span class="beat" hidden></span>\n',
    js=f"{ALIVE}\n{(_HERE / 'beat.js').read_text('utf-8')}",
)

_FOLLOWERS = "beat_followers"
_STATES = "beat_states"


def follow(fragment: str, *, progress: bool = False) -> None:
    """Draw a fragment of this page again when a run begins, is asked something, is renamed, rests or ends.

    Args:
        fragment: Its key.
        progress: Also when a run has only come further, on a page that `render_beat` was told so of.
    """
    st.session_state[_FOLLOWERS][fragment] = progress


def render_beat(*, progress: bool) -> None:
    """Begin the page's pulse, before any part follows it.

    Args:
        progress: Whether the parts of this page are to be drawn again when a run has only come further. Where only
            `how_far` says it, the browser does it all by itself.
    """
    activity = open_activity()
    activity.forget()  # a run of the whole page shows what is, and not what was a second ago
    look = activity.look()
    st.session_state[_FOLLOWERS] = {}
    st.session_state[_STATES] = look.states
    _pulse(look.version, look.states, progress)


@st.fragment  # of its own: news of the whole page would break off a run of the page that is under way
def _pulse(version: str, states: str, progress: bool) -> None:
    _beat(
        key=keys.BEAT,
        data={"api": api_url(), "version": version, "states": states, "progress": progress},
        on_news_change=_draw_again,
        height="content",
    )


def _draw_again() -> None:
    look = open_activity().look()
    changed = look.states != st.session_state[_STATES]
    st.session_state[_STATES] = look.states
    parts = [part for part, progress in st.session_state[_FOLLOWERS].items() if progress or changed]
    if parts:  # none if the page was drawn while the news was on its way
        st.rerun(parts)
