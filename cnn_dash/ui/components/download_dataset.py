"""Offers to download a data set that is not on this machine."""

import streamlit as st

from cnn_dash.datasets import catalogue
from cnn_dash.datasets.catalogue import DownloadProgress
from cnn_dash.errors import DataError
from cnn_dash.ui.session.resources import open_store


def render_download(name: str, key: str) -> None:
    """Draw the button that downloads a data set, and how far that is.

    Args:
        name: Of the data set.
        key: Of the button on this page.

    Raises:
        DataError: If it cannot be had.
    """
    settings = open_store().settings
    entry = catalogue.get(name, settings.data_dir)
    st.caption(f"Not on this machine yet. It is downloaded once from {entry.download_url} ({entry.download_mb} MB).")
    if not st.button("Download it now", key=key, icon=":material/download:"):
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
