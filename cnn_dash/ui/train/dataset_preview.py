"""What a data set looks like: one image of each class, or the way to get it."""

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnn_dash.datasets import catalogue
from cnn_dash.datasets.catalogue import DownloadProgress
from cnn_dash.datasets.dataset import Dataset
from cnn_dash.errors import DataError
from cnn_dash.ui.components.thumbnails import Thumbnail, render_thumbnails
from cnn_dash.ui.session import widget_keys
from cnn_dash.ui.session.resources import dataset, open_store

SAMPLE_PX = 38


def render_dataset_preview(dataset_name: str) -> None:
    """Show ten sample images with their classes, or a button that downloads the set."""
    data_dir = open_store().settings.data_dir
    entry = catalogue.get(dataset_name, data_dir)
    learn, test = f"{entry.train_count:,} images to train with", f"{entry.test_count:,} to test"
    if not catalogue.is_local(dataset_name, data_dir):
        st.caption(f"{entry.description} {learn}, {test}.")
        _offer_download(dataset_name)
        return
    data = dataset(dataset_name)
    learn += f" ({_of_each(data.class_counts(data.train) + data.class_counts(data.validation))})"
    test += f" ({_of_each(data.class_counts(data.test))})"
    st.caption(f"{entry.description} {learn}, {test}.")
    _, first = np.unique(data.train.labels, return_index=True)  # a class may have no image here
    samples = (Thumbnail(data.train.images[i], f"Sample of {_name(data, i)}", (_name(data, i),)) for i in first[:10])
    render_thumbnails(samples, width_px=SAMPLE_PX, stretch=True)


def _of_each(counts: NDArray[np.int64]) -> str:
    """Say how many images each class has: `400 per class`, `5,421 to 6,742 per class`."""
    low, high = int(counts.min()), int(counts.max())
    return f"{low:,} per class" if low == high else f"{low:,} to {high:,} per class"


def _name(data: Dataset, index: int) -> str:
    return data.class_names[int(data.train.labels[index])]


def _offer_download(name: str) -> None:
    settings = open_store().settings
    entry = catalogue.get(name, settings.data_dir)
    st.caption(f"Not on this machine yet. It is downloaded once from {entry.download_url} ({entry.download_mb} MB).")
    if not st.button("Download it now", key=widget_keys.TRAIN_DOWNLOAD, icon=":material/download:"):
        return
    bar = st.progress(0.0, text="Connecting…")
    arrived: list[DownloadProgress] = []

    def show(progress: DownloadProgress) -> None:
        arrived.append(progress)
        share = progress.done_bytes / progress.total_bytes if progress.total_bytes else 0.0
        bar.progress(min(share, 1.0), text=str(progress))

    try:
        catalogue.load(name, settings.data_dir, progress=show, imported_dir=settings.imported_dir)
    except DataError:
        if not arrived:
            bar.empty()  # how far it got says something; that it has not begun, the error says
        raise
    st.rerun()
