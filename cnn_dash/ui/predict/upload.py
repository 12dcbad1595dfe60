"""Takes uploaded pictures, several at once."""

from collections.abc import Callable, Sequence

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from cnn_dash.inference.pictures import open_first_page
from cnn_dash.runs.records import Run
from cnn_dash.ui.components.messages import render_error
from cnn_dash.ui.predict.answer import render_answer, render_pages
from cnn_dash.ui.predict.cards import render_overview
from cnn_dash.ui.predict.digests import digest_of
from cnn_dash.ui.predict.many import read_all
from cnn_dash.ui.predict.network import loaded_networks
from cnn_dash.ui.predict.opinions import Opinions
from cnn_dash.ui.session import widget_keys

TYPES = ("png", "jpg", "jpeg", "webp", "gif", "bmp", "tif", "tiff", "heic", "heif", "avif", "pdf")
MAX_FILES = 500


def render_uploader(on_change: Callable[[], None]) -> Sequence[UploadedFile]:
    """Let a person upload pictures; return those that are there, and call `on_change` when others come."""
    files = st.file_uploader(
        "Pictures",
        type=list(TYPES),
        accept_multiple_files=True,
        key=widget_keys.PREDICT_UPLOAD,
        on_change=on_change,
        help="Scans, screenshots or photos of pen on paper, dark on light or light on dark, up to 20 MB each: one "
        f"character, or several such as a number. Up to {MAX_FILES} at once. Of a TIFF or PDF, the first page is read.",
    )
    st.caption(
        "PNG, JPEG, HEIC, WebP, AVIF, GIF, BMP, TIFF or PDF. Drop several, or a folder, anywhere on the page, or paste "
        "one. They stay on this machine."
    )
    return files


def render_uploads(runs: Sequence[Run], files: Sequence[UploadedFile]) -> list[Opinions]:
    """Draw the answer for one picture, or the overview of several; return the answers for which cards are to be drawn.

    Raises:
        PictureError: If there is one picture, and it cannot be read.
        StoreError: If none of the networks can be opened.
    """
    if not files:
        st.caption("Nothing uploaded yet. The predictions come here, one for each picture.")
        return []
    if len(files) == 1:
        (file,) = files
        picture, pages = open_first_page(file.getvalue(), file.name)
        render_pages(pages)
        render_answer(runs, picture, digest_of(file), "upload")
        return []
    if len(files) > MAX_FILES:
        st.warning(
            f"Only the first {MAX_FILES} pictures are read. Received: {len(files):,}. Remove some, or read a whole "
            "folder on the command line: `python -m cnn_dash predict`."
        )
    networks, broken = loaded_networks(runs)
    if not networks:
        raise broken[runs[0].id]
    for run_id, error in broken.items():
        render_error(f"The network of run {run_id} cannot be loaded. {error}")
    opinions = read_all([run for run in runs if run.id in networks], networks, files[:MAX_FILES])
    render_overview(opinions)
    return opinions
