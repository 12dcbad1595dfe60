"""The one form in which every data set ends, in memory or in a folder, where it is memory-mapped.

    <folder>/train_images.npy  train_labels.npy  test_images.npy  test_labels.npy  manifest.json

The manifest is written last and names size and times of the files it was made from and of the arrays, so that a set
that changed on either side is noticed without reading it.
"""

import contextlib
import hashlib
import json
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter, ValidationError

from cnn_dash.datasets.info import DatasetInfo

FORMAT = 1
"""Of the folder. Raise it when the same source must be imported into other arrays."""
ARRAYS = ("train_images", "train_labels", "test_images", "test_labels")


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


def write(folder: Path, made: Imported, info: DatasetInfo, made_from: tuple[FileStamp, ...]) -> None:
    """Write a data set; several processes may do it at once.

    Args:
        folder: Where to; it is made if it is not there.
        made: The data set.
        info: Its name, origin, classes and size.
        made_from: The source's files as they were before they were read.

    Raises:
        OSError: If the folder cannot be written, or the disk is full.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name in ARRAYS:
        _replace(folder / f"{name}.npy", getattr(made, name))
    manifest = _Manifest(
        format=FORMAT,
        name=info.name,
        title=info.title,
        source=info.source,
        licence=info.licence,
        class_names=made.class_names,
        image_shape=info.image_shape,
        counts={"train": len(made.train_labels), "test": len(made.test_labels)},
        content_hash=made.content_hash,
        made_from=made_from,
        arrays=stamps(folder / f"{name}.npy" for name in ARRAYS),
    )
    _replace(folder / "manifest.json", _MANIFEST.dump_json(manifest, indent=2))


def read(folder: Path, info: DatasetInfo, made_from: tuple[FileStamp, ...]) -> Imported | None:
    """Map the data set in a folder into memory.

    Args:
        folder: Where `write` wrote it.
        info: Its name, origin, classes and size as they are now.
        made_from: The source's files as they are now.

    Returns:
        The data set, or None if there is none, or not this one any more, or its files are not as they were written.
    """
    try:
        manifest = _MANIFEST.validate_json((folder / "manifest.json").read_bytes())
        if (manifest.format, manifest.name, manifest.class_names) != (FORMAT, info.name, info.class_names):
            return None
        counts = {"train": info.train_count, "test": info.test_count}
        if (manifest.image_shape, manifest.counts) != (info.image_shape, counts) or manifest.made_from != made_from:
            return None
        files = [folder / f"{name}.npy" for name in ARRAYS]
        if manifest.arrays != stamps(files):
            return None
        arrays = [np.asarray(np.load(file, mmap_mode="r", allow_pickle=False)) for file in files]
    except (OSError, ValueError, ValidationError):  # nothing there, or not readable: it is imported again
        return None
    train_images, train_labels, test_images, test_labels = arrays
    return Imported(
        info.class_names, train_images, train_labels, test_images, test_labels, content_hash=manifest.content_hash
    )


def _replace(path: Path, content: bytes | NDArray[np.generic]) -> None:
    """Write a file beside `path` and let it take its place once it is on the disk: no reader meets half a file."""
    part = path.with_name(f"part-{secrets.token_hex(4)}-{path.name}")
    try:
        with part.open("xb") as file:
            if isinstance(content, bytes):
                file.write(content)
            else:
                np.save(file, content, allow_pickle=False)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
