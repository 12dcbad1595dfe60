"""The one form in which every data set ends, in memory or in a folder, where it is memory-mapped.

    <imported>/mnist-1f0c5d3a9b2e/    train_images.npy  train_labels.npy  test_images.npy  test_labels.npy
                                      manifest.json

The end of the folder's name stands for the files that the set was made from: two processes whose data folders differ
never meet in one folder. It is written beside its place and renamed, so it is there whole or not at all. The manifest
names size and times of the source's files and of the arrays, so that a change on either side is noticed without
reading them.
"""

import contextlib
import hashlib
import json
import os
import re
import secrets
import shutil
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter, ValidationError

from cnn_dash.datasets.info import DatasetInfo

FORMAT = 1
"""Of the folder. Raise it when the same source must be imported into other arrays."""
ARRAYS = ("train_images", "train_labels", "test_images", "test_labels")
_MANIFEST_NAME = "manifest.json"
_PART = "part-"
# A folder that nobody has renamed after so long was left by a process that died.
_ABANDONED_S = 3600.0


@dataclass(frozen=True, eq=False)
class Imported:
    """A data set in the internal form. The arrays may lie in files that are read as they are used.

    Attributes:
        class_names: One name for each class; the index is the label.
        train_images: uint8 (N, H, W, C), for training and validation together.
        train_labels: int64 (N,).
        test_images: uint8 (M, H, W, C).
        test_labels: int64 (M,).
        content_hash: SHA-256 over class names, shapes and all values, as hexadecimal digits.
    """

    class_names: tuple[str, ...]
    train_images: NDArray[np.uint8]
    train_labels: NDArray[np.int64]
    test_images: NDArray[np.uint8]
    test_labels: NDArray[np.int64]
    content_hash: str


@dataclass(frozen=True)
class FileStamp:
    """Path, size and times (in nanoseconds) of a file, to notice a change without reading it."""

    path: str
    size_bytes: int
    modified_ns: int
    changed_ns: int

    @classmethod
    def of(cls, file: Path) -> "FileStamp":
        """Return the stamp of a file.

        Raises:
            OSError: If it is not there.
        """
        status = file.stat()
        return cls(str(file), status.st_size, status.st_mtime_ns, status.st_ctime_ns)


@dataclass(frozen=True)
class _Manifest:
    """The content of `manifest.json`; title, source and licence are there for people who look into the folder."""

    format: int
    name: str
    title: str
    source: str
    licence: str
    class_names: tuple[str, ...]
    image_shape: tuple[int, int, int]
    counts: dict[str, int]
    content_hash: str
    made_from: tuple[FileStamp, ...]
    arrays: tuple[FileStamp, ...]


_MANIFEST = TypeAdapter(_Manifest)


def content_hash(class_names: tuple[str, ...], arrays: Iterable[NDArray[np.generic]]) -> str:
    """Return the SHA-256 over class names and arrays, independent of the machine's byte order."""
    digest = hashlib.sha256(json.dumps(class_names).encode())
    for array in arrays:
        little = np.ascontiguousarray(array, array.dtype.newbyteorder("<"))
        digest.update(f"{array.dtype.name} {array.shape}".encode())
        digest.update(little.data.cast("B"))
    return digest.hexdigest()


def stamps(files: Iterable[Path]) -> tuple[FileStamp, ...]:
    """Return the stamps of files that are there.

    Raises:
        OSError: If one is not.
    """
    return tuple(map(FileStamp.of, files))


def folder_of(imported_dir: Path, info: DatasetInfo, made_from: tuple[FileStamp, ...]) -> Path:
    """Return the folder of a data set that is made from these files."""
    key = repr((FORMAT, info.class_names, info.image_shape, info.train_count, info.test_count, made_from))
    return imported_dir / f"{info.name}-{hashlib.sha256(key.encode()).hexdigest()[:12]}"


