"""Writes one version of an own data set: images as they come, their order and their split at the end.

While images come, they are appended to one file; only labels, names and sizes are in memory, some 200 bytes an image.
At the end the arrays are copied out of it in their order, a block at a time, and the folder is renamed into its place.
"""

import contextlib
import hashlib
import json
import os
import secrets
import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from cnn_dash.datasets.arrow import arrow, parquet
from cnn_dash.datasets.own import library
from cnn_dash.datasets.own.manifest import EXAMPLES, Manifest, array_stamps, write_manifest
from cnn_dash.datasets.own.names import full_name
from cnn_dash.datasets.readers.example import Value
from cnn_dash.errors import DataError

_IMAGES = "images.raw"
_BLOCK = 1 << 20  # bytes

Indices = NDArray[np.intp]


@dataclass(slots=True)
class Row:
    """What `examples.parquet` has of an image.

    Attributes:
        label: Its class.
        test: Whether it is for the test.
        file: Name of its file, or its place in an array.
        width: Of the picture that was brought, in pixels.
        height: Likewise.
        columns: What else was said of it; tags among it.
    """

    label: int
    test: bool
    file: str
    width: int
    height: int
    columns: dict[str, Value] = field(default_factory=dict)


class VersionWriter:
    """Writes a version beside its place; used as a context, at whose end nothing is left unless `finish` was called.

    Args:
        data_dir: Folder of all data sets.
        name: Name of the set.
        image_shape: Height, width, channels.
        part: Folder to write into, on the same disk; None for one of its own.

    Raises:
        DataError: If nothing can be written there.
    """

    def __init__(self, data_dir: Path, name: str, image_shape: tuple[int, int, int], part: Path | None = None) -> None:
        self.rows: list[Row] = []
        self._data_dir, self._name, self._shape = data_dir, name, image_shape
        self._image_bytes = int(np.prod(image_shape))
        self.part = part or library.root(data_dir) / f"{library.PART}{secrets.token_hex(4)}-{name}"
        try:
            library.sweep(data_dir)
            self.part.mkdir(parents=True)
            self._images = (self.part / _IMAGES).open("wb", buffering=_BLOCK)
        except OSError as error:
            raise _not_written(self.part, error) from error

    def __enter__(self) -> "VersionWriter":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        with contextlib.suppress(OSError):  # the disk is full; that is the error already
            self._images.close()
        shutil.rmtree(self.part, ignore_errors=True)

    def require_room(self, images: int) -> None:
        """Refuse what will not fit on the disk.

        Raises:
            DataError: If so many images need more than is free.
        """
        needed = 2 * images * self._image_bytes
        free = shutil.disk_usage(self.part).free
        if needed + 50_000_000 > free:
            raise DataError(
                f"There is no room for {images:,} images in {self._data_dir}. Received: {free / 1e6:,.0f} MB free. "
                f"Allowed: {needed / 1e6 + 50:,.0f} MB and more. Make room, or choose a smaller size."
            )

    def add(self, image: NDArray[np.uint8], row: Row) -> None:
        """Append an image, uint8 of the version's shape.

        Raises:
            DataError: If it cannot be written.
        """
        try:
            self._images.write(np.ascontiguousarray(image).data)
        except OSError as error:
            raise _not_written(self.part, error) from error
        self.rows.append(row)

    def finish(self, train: Indices, test: Indices, manifest: Manifest) -> Manifest:
        """Put the images in their order and the version in its place, where nothing may be.

        Args:
            train: Places of the training images among those that were added, in their order.
            test: Those of the test images.
            manifest: What is known of it; counts, hash, time and stamps are filled in here.

        Returns:
            The manifest as it was written.

        Raises:
            DataError: If it cannot be written, or there is such a version meanwhile.
        """
        try:
            self._images.close()
            digest = hashlib.sha256(json.dumps(manifest.class_names).encode())
            for split, order in (("train", train), ("test", test)):
                self._write(f"{split}_images", (len(order), *self._shape), "uint8", self._in_order(order), digest)
                labels = np.array([self.rows[place].label for place in order], "<i8")
                self._write(f"{split}_labels", labels.shape, "int64", iter([labels.tobytes()]), digest)
            (self.part / _IMAGES).unlink()
            write_examples(self.part / EXAMPLES, self.rows, train, test)
            whole = _filled(manifest, self.rows, {"train": train, "test": test}, digest.hexdigest(), self.part)
            write_manifest(self.part, whole)
            self._put_in_place(whole)
        except OSError as error:
            raise _not_written(self.part, error) from error
        return whole

    def _in_order(self, order: Indices) -> Iterator[bytes]:
        with (self.part / _IMAGES).open("rb", buffering=0) as file:
            for place in order:
                file.seek(int(place) * self._image_bytes)
                yield file.read(self._image_bytes)

    def _write(
        self, name: str, shape: tuple[int, ...], dtype: str, content: Iterator[bytes], digest: "hashlib._Hash"
    ) -> None:
        """Write an array piece by piece, and let the hash know what `internal_format.content_hash` would."""
        digest.update(f"{dtype} {shape}".encode())
        with (self.part / f"{name}.npy").open("xb", buffering=_BLOCK) as file:
            descr = npy.dtype_to_descr(np.dtype(dtype).newbyteorder("<"))
            npy.write_array_header_1_0(file, {"descr": descr, "fortran_order": False, "shape": shape})
            for piece in content:
                digest.update(piece)
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())

    def _put_in_place(self, manifest: Manifest) -> None:
        folder = library.folder_of(full_name(manifest.name, manifest.version), self._data_dir)
        folder.parent.mkdir(parents=True, exist_ok=True)
        if folder.exists():
            raise DataError(
                f"There is a data set {full_name(manifest.name, manifest.version)} already. Received: the same name "
                "for another one. Choose another name, or delete that one."
            )
        self.part.rename(folder)


