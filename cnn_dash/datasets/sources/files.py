"""The files of a published data set: where they may be on this machine, and how they are read and checked."""

import contextlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cnn_dash.datasets.info import DatasetInfo
from cnn_dash.datasets.sources import idx, npz
from cnn_dash.errors import DataError, DataNotFound


@dataclass(frozen=True)
class DataFile:
    """One array of a published data set, and the names under which it is found.

    Attributes:
        idx_name: Name of its IDX file without `.gz`.
        npz_name: What follows the set's name in the name of a publisher's `.npz` file, where its key is `arr_0`.
        npz_key: Its key in one `.npz` file of the whole set, as Keras stores it.
        shape: Shape of the array.
        packed_md5: MD5 of the publisher's `.gz` file. It tells whether a download is right, but nothing about files
            from elsewhere: Debian and others pack the same images anew.
        content_md5: MD5 of the unpacked IDX file, which all ways to pack the array have in common; None if not known.
            Then only a `.gz` file can be checked, and must be the publisher's own.
        dtype: Type of its values; labels of more than 256 classes need more than a byte.
    """

    idx_name: str
    npz_name: str
    npz_key: str
    shape: tuple[int, ...]
    packed_md5: str
    content_md5: str | None
    dtype: idx.Dtype = "uint8"


def places(part: DataFile, data_dir: Path, name: str, folder: str, system_folder: Path | None) -> Iterator[Path]:
    """Yield all paths of `part`, the publisher's own name first.

    Among them are the places where other programs leave their downloads: torchvision's `FashionMNIST/raw`, Keras'
    `datasets`. Directly in the data folder and in `datasets`, only names that say which set they belong to count.

    Args:
        part: What is looked for.
        data_dir: Folder of all data sets.
        name: The data set's name.
        folder: Its folder there, also with underscores for hyphens.
        system_folder: Where the operating system's own package puts its files, if there is one.
    """
    stems = tuple(dict.fromkeys((folder, folder.replace("-", "_"))))
    shared = (data_dir, data_dir / "datasets")
    folders = [data_dir / one for one in dict.fromkeys((name, *stems))]
    folders += [data_dir / folder.replace("-", "") / "raw", *(data_dir / "datasets" / stem for stem in stems)]
    for place in folders:
        for idx_name in (part.idx_name, part.idx_name.replace("-idx", ".idx")):  # 7-Zip unpacks to the latter
            yield place / idx_name
            yield place / f"{idx_name}.gz"
    for place in (*folders, *shared):
        for stem in stems:
            yield place / f"{stem}-{part.npz_name}.npz"
            yield place / f"{stem}.npz"
    if system_folder:
        yield system_folder / f"{part.idx_name}.gz"


def find(paths: Iterable[Path]) -> Path | None:
    """Return the first of these paths that is a file, whatever the case of its names, or None. Nothing is read."""
    listings: dict[Path, dict[str, str]] = {}
    return next((found for path in paths if (found := _in_any_case(path, listings)) and _is_file(found)), None)


def problem(path: Path | None, part: DataFile) -> str | None:
    """Return why a file cannot be the one that it should be, as far as its header tells; None if it may be."""
    if path is None:
        return None
    try:
        if path.suffix.lower() == ".npz":
            npz.check(path, (part.npz_key, "arr_0"), part.shape, part.dtype)
        else:
            idx.check(path, part.shape, part.dtype)
    except Exception as error:  # what the parsers throw on hostile bytes has no common base, and means one thing
        return f"{path}: {str(error) or type(error).__name__}"
    return None


def read(path: Path | None, part: DataFile, info: DatasetInfo, folder: Path) -> NDArray[np.integer]:
    """Read `part` from the file that was found, however it is packed, and check that it is what it should be.

    Args:
        path: What `find` returned.
        part: What the file must hold.
        info: The data set it belongs to.
        folder: Where a person may put the file, for the messages.

    Returns:
        Array of `part.shape` and `part.dtype`.

    Raises:
        DataNotFound: If there is no file.
        DataError: If the file is cut short, damaged or something else. No other file is tried and nothing is
            downloaded over it: whose file it is, is for the person to say.
    """
    if path is None:
        raise DataNotFound(
            f"{part.idx_name}.gz of {info.title} is not on this machine. "
            f"Next: put it into {folder}; it comes from {info.download_url}."
        )
    try:
        if path.suffix.lower() == ".npz":
            array = npz.read(path, (part.npz_key, "arr_0"), part.shape, part.dtype)
        else:
            array = idx.read(path, part.shape, part.dtype)
        _check(array, part, len(info.class_names))
        if part.content_md5 is None:
            _check_packed(path, part)
    except Exception as error:  # what the parsers throw on hostile bytes has no common base, and means one thing
        raise DataError(
            f"{path} is not a good file of {info.title}. Received: {str(error) or type(error).__name__}. "
            f"Allowed: {part.dtype} {part.shape}, unchanged from the publisher. "
            f"Next: delete the file, and it is downloaded again; or put {part.idx_name}.gz "
            f"from {info.download_url} into {folder}."
        ) from error
    return array


def _in_any_case(path: Path, listings: dict[Path, dict[str, str]]) -> Path | None:
    """Return a path that is there and has these names but for their case.

    Args:
        path: What is looked for.
        listings: Names in lower case and as they are, of the folders that were looked into; they are added to.
    """
    with contextlib.suppress(OSError):  # a folder that may not be entered has nothing for us
        if path.exists():
            return path
        folder = _in_any_case(path.parent, listings)
        if folder is None or not folder.is_dir():
            return None
        if folder not in listings:
            listings[folder] = {
                name.lower(): name for name in sorted((one.name for one in folder.iterdir()), reverse=True)
            }
        real = listings[folder].get(path.name.lower())
        return folder / real if real else None
    return None


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a folder that may not be entered has nothing for us
        return False


def _check(array: NDArray[np.integer], part: DataFile, classes: int) -> None:
    if array.ndim == 1 and array.max() >= classes:
        place = int(array.argmax())
        raise ValueError(f"label {array[place]} at place {place}, with only {classes} classes")
    if part.content_md5 and (received := idx.md5(array)) != part.content_md5:
        raise ValueError(f"other content, MD5 {received} instead of {part.content_md5} when unpacked")


def _check_packed(path: Path, part: DataFile) -> None:
    """Compare the checksum of a part that is known only as its publisher packed it; any other packaging passes."""
    if idx.is_packed(path) and (received := idx.file_md5(path)) != part.packed_md5:
        raise ValueError(f"another file than the publisher's, MD5 {received} instead of {part.packed_md5}")