def write(imported_dir: Path, made: Imported, info: DatasetInfo, made_from: tuple[FileStamp, ...]) -> None:
    """Write a data set into a folder of its own, and delete what older versions of its files were imported into.

    Several processes may do it at once: the folder of one of them takes its place, whole.

    Args:
        imported_dir: Folder of all imported sets; it is made if it is not there.
        made: The data set.
        info: Its name, origin, classes and size.
        made_from: The source's files as they were before they were read.

    Raises:
        OSError: If the folder cannot be written, or the disk is full.
    """
    folder = folder_of(imported_dir, info, made_from)
    part = imported_dir / f"{_PART}{secrets.token_hex(4)}-{folder.name}"
    part.mkdir(parents=True)
    try:
        for name in ARRAYS:
            _write_array(part / f"{name}.npy", getattr(made, name))
        manifest = _Manifest(
            format=FORMAT,
            name=info.name,
            title=info.title,
            source=info.source,
            licence=info.licence,
            class_names=made.class_names,
            image_shape=info.image_shape,
            counts=_counts(info),
            content_hash=made.content_hash,
            made_from=made_from,
            arrays=_array_stamps(part),
        )
        (part / _MANIFEST_NAME).write_bytes(_MANIFEST.dump_json(manifest, indent=2))
        _put_in_place(part, folder, lambda: read(imported_dir, info, made_from) is not None)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    _delete_stale(folder, info, made_from)


def read(imported_dir: Path, info: DatasetInfo, made_from: tuple[FileStamp, ...]) -> Imported | None:
    """Map an imported data set into memory.

    Args:
        imported_dir: Folder of all imported sets.
        info: Its name, origin, classes and size as they are now.
        made_from: The source's files as they are now.

    Returns:
        The data set, or None if there is none, or not this one any more, or its files are not as they were written.
    """
    folder = folder_of(imported_dir, info, made_from)
    try:
        found = _manifest_in(folder)
        if (found.format, found.name, found.class_names) != (FORMAT, info.name, info.class_names):
            return None
        if (found.image_shape, found.counts) != (info.image_shape, _counts(info)) or found.made_from != made_from:
            return None
        if found.arrays != _array_stamps(folder):
            return None
        arrays = [np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False)) for name in ARRAYS]
    except (OSError, ValueError, ValidationError):  # nothing there, or not readable: it is imported again
        return None
    train_images, train_labels, test_images, test_labels = arrays
    return Imported(
        info.class_names, train_images, train_labels, test_images, test_labels, content_hash=found.content_hash
    )


def _counts(info: DatasetInfo) -> dict[str, int]:
    return {"train": info.train_count, "test": info.test_count}


def _manifest_in(folder: Path) -> _Manifest:
    return _MANIFEST.validate_json((folder / _MANIFEST_NAME).read_bytes())


def _array_stamps(folder: Path) -> tuple[FileStamp, ...]:
    """Return the stamps of the arrays by name alone, as the folder is renamed."""
    return tuple(replace(FileStamp.of(folder / f"{name}.npy"), path=f"{name}.npy") for name in ARRAYS)


def _write_array(file: Path, array: NDArray[np.generic]) -> None:
    with file.open("xb") as stream:
        np.save(stream, array, allow_pickle=False)
        stream.flush()
        os.fsync(stream.fileno())


def _put_in_place(part: Path, folder: Path, is_whole: Callable[[], bool]) -> None:
    """Rename a folder to `folder`, unless another process has just put the same there; a damaged one gives way."""
    try:
        part.rename(folder)
        return
    except OSError:  # the name of the error depends on the system
        if not folder.exists():
            raise
    if is_whole():
        return
    damaged = part.with_name(f"{part.name}-damaged")
    with contextlib.suppress(FileNotFoundError):  # another process has just moved it away
        folder.rename(damaged)
    shutil.rmtree(damaged, ignore_errors=True)
    try:
        part.rename(folder)
    except OSError:
        if not folder.exists():
            raise


def _delete_stale(folder: Path, info: DatasetInfo, made_from: tuple[FileStamp, ...]) -> None:
    """Delete what was imported from earlier versions of the same files, and what processes left that died."""
    own = re.compile(rf"{re.escape(info.name)}-[0-9a-f]{{12}}")
    paths = {stamp.path for stamp in made_from}
    for other in folder.parent.iterdir():
        with contextlib.suppress(OSError):  # another process is deleting it too
            abandoned = other.name.startswith(_PART) and time.time() - other.stat().st_mtime > _ABANDONED_S
            if abandoned or (other != folder and own.fullmatch(other.name) and _is_of(other, paths)):
                shutil.rmtree(other, ignore_errors=True)


def _is_of(folder: Path, paths: set[str]) -> bool:
    """Return whether a data set was made from files of these paths, or cannot be read at all."""
    try:
        return {stamp.path for stamp in _manifest_in(folder).made_from} == paths
    except (OSError, ValidationError):
        return True
