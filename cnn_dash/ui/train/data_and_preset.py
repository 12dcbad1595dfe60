"""The upper part of the Train page: which data, which preset, what differs from it."""

import streamlit as st

from cnn_dash import presets
from cnn_dash.config import RunConfig
from cnn_dash.datasets import catalogue
from cnn_dash.errors import CnnDashError
from cnn_dash.hyperparameters import field
from cnn_dash.metrics import percent
from cnn_dash.ui.components.messages import render_error
from cnn_dash.ui.components.preset_changes import changes
from cnn_dash.ui.session import settings_state, settings_url, widget_keys
from cnn_dash.ui.session.resources import open_store
from cnn_dash.ui.train.dataset_preview import render_dataset_preview

SHOWN_CHANGES = 6


def render_data_and_preset() -> None:
    """Draw both choices, each with what it means. Nothing here changes its height with the settings below."""
    info = field("data.dataset")
    data_dir = open_store().settings.data_dir
    known = catalogue.sources(data_dir)
    if st.session_state.get(settings_url.DATASET) not in known:  # deleted meanwhile
        st.session_state[settings_url.DATASET] = info.default
    name = st.selectbox(
        str(info.title),
        list(known),
        key=settings_url.DATASET,
        format_func=lambda entry: known[entry].info.title,
        help=info.description,
        persist_state="session",
    )
    try:
        render_dataset_preview(name)
    except CnnDashError as error:
        render_error(error)
    chosen = st.selectbox(
        "Preset",
        [*presets.PRESETS, settings_url.NO_PRESET],
        key=widget_keys.TRAIN_PRESET,
        format_func=_preset_label,
        help="The network and recipe of an article. Choosing one replaces the settings below; undo brings them back.",
        on_change=settings_state.take_preset,
        persist_state="session",
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        if chosen == settings_url.NO_PRESET:
            st.caption("Not based on an article.")
            return
        preset = presets.get(chosen)
        article_data = catalogue.get(preset.reported_on)
        st.caption(f"From {preset.source}, on {article_data.title}. {preset.filled_in}")
        if name != article_data.name:
            st.button(
                f"Use {article_data.title} as the article does",
                key=widget_keys.TRAIN_ARTICLE_DATA,
                icon=":material/database:",
                type="tertiary",
                on_click=_use_dataset,
                args=(article_data.name,),
            )


def _preset_label(name: str) -> str:
    """Return a preset and what its article reports, which is what a person compares with."""
    if name == settings_url.NO_PRESET:
        return "None: own settings"
    preset = presets.get(name)
    accuracy, loss = preset.reported_accuracy, preset.reported_loss
    reported = "curves only" if accuracy is None else percent(accuracy)
    if loss is not None:
        reported += f", loss {loss:.5f}"
    return f"{preset.title} · article: {reported}"


def _use_dataset(name: str) -> None:
    st.session_state[settings_url.DATASET] = name


def render_changes(config: RunConfig) -> None:
    """Draw what differs from the preset, and the ways back."""
    changed = changes(config, before=True)
    undo = settings_state.can_undo()
    if not changed and not undo:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        if changed:
            more = f" and {len(changed) - SHOWN_CHANGES} more" if len(changed) > SHOWN_CHANGES else ""
            st.markdown(f":orange-badge[changed] {', '.join(changed[:SHOWN_CHANGES])}{more}", width="content")
            st.button(
                "Reset",
                key=widget_keys.TRAIN_RESET,
                icon=":material/restart_alt:",
                type="tertiary",
                on_click=settings_state.take_preset,
            )
        if undo:
            st.button(
                "Undo",
                key=widget_keys.TRAIN_UNDO,
                icon=":material/undo:",
                type="tertiary",
                on_click=settings_state.undo,
            )
