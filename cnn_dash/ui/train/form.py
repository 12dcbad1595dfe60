"""The settings of the Train page: network, training, augmentation."""

from collections.abc import Iterable

import streamlit as st

from cnn_dash.config import MAX_BLOCKS, MAX_DENSE, Augmentation, RunConfig
from cnn_dash.hyperparameters import field, in_effect
from cnn_dash.ui.formatting import format_value
from cnn_dash.ui.session import settings_state, widget_keys
from cnn_dash.ui.train.pretrained_base import render_base
from cnn_dash.ui.train.setting_widgets import render_setting

_ROW = ("filters", "kernel_size", "padding", "activation", "pooling")
_MORE = ("stride", "pool_size", "dropout", "batch_norm")
_DENSE = ("units", "activation", "dropout")
_LEFT = ("epochs", "learning_rate", "batch_size", "validation_fraction", "label_smoothing", "balance_classes", "seed")
_RIGHT = (
    *("optimizer", "momentum", "weight_decay"),
    *("schedule", "warmup_epochs", "step_every", "plateau_patience", "step_factor"),
    *("keep_best", "early_stopping", "monitor", "patience"),
)
_COLUMN_PX = 82


def render_form() -> RunConfig:
    """Draw all settings and return what they say.

    Raises:
        ConfigError: If that cannot be used.
    """
    network, training, augmentation = st.tabs(["Network", "Training", "Augmentation"])
    with network:
        _network()
    with training:
        _training()
    with augmentation:
        st.caption(
            "Every training image is changed a little, anew in each epoch. Validation and test images never are."
            if st.session_state[widget_keys.setting("model.base")] == "none"
            else "None with a pretrained base: it looks at each training image once, as it is."
        )
        _settings("train.augmentation", Augmentation.model_fields)
    return settings_state.read()


def _network() -> None:
    if render_base() == "none":
        _blocks()
    dense = field("model.dense")
    st.select_slider(
        str(dense.title),
        options=range(MAX_DENSE + 1),
        key=widget_keys.TRAIN_DENSE,
        help=dense.description,
        persist_state="session",
    )
    for index in range(st.session_state[widget_keys.TRAIN_DENSE]):
        with st.container(key=f"train_dense{index + 1}", gap="xsmall"):
            st.markdown(f"**Dense layer {index + 1}**")
            with st.grid(len(_DENSE), min_column_width=_COLUMN_PX, gap="small"):
                _settings(f"model.dense.{index}", _DENSE, compact=True)


def _blocks() -> None:
    """Draw the convolution blocks, and the bridge behind them."""
    blocks = field("model.blocks")
    st.select_slider(
        str(blocks.title),
        options=range(1, MAX_BLOCKS + 1),
        key=widget_keys.TRAIN_BLOCKS,
        help=blocks.description,
        persist_state="session",
    )
    count = st.session_state[widget_keys.TRAIN_BLOCKS]
    for index in range(count):
        _block(index)
    _everywhere(count)
    render_setting("model.head")


def _block(index: int) -> None:
    path = f"model.blocks.{index}"
    with st.container(key=f"train_block{index + 1}", gap="xsmall"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.markdown(f"**Block {index + 1}**", width="content")
            with st.popover("More", icon=":material/tune:", type="tertiary"):
                _settings(path, _MORE)
        with st.grid(len(_ROW), min_column_width=_COLUMN_PX, gap="small"):
            _settings(path, _ROW, compact=True)


def _everywhere(count: int) -> None:
    """Draw two switches for all blocks at once."""
    values = st.session_state
    norms = [values[widget_keys.setting(f"model.blocks.{index}.batch_norm")] for index in range(count)]
    drops = [values[widget_keys.setting(f"model.blocks.{index}.dropout")] > 0 for index in range(count)]
    values[widget_keys.TRAIN_ALL_BATCH_NORM], values[widget_keys.TRAIN_ALL_DROPOUT] = all(norms), all(drops)
    with st.container(horizontal=True):
        st.toggle(
            "Batch normalization in all blocks",
            key=widget_keys.TRAIN_ALL_BATCH_NORM,
            help=field("model.blocks.0.batch_norm").description,
            on_change=lambda: settings_state.set_all("batch_norm", st.session_state[widget_keys.TRAIN_ALL_BATCH_NORM]),
        )
        st.toggle(
            "Dropout 25 % in all blocks",
            key=widget_keys.TRAIN_ALL_DROPOUT,
            help=field("model.blocks.0.dropout").description,
            on_change=lambda: settings_state.set_all(
                "dropout", 0.25 if st.session_state[widget_keys.TRAIN_ALL_DROPOUT] else 0.0
            ),
        )


def _training() -> None:
    values = st.session_state
    key = widget_keys.setting("train.stages")
    if values[key]:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(f"Trained longer: {format_value('train.stages', values[key])}.", width="content")
            st.button(
                "Train in one go",
                key=widget_keys.TRAIN_STAGES_CLEAR,
                icon=":material/close:",
                type="tertiary",
                on_click=values.update,
                args=({key: ""},),
            )
    left, right = st.columns(2, gap="medium")
    for column, names in ((left, _LEFT), (right, _RIGHT)):
        with column:
            _settings("train", names)


def _settings(part: str, names: Iterable[str], *, compact: bool = False) -> None:
    """Draw those settings of a part that have an effect with what is chosen."""
    values = {path: st.session_state[key] for key, path in widget_keys.SETTINGS.items()}
    for name in names:
        if in_effect(f"{part}.{name}", values):
            render_setting(f"{part}.{name}", compact=compact)
