"""The settings on the Train page, in the session: put in all at once, read out all at once.

The widgets have no default values of their own. A configuration (from the URL, a preset, an undo) is written into the
session before they are drawn, and what they hold afterwards is checked like anything that comes from outside.
"""

import streamlit as st

from cnn_dash import presets
from cnn_dash.config import MAX_BLOCKS, MAX_DENSE, RunConfig
from cnn_dash.errors import ConfigError
from cnn_dash.hyperparameters import flatten, override
from cnn_dash.ui import keys, link, tried
from cnn_dash.ui.address import is_news, known, settle

_LINK = "train_link"
_BEFORE = "train_before"
_PROBLEMS = "train_problems"


def follow_link() -> list[str]:
    """Take over what the URL says, if that is news; returns what was wrong with it, until a setting is changed."""
    query = _query()
    if is_news(_LINK, _hashable(query)) or _PROBLEMS not in st.session_state:
        config, unused = link.from_query(query)
        several, more = tried.from_query(query, config)
        st.session_state[_PROBLEMS] = unused + more
        put(config)
        tried.put(several)
        settle(_LINK, _hashable(link.to_query(config) | tried.to_query(several)), arrived=_hashable(query))
    problems: list[str] = st.session_state[_PROBLEMS]
    return problems


def linked() -> bool:
    """Whether the URL says settings."""
    return bool(_query())


def written() -> RunConfig:
    """The settings that the URL says from now on, or would if the browser were faster."""
    query = known(_LINK)
    return link.from_query(dict(query) if isinstance(query, frozenset) else {})[0]


def write_link(config: RunConfig) -> None:
    """Make the URL say what is set, and what is tried."""
    query = link.to_query(config) | tried.to_query(tried.read(config))
    if known(_LINK) != _hashable(query):
        st.session_state[_PROBLEMS] = []
    settle(_LINK, _hashable(query))
    before = st.query_params.to_dict()
    wanted = {key: value for key, value in before.items() if not key.startswith(link.PREFIX)} | query
    if before != wanted:
        st.query_params.from_dict(wanted)


def _query() -> dict[str, str]:
    return {key: value for key, value in st.query_params.to_dict().items() if key.startswith(link.PREFIX)}


def _hashable(query: dict[str, str]) -> frozenset[tuple[str, str]] | None:
    return frozenset(query.items()) or None


def put(config: RunConfig) -> None:
    """Set every widget, those of layers that are not shown yet included."""
    st.session_state[keys.TRAIN_PRESET] = config.preset or link.NO_PRESET
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
    preset = state[keys.TRAIN_PRESET]
    return override(shown, values | {"preset": None if preset == link.NO_PRESET else preset})


def take_preset() -> None:
    """Replace the settings by those of the chosen preset, on the chosen data set; `undo` takes it back.

    No preset leaves them as they are.
    """
    before = written()
    name = st.session_state[keys.TRAIN_PRESET]
    if name == link.NO_PRESET:
        after = before.model_copy(update={"preset": None})
    else:
        after = presets.get(name).config(st.session_state[link.DATASET])
    put(after)
    st.session_state[_BEFORE] = (before, after)


def take(config: RunConfig) -> None:
    """Replace the settings by those of a run; `undo` takes it back."""
    before = written()
    put(config)
    st.session_state[_BEFORE] = (before, config)


def undo() -> None:
    """Go back to the settings before the last preset, reset or run that was taken over."""
    put(st.session_state.pop(_BEFORE)[0])


def can_undo() -> bool:
    """Whether there is something to go back to, and nothing has been changed since that would be lost."""
    try:
        return _BEFORE in st.session_state and bool(st.session_state[_BEFORE][1] == read())
    except ConfigError:
        return False


def set_all(suffix: str, value: bool | float) -> None:
    """Set one setting of every convolution block, e.g. `batch_norm`."""
    for block in range(MAX_BLOCKS):
        st.session_state[keys.setting(f"model.blocks.{block}.{suffix}")] = value
