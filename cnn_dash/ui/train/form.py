"""The settings of the Train page: network, training, augmentation."""

import streamlit as st

from cnn_dash.config import MAX_BLOCKS, MAX_DENSE, RunConfig
from cnn_dash.hyperparameters import field
from cnn_dash.ui.session import settings_state, widget_keys
from cnn_dash.ui.train.setting_widgets import format_value, render_setting

_ROW = ("filters", "kernel_size", "padding", "activation", "pooling")
_MORE = ("stride", "pool_size", "dropout", "batch_norm")
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
        st.caption("Every training picture is changed a little, anew in each epoch. Test pictures never are.")
        for name in ("shift", "rotation", "zoom"):
            render_setting(f"train.augmentation.{name}")
    return settings_state.read()


def _network() -> None:
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
            with st.grid(3, min_column_width=_COLUMN_PX, gap="small"):
                for name in ("units", "activation", "dropout"):
                    render_setting(f"model.dense.{index}.{name}", compact=True)


def _block(index: int) -> None:
    path = f"model.blocks.{index}"
    with st.container(key=f"train_block{index + 1}", gap="xsmall"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.markdown(f"**Block {index + 1}**", width="content")
            with st.popover("More", icon=":material/tune:", type="tertiary"):
                for name in _MORE:
                    render_setting(f"{path}.{name}")
        with st.grid(len(_ROW), min_column_width=_COLUMN_PX, gap="small"):
            for name in _ROW:
                render_setting(f"{path}.{name}", compact=True)


def _everywhere(count: int) -> None:
    """Two switches for all blocks at once."""
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
                "Plan it in one go",
                key=widget_keys.TRAIN_STAGES_CLEAR,
                icon=":material/close:",
                type="tertiary",
                on_click=values.update,
                args=({key: ""},),
            )
    left, right = st.columns(2, gap="medium")
    with left:
        render_setting("train.epochs")
        render_setting("train.learning_rate")
        render_setting("train.batch_size")
        render_setting("train.validation_fraction")
        render_setting("train.label_smoothing")
        render_setting("train.seed")
    with right:
        render_setting("train.optimizer")
        optimizer = values[widget_keys.setting("train.optimizer")]
        if optimizer == "sgd":
            render_setting("train.momentum")
        if optimizer == "adamw":
            render_setting("train.weight_decay")
        render_setting("train.schedule")
        schedule = values[widget_keys.setting("train.schedule")]
        if schedule != "one_cycle":
            render_setting("train.warmup_epochs")
        if schedule == "step":
            render_setting("train.step_every")
        if schedule == "reduce_on_plateau":
            render_setting("train.plateau_patience")
        if schedule in ("step", "reduce_on_plateau"):
            render_setting("train.step_factor")
        render_setting("train.keep_best")
        render_setting("train.early_stopping")
        stops = values[widget_keys.setting("train.early_stopping")]
        if stops or values[widget_keys.setting("train.keep_best")]:
            render_setting("train.monitor")
        if stops:
            render_setting("train.patience")
