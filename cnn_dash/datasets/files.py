"""Where the files of a published data set may lie on this machine, and how they are read."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cnn_dash.datasets import idx, npz
from cnn_dash.datasets.entries import DataFile, DatasetInfo
from cnn_dash.errors import DataError, DataNotFound


def find(entry: DatasetInfo, part: DataFile, data_dir: Path) -> Path | None:
    """The file that holds `part`, or None. Nothing is read."""
    return next((path for path in _places(entry, part, data_dir) if _is_file(path)), None)


def read(entry: DatasetInfo, part: DataFile, data_dir: Path) -> NDArray[np.uint8]:
    """Read `part`, wherever it is found and however it is packed, and check that it is what it should be.

    Returns:
        uint8 array of `part.shape`.

    Raises:
        DataNotFound: If there is no file.
        DataError: If the first file found is cut short, damaged or something else. No other file is tried and
            nothing is downloaded over it: whose file it is, is for the person to say.
    """
    path = find(entry, part, data_dir)
    if path is None:
        raise DataNotFound(
            f"{part.idx_name}.gz of {entry.title} is not on this machine. "
            f"Next: put it into {data_dir / entry.folder}; it comes from {entry.download_url}."
        )
    try:
        if path.suffix == ".npz":
            array = npz.read(path, (part.npz_key, "arr_0"), part.shape)
        else:
            array = idx.read(path, part.shape)
        _check(array, part, len(entry.class_names))
        if part.content_md5 is None:
            _check_packed(path, part)
    except Exception as error:  # what the parsers throw on hostile bytes has no common base, and means one thing
        raise DataError(
            f"{path} is not a good file of {entry.title}. Received: {str(error) or type(error).__name__}. "
            f"Allowed: uint8 {part.shape}, unchanged from the publisher. "
            f"Next: delete the file, and it is downloaded again; or put {part.idx_name}.gz "
            f"from {entry.download_url} into {data_dir / entry.folder}."
        ) from error
    return array


def _places(entry: DatasetInfo, part: DataFile, data_dir: Path) -> Iterator[Path]:
    """All names of `part`, the publisher's own first. Directly in the data folder only names that say the set."""
    stems = tuple(dict.fromkeys((entry.folder, entry.folder.replace("-", "_"))))
    folders = [data_dir / name for name in dict.fromkeys((entry.name, *stems))]
    for folder in folders:
        yield folder / part.idx_name
        yield folder / f"{part.idx_name}.gz"
    for folder in (*folders, data_dir):
        for stem in stems:
            yield folder / f"{stem}-{part.npz_name}.npz"
            yield folder / f"{stem}.npz"
    if entry.system_folder:
        yield entry.system_folder / f"{part.idx_name}.gz"


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a folder that may not be entered has nothing for us
        return False


def _check(array: NDArray[np.uint8], part: DataFile, classes: int) -> None:
    if array.ndim == 1 and array.max() >= classes:
        place = int(array.argmax())
        raise ValueError(f"label {array[place]} at place {place}, with only {classes} classes")
    if part.content_md5 and (received := idx.md5(array)) != part.content_md5:
        raise ValueError(f"other content, MD5 {received} instead of {part.content_md5} when unpacked")


def _check_packed(path: Path, part: DataFile) -> None:
    """The checksum of a part that is known only as its publisher packed it; any other packaging passes."""
    if idx.is_packed(path) and (received := idx.file_md5(path)) != part.packed_md5:
        raise ValueError(f"another file than the publisher's, MD5 {received} instead of {part.packed_md5}")
