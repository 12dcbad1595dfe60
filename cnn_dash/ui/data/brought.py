"""What a person has brought, until it is imported: kept as a file in the data folder, as an upload is in memory."""

import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import BinaryIO, cast

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from cnn_dash.datasets.labelled_pictures import LabelledPictures
from cnn_dash.datasets.own.background import forget, import_status, receive
from cnn_dash.errors import DataNotFound
from cnn_dash.ui.session.resources import open_store

_KEPT = "data_brought"


@dataclass(frozen=True, eq=False)
class Brought:
    """A file that may become a data set.

    Attributes:
        key: Tells it from another one.
        name: What the person calls it.
        open: Opens it to be read.
    """

    key: str
    name: str
    open: Callable[[], AbstractContextManager[BinaryIO]]


def of_upload(file: UploadedFile) -> Brought:
    """Return an upload."""

    def opened() -> AbstractContextManager[BinaryIO]:
        file.seek(0)
        return nullcontext(file)  # it is Streamlit's, and stays open

    return Brought(file.file_id, file.name, opened)


def of_pictures(pictures: LabelledPictures) -> Brought:
    """Return pictures labelled by hand, as the archive that they become when it is opened."""

    def opened() -> AbstractContextManager[BinaryIO]:
        file = tempfile.TemporaryFile()  # noqa: SIM115 - whoever opens it closes it
        pictures.write_zip(file)
        file.seek(0)
        return cast(BinaryIO, file)

    state = tuple((name, len(files), files[-1].name) for name, files in pictures.classes.items())
    return Brought(f"by hand {hash(state)}", "my pictures", opened)


def job_of(brought: Brought) -> str:
    """Return the id of the import that a file waits for; it is written into the data folder once.

    Raises:
        DataError: If it is too large, or there is no room.
    """
    data_dir = open_store().settings.data_dir
    key, job = st.session_state.get(_KEPT, ("", ""))
    if key == brought.key:
        try:
            if import_status(job, data_dir).state == "uploaded":
                return str(job)
        except DataNotFound:  # it was not imported for an hour
            pass
    elif key:
        drop(job)
    with brought.open() as file:
        job = receive(file, data_dir)
    st.session_state[_KEPT] = (brought.key, job)
    return job


def drop(job: str) -> None:
    """Delete a file that was replaced by another before it was imported."""
    data_dir = open_store().settings.data_dir
    try:
        if import_status(job, data_dir).state == "uploaded":
            forget(job, data_dir)
    except DataNotFound:
        pass
