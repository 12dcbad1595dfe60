"""What a data set is, and the way to train on it."""

import streamlit as st

from cnn_dash.datasets import catalogue
from cnn_dash.datasets.info import DatasetInfo
from cnn_dash.ui.components.messages import plain
from cnn_dash.ui.data.own_set import render_download_links, render_origin, render_own_actions
from cnn_dash.ui.session import settings_url, widget_keys
from cnn_dash.ui.session.navigation import go
from cnn_dash.ui.session.resources import open_store


def render_about(name: str) -> None:
    """Draw what is known of a data set without reading it, and a button that leads to Train."""
    info = catalogue.get(name, open_store().settings.data_dir)
    st.markdown(plain(info.description))
    st.caption(" · ".join(filter(None, (_shape(info), plain(info.licence), _source(info)))))
    render_origin(name)
    if problem := catalogue.problem(name, open_store().settings.data_dir):
        st.warning(plain(problem), icon=":material/broken_image:")
    with st.container(horizontal=True):
        if st.button("Train on it", key=widget_keys.DATA_TRAIN, icon=":material/model_training:"):
            go("train", **{settings_url.DATASET: name})
        if catalogue.is_local(name, open_store().settings.data_dir):
            render_download_links(name)
        render_own_actions(name)


def _shape(info: DatasetInfo) -> str:
    height, width, channels = info.image_shape
    color = "colour" if channels == 3 else "grey"
    return f"{len(info.class_names):,} classes, {width} × {height} pixels, {color}"


def _source(info: DatasetInfo) -> str:
    return f"[source]({info.source})" if info.source.startswith(("http://", "https://")) else plain(info.source)
