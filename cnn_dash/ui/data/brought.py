"""What a person has brought, as a file on the disk: uploads are in memory, and readers need a path."""

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

_KEPT = "data_brought"


@dataclass(eq=False)
class Brought:
    """A file that may become a data set.

    Attributes:
        key: Tells it from another one.
        name: What the person calls it.
        path: Where it is now.
        folder: The temporary folder it is in, which goes with this object.
    """

    key: str
    name: str
    path: Path
    folder: "tempfile.TemporaryDirectory[str]" = field(repr=False)


def of_upload(file: UploadedFile) -> Brought:
    """Return an upload as a file; it is written once."""

    def write(path: Path) -> None:
        file.seek(0)
        with path.open("wb") as made:
            shutil.copyfileobj(file, made, 1 << 20)

    return _kept(file.file_id, file.name, write)


def of_writer(key: str, name: str, write: Callable[[Path], None]) -> Brought:
    """Return what a function writes as a file; it is written once for each key."""
    return _kept(key, name, write)


def _kept(key: str, name: str, write: Callable[[Path], None]) -> Brought:
    kept: Brought | None = st.session_state.get(_KEPT)
    if kept is None or kept.key != key:
        folder = tempfile.TemporaryDirectory(prefix="cnn-dash-upload-", ignore_cleanup_errors=True)
        kept = Brought(key, name, Path(folder.name) / "brought", folder)
        write(kept.path)
        st.session_state[_KEPT] = kept
    return kept
