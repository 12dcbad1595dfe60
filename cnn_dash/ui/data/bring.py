"""Brings images of a person's own: a file, or pictures labelled by hand."""

import streamlit as st

from cnn_dash.ui.data.brought import Brought, of_upload
from cnn_dash.ui.data.by_hand import render_by_hand
from cnn_dash.ui.session import widget_keys

MOST_MB = 500
FILE, BY_HAND = "Upload a file", "Label pictures"
_TREE = """
flowers.zip
├── rose/    a.jpg  b.jpg …
├── tulip/   c.jpg  d.jpg …
└── daisy/   e.jpg  f.jpg …
"""


def render_bring() -> Brought | None:
    """Draw both ways to bring images; return the file of the open one, if there is one."""
    with st.container(border=True):
        st.subheader("Bring your own")
        upload, by_hand = st.tabs([FILE, BY_HAND], key=widget_keys.DATA_BRING, on_change="rerun")
        with upload:
            file = st.file_uploader(
                "A file with labelled images",
                key=widget_keys.DATA_UPLOAD,
                max_upload_size=MOST_MB,
                help="A ZIP archive or tar.gz with a folder of pictures for each class, with or without train, val and "
                "test; .npz with x_train, y_train …; IDX files as MNIST has them, in a ZIP archive; CSV with a label "
                "and pixels in each row; Parquet with images and labels. 2 to 1,000 classes. What is larger than "
                f"{MOST_MB} MB is imported on the command line: python -m cnn_dash datasets import.",
            )
            if file is None:
                st.caption(
                    "ZIP, tar.gz, npz, IDX, CSV or Parquet. The usual way is a ZIP archive with a folder for each "
                    "class; folders train, val and test around them are understood. It stays on this machine."
                )
                st.code(_TREE.strip(), language=None)
        with by_hand:
            labelled = render_by_hand() if by_hand.open else None
    if by_hand.open:
        return labelled
    return None if file is None else of_upload(file)
