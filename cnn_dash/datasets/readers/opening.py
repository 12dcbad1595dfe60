"""Finds the reader for what a person brings, by its content."""

from pathlib import Path

from cnn_dash.datasets.readers.example import Reader
from cnn_dash.datasets.readers.limits import refused
from cnn_dash.datasets.readers.zip_folders import ZipFolders
from cnn_dash.errors import DataNotFound

_KINDS = "a ZIP archive of class folders"


def open_reader(path: Path, name: str = "") -> Reader:
    """Return the reader for a file or folder.

    Args:
        path: Where it is.
        name: What it was called where it comes from; empty for the name it has here.

    Raises:
        DataNotFound: If there is nothing.
        DataError: If it is of no kind that can be read.
    """
    name = name or path.name
    if not path.exists():
        raise DataNotFound(f"There is no {path}. Received: a path without a file. Allowed: {_KINDS}. Correct the path.")
    with path.open("rb") as file:
        begins = file.read(512)
    if begins[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return ZipFolders(path, name)
    raise refused(name, "a file of an unknown kind", _KINDS, "Pack the folder of class folders into a ZIP archive.")