def write_examples(file: Path, rows: Sequence[Row], train: Indices, test: Indices) -> None:
    """Write a row for each image: split, index, class, file, size before resizing, and every other column.

    Raises:
        OSError: If it cannot be written.
    """
    pa = arrow()
    order = [*train, *test]
    chosen = [rows[place] for place in order]
    columns: dict[str, Any] = {
        "split": pa.array(["train"] * len(train) + ["test"] * len(test)).dictionary_encode(),
        "index": pa.array([*range(len(train)), *range(len(test))], pa.int32()),
        "label": pa.array([row.label for row in chosen], pa.int32()),
        "file": pa.array([row.file.encode("utf-8", "replace").decode() for row in chosen]),
        "width": pa.array([row.width for row in chosen], pa.int32()),
        "height": pa.array([row.height for row in chosen], pa.int32()),
    }
    for name in dict.fromkeys(name for row in rows for name in row.columns):
        if name not in columns:
            columns[name] = _column([row.columns.get(name) for row in chosen])
    parquet().write_table(pa.table(columns), file)


def _column(values: list[Value]) -> Any:
    pyarrow = arrow()
    try:
        return pyarrow.array(values)
    except (pyarrow.ArrowInvalid, pyarrow.ArrowTypeError, OverflowError):  # of several types
        return pyarrow.array([None if one is None else str(one) for one in values], pyarrow.string())


def _filled(manifest: Manifest, rows: Sequence[Row], orders: dict[str, Indices], digest: str, part: Path) -> Manifest:
    classes = len(manifest.class_names)
    counts = {
        split: tuple(np.bincount([rows[place].label for place in order], minlength=classes).tolist())
        for split, order in orders.items()
    }
    return replace(manifest, counts=counts, content_hash=digest, created=time.time(), arrays=array_stamps(part))


def _not_written(part: Path, error: OSError) -> DataError:
    return DataError(
        f"The data set cannot be written. Received: {error}. Allowed: a data folder with room, {part.parent}. Make "
        "room, or set CNN_DASH_DATA_DIR to another folder."
    )
