"""The settings on the Train page, in the session: put in all at once, read out all at once.

The widgets have no default values of their own. A configuration (from the URL, a preset, an undo) is written into the
session before they are drawn, and what they hold afterwards is checked like anything that comes from outside.
"""

import time

import streamlit as st

from cnn_dash import presets
from cnn_dash.config import MAX_BLOCKS, MAX_DENSE, RunConfig, flatten, override
from cnn_dash.errors import ConfigError
from cnn_dash.ui import keys, link

# What the URL said when it was last read or written; anything else there is news, unless it is only late.
_LINK = "train_link"
_WRITTEN = "train_links_written"
LATE_S = 5.0
_BEFORE = "train_before"
_PROBLEMS = "train_problems"


def follow_link() -> list[str]:
    """Take over what the URL says, if that is news; returns what was wrong with it, until a setting is changed."""
    query = {key: value for key, value in st.query_params.to_dict().items() if key.startswith(link.PREFIX)}
    if _is_news(query):
        config, st.session_state[_PROBLEMS] = link.from_query(query)
        put(config)
        st.session_state[_LINK] = link.to_query(config)
        st.session_state.setdefault(_WRITTEN, [])
    problems: list[str] = st.session_state[_PROBLEMS]
    return problems


def _is_news(query: dict[str, str]) -> bool:
    """Whether somebody else than `write_link` has put this into the URL.

    The browser sends the URL along with every change of a widget, and learns of a new one only when a run of the page
    ends. While a person changes settings quickly, its URL is therefore some changes behind, and must not undo them.
    """
    known = st.session_state.get(_LINK)
    if known is None:
        return True
    if not query or query == known:
        return False
    try:
        changed_here = link.to_query(read()) != known
    except ConfigError:
        changed_here = True
    since = time.monotonic() - LATE_S
    return not changed_here and not any(when > since and late == query for when, late in st.session_state[_WRITTEN])


def write_link(config: RunConfig) -> None:
    """Make the URL say what is set."""
    query = link.to_query(config)
    if st.session_state[_LINK] != query:
        st.session_state[_LINK] = query
        st.session_state[_PROBLEMS] = []
    before = st.query_params.to_dict()
    wanted = {key: value for key, value in before.items() if not key.startswith(link.PREFIX)} | query
    if before != wanted:
        now = time.monotonic()
        written = st.session_state.get(_WRITTEN, [])
        st.session_state[_WRITTEN] = [(when, old) for when, old in written if when > now - LATE_S] + [(now, query)]
        st.query_params.from_dict(wanted)


def put(config: RunConfig) -> None:
    """Set every widget, those of layers that are not shown yet included."""
    st.session_state[keys.TRAIN_PRESET] = config.preset or presets.DEFAULT_PRESET
    st.session_state[keys.TRAIN_BLOCKS] = len(config.model.blocks)
    st.session_state[keys.TRAIN_DENSE] = len(config.model.dense)
    settings = flatten(link.resized(config, MAX_BLOCKS, MAX_DENSE))
    for key, path in keys.SETTINGS.items():
        st.session_state[key] = settings[path]


def read() -> RunConfig:
    """What the widgets say.

    Raises:
        ConfigError: If it cannot be used.
    """
    state = st.session_state
    shown = link.resized(RunConfig(), state[keys.TRAIN_BLOCKS], state[keys.TRAIN_DENSE])
    values = {path: state[keys.setting(path)] for path in flatten(shown) if path != "preset"}
    return override(shown, values | {"preset": state[keys.TRAIN_PRESET]})


def take_preset() -> None:
    """Replace the settings by those of the chosen preset, on the chosen data set; `undo` takes it back."""
    st.session_state[_BEFORE] = link.from_query(st.session_state[_LINK])[0]
    put(presets.get(st.session_state[keys.TRAIN_PRESET]).config(st.session_state[link.DATASET]))


def undo() -> None:
    """Go back to the settings before the last preset or reset."""
    put(st.session_state.pop(_BEFORE))


def can_undo() -> bool:
    """Whether there is something to go back to."""
    return _BEFORE in st.session_state


def set_all(suffix: str, value: bool | float) -> None:
    """Set one setting of every convolution block, e.g. `batch_norm`."""
    for block in range(MAX_BLOCKS):
        st.session_state[keys.setting(f"model.blocks.{block}.{suffix}")] = value
