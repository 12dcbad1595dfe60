"""Finds the reader for what a person brings, by its content; names count only within a folder or an archive."""

import gzip
import zlib
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from cnn_dash.datasets.readers.csv_pixels import csv_reader, is_csv
from cnn_dash.datasets.readers.disk_folders import DiskFolders
from cnn_dash.datasets.readers.example import Reader
from cnn_dash.datasets.readers.folders import SUFFIXES
from cnn_dash.datasets.readers.idx_files import idx_reader, is_idx
from cnn_dash.datasets.readers.limits import refused
from cnn_dash.datasets.readers.npz_arrays import npz_reader
from cnn_dash.datasets.readers.parquet_files import is_parquet, parquet_reader
from cnn_dash.datasets.readers.store import Store
from cnn_dash.datasets.readers.tar_folders import TarFolders
from cnn_dash.datasets.readers.zip_folders import ZipFolders
from cnn_dash.errors import DataNotFound
from cnn_dash.inference.signatures import PDF, PICTURES, kind_of

ALLOWED = (
    "a ZIP or tar.gz archive, or a folder, of class folders; .npz with x_train, y_train, …; the four IDX files; a CSV "
    "of pixels; Parquet with pictures"
)
_NEXT = "Pack one folder of pictures for each class into a ZIP archive."
_HEAD = 1_024
_OTHERS = {
    b"\x93NUMPY": "a single NumPy array, without labels",
    b"\x80\x02": "a Python pickle, which could run any program",
    b"\x80\x03": "a Python pickle, which could run any program",
    b"\x80\x04": "a Python pickle, which could run any program",
    b"\x80\x05": "a Python pickle, which could run any program",
    b"\x89HDF\r\n\x1a\n": "an HDF5 file",
    b"7z\xbc\xaf\x27\x1c": "a 7z archive",
    b"Rar!\x1a\x07": "a RAR archive",
    b"BZh": "a bzip2 file",
    b"\xfd7zXZ\x00": "an xz file",
    b"\x28\xb5\x2f\xfd": "a Zstandard file",
    b"MATLAB 5.0": "a MATLAB file",
    b"SQLite format 3\x00": "an SQLite database",
}


def open_reader(path: Path, name: str = "") -> Reader:
    """Return the reader for a file or folder.

    Args:
        path: Where it is.
        name: What it was called where it comes from; empty for the name it has here.

    Raises:
        DataNotFound: If there is nothing.
        DataError: If it is of no kind that can be read, or damaged.
    """
    name = PurePosixPath((name or path.name).replace("\\", "/")).name or "the folder"
    if path.is_dir():
        store = Store(path, name)
        return _by_names(store, lambda: DiskFolders(store))
    if not path.is_file():
        raise DataNotFound(f"There is no {path}. Received: no file or folder. Allowed: {ALLOWED}. Correct the path.")
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError as error:
        raise refused(name, f"a file that cannot be read: {error.strerror}", ALLOWED, "See its permissions.") from error
    if head[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return _zip(path, name)
    if head[:2] == b"\x1f\x8b":
        return _gzip(path, name)
    if head[257:262] == b"ustar":
        return TarFolders(path, name, packed=False)
    if head[:4] == b"PAR1":
        return parquet_reader(Store(path, name))
    return _table_or_nothing(path, name, head)


def _zip(path: Path, name: str) -> Reader:
    store = Store(path, name)
    if store.paths and all(one.endswith(".npy") for one in store.paths):
        return npz_reader(path, name)
    return _by_names(store, lambda: ZipFolders(path, name, store.members))


def _by_names(store: Store, folders: Callable[[], Reader]) -> Reader:
    """Return the reader for files by their names; `folders` returns the one for pictures."""
    pictures = any(PurePosixPath(one).suffix.lower() in SUFFIXES - {""} for one in store.paths)
    if any(map(is_idx, store.paths)):
        return idx_reader(store)
    if not pictures and any(map(is_parquet, store.paths)):
        return parquet_reader(store)
    if not pictures and any(map(is_csv, store.paths)):
        return csv_reader(store)
    return folders()


def _gzip(path: Path, name: str) -> Reader:
    try:
        with gzip.open(path) as file:
            head = file.read(_HEAD)
    except (OSError, EOFError, zlib.error) as error:
        said = str(error) or type(error).__name__
        raise refused(name, f"a damaged or cut gzip file ({said})", ALLOWED, "Download or pack it again.") from error
    if head[257:262] == b"ustar":
        return TarFolders(path, name, packed=True)
    return _table_or_nothing(path, name, head)


def _table_or_nothing(path: Path, name: str, head: bytes) -> Reader:
    kind = next((kind for start, kind in _OTHERS.items() if head.startswith(start)), None)
    if head[:2] == b"\0\0" and head[2:3] in b"\x08\x09\x0b\x0c\x0d\x0e" and head[2:3]:
        kind = "one IDX file, without those that belong to it"
    if kind is None:
        kind = kind_of(head) if head else "an empty file"
    if kind in PICTURES or kind == PDF:
        kind += ", a single one, which tells no class"
    if kind == "text" or (b"," in head and b"\0" not in head and not head.lstrip().startswith((b"<", b"{", b"%"))):
        return csv_reader(Store(path, name))
    raise refused(name, kind, ALLOWED, _NEXT)
