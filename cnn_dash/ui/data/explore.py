"""Looks into a data set: parts of which only the open one is computed."""

import streamlit as st

from cnn_dash.datasets import catalogue
from cnn_dash.errors import CnnDashError
from cnn_dash.ui.components.download_dataset import render_download
from cnn_dash.ui.components.messages import render_error
from cnn_dash.ui.data.doubtful import render_doubtful
from cnn_dash.ui.data.duplicate_pairs import render_duplicates
from cnn_dash.ui.data.map_of_images import render_map
from cnn_dash.ui.data.means import render_means
from cnn_dash.ui.data.overview import render_overview
from cnn_dash.ui.data.samples import render_samples
from cnn_dash.ui.session import widget_keys
from cnn_dash.ui.session.resources import image_sizes, open_store, whole_dataset

PARTS = {
    "Overview": render_overview,
    "Images": render_samples,
    "Classes": render_means,
    "Map": render_map,
    "Duplicates": render_duplicates,
    "Quality": render_doubtful,
}


def render_explore(name: str) -> None:
    """Draw the parts of a data set, or the button that downloads it."""
    if not catalogue.is_local(name, open_store().settings.data_dir):
        try:
            render_download(name, widget_keys.DATA_DOWNLOAD)
        except CnnDashError as error:
            render_error(error)
        return
    _parts(name)


@st.fragment(key=widget_keys.DATA_PART_BODY)
def _parts(name: str) -> None:
    part = st.segmented_control(
        "Part",
        list(PARTS),
        default=next(iter(PARTS)),
        required=True,
        key=widget_keys.DATA_PART,
        label_visibility="collapsed",
        persist_state="session",
    )
    try:
        data = whole_dataset(name)
        PARTS[part](data, image_sizes(name, data.content_hash))
    except CnnDashError as error:
        render_error(error)
