"""The settings on the Train page, in the session: put in all at once, read out all at once.

The widgets have no default values of their own. A configuration (from the URL, a preset, an undo) is written into the
session before they are drawn, and what they hold afterwards is checked like anything that comes from outside.
"""

import streamlit as st

from cnn_dash import presets
from cnn_dash.config import MAX_BLOCKS, MAX_DENSE, RunConfig
from cnn_dash.datasets.catalogue import names as dataset_names
from cnn_dash.errors import ConfigError
from cnn_dash.hyperparameters import flatten, override
from cnn_dash.ui.session import settings_url, sweep_state, widget_keys
from cnn_dash.ui.session.resources import open_store
from cnn_dash.ui.session.url_sync import is_external_change, last_written, remember

_LINK = "train_link"
_BEFORE = "train_before"
_PROBLEMS = "train_problems"


def read_url() -> list[str]:
    """Take over what the URL says, if that is news; returns what was wrong with it, until a setting is changed."""
    query = _query()
    if is_external_change(_LINK, _hashable(query)) or _PROBLEMS not in st.session_state:
        config, unused = settings_url.from_query(query, _datasets())
        several, more = sweep_state.from_query(query, config)
        st.session_state[_PROBLEMS] = unused + more
        put(config)
        sweep_state.put(several)
        remember(
            _LINK, _hashable(settings_url.to_query(config) | sweep_state.to_query(several)), arrived=_hashable(query)
        )
    problems: list[str] = st.session_state[_PROBLEMS]
    return problems


def linked() -> bool:
    """Return whether the URL says settings."""
    return bool(_query())


def written() -> RunConfig:
    """Return the settings that the URL says from now on, or would if the browser were faster."""
    query = last_written(_LINK)
    return settings_url.from_query(dict(query) if isinstance(query, frozenset) else {}, _datasets())[0]


def write_url(config: RunConfig) -> None:
    """Make the URL say what is set, and the several values of a sweep."""
    query = settings_url.to_query(config) | sweep_state.to_query(sweep_state.read(config))
    if last_written(_LINK) != _hashable(query):
        st.session_state[_PROBLEMS] = []
    remember(_LINK, _hashable(query))
    before = st.query_params.to_dict()
    wanted = {key: value for key, value in before.items() if not key.startswith(settings_url.PREFIX)} | query
    if before != wanted:
        st.query_params.from_dict(wanted)


def _datasets() -> list[str]:
    return dataset_names(open_store().settings.data_dir)


def _query() -> dict[str, str]:
    return {key: value for key, value in st.query_params.to_dict().items() if key.startswith(settings_url.PREFIX)}


def _hashable(query: dict[str, str]) -> frozenset[tuple[str, str]] | None:
    return frozenset(query.items()) or None


def put(config: RunConfig) -> None:
    """Set every widget, those of layers that are not shown yet included."""
    st.session_state[widget_keys.TRAIN_PRESET] = config.preset or settings_url.NO_PRESET
    st.session_state[widget_keys.TRAIN_BLOCKS] = len(config.model.blocks)
    st.session_state[widget_keys.TRAIN_DENSE] = len(config.model.dense)
    settings = flatten(settings_url.resized(config, MAX_BLOCKS, MAX_DENSE))
    for key, path in widget_keys.SETTINGS.items():
        st.session_state[key] = settings[path]


def read() -> RunConfig:
    """Return what the widgets say.

    Raises:
        ConfigError: If it cannot be used.
    """
    state = st.session_state
    shown = settings_url.resized(RunConfig(), state[widget_keys.TRAIN_BLOCKS], state[widget_keys.TRAIN_DENSE])
    values = {path: state[widget_keys.setting(path)] for path in flatten(shown) if path != "preset"}
    preset = state[widget_keys.TRAIN_PRESET]
    return override(shown, values | {"preset": None if preset == settings_url.NO_PRESET else preset})


def take_preset() -> None:
    """Replace the settings by those of the chosen preset, on the chosen data set; `undo` takes it back.

    No preset leaves them as they are.
    """
    before = written()
    name = st.session_state[widget_keys.TRAIN_PRESET]
    if name == settings_url.NO_PRESET:
        after = before.model_copy(update={"preset": None})
    else:
        after = presets.get(name).config(st.session_state[settings_url.DATASET])
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
    """Return whether there is something to go back to, and nothing has been changed since that would be lost."""
    try:
        return _BEFORE in st.session_state and bool(st.session_state[_BEFORE][1] == read())
    except ConfigError:
        return False


def set_all(suffix: str, value: bool | float) -> None:
    """Set one setting of every convolution block, e.g. `batch_norm`."""
    for block in range(MAX_BLOCKS):
        st.session_state[widget_keys.setting(f"model.blocks.{block}.{suffix}")] = value
