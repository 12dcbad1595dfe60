"""A NumPy `.npz` file with images and labels, as Keras stores MNIST. Nothing is ever unpickled."""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from cnn_dash.datasets.readers.example import Part, Value
from cnn_dash.datasets.readers.limits import MOST_EXAMPLES, MOST_PICTURE_BYTES, refused
from cnn_dash.datasets.readers.pixels import Pixels
from cnn_dash.datasets.readers.store import Store
from cnn_dash.datasets.readers.tables import TablePart, TableReader
from cnn_dash.errors import DataError

_PAIRS: tuple[tuple[Part, tuple[tuple[str, str], ...]], ...] = (
    (
        "train",
        (
            ("x_train", "y_train"),
            ("train_images", "train_labels"),
            ("images", "labels"),
            ("x", "y"),
            ("data", "labels"),
            ("image", "label"),
            ("arr_0", "arr_1"),
        ),
    ),
    ("test", (("x_test", "y_test"), ("test_images", "test_labels"), ("arr_2", "arr_3"))),
)
_NAMES = ("class_names", "classes", "label_names", "names")
_ALLOWED = "x_train, y_train, x_test and y_test, or images and labels: (N, H, W) or (N, H, W, C) and (N,)"
_NEXT = "Save it with numpy.savez_compressed(file, x_train=…, y_train=…, x_test=…, y_test=…)."
_BLOCK = 1 << 20


def npz_reader(path: Path, name: str) -> TableReader:
    """Return the reader of an `.npz` file.

    Raises:
        DataError: If it is damaged, or holds other arrays.
    """
    store = Store(path, name)
    arrays = {one.removesuffix(".npy").lower(): one for one in store.paths if one.endswith(".npy")}
    parts, notes = [], []
    rows: list[_Rows] = []
    for split, pairs in _PAIRS:
        pair = next((pair for pair in pairs if pair[0] in arrays and pair[1] in arrays), None)
        if pair is None:
            if split == "train":
                raise refused(name, f"arrays {', '.join(list(arrays)[:8]) or 'none'}", _ALLOWED, _NEXT)
            continue
        images = _Array(store, arrays[pair[0]])
        labels = _labels(_Array(store, arrays[pair[1]]))
        pixels = Pixels.of(images.where, images.shape, images.dtype)
        if len(labels) != images.shape[0]:
            received = f"{images.shape[0]:,} images in {pair[0]} and {len(labels):,} labels in {pair[1]}"
            raise refused(name, received, "one label for each image", _NEXT)
        notes += [note for note in pixels.notes if note not in notes]
        rows.append(_Rows(images, pixels, rows))
        parts.append(TablePart(split, pair[0], labels, rows[-1]))
    given = next((arrays[key] for key in _NAMES if key in arrays), None)
    names = _texts(_Array(store, given)) if given else None
    return TableReader(name, f"arrays in a NumPy file{_with_test(parts)}", parts, names, tuple(notes))


def _with_test(parts: list[TablePart]) -> str:
    return ", with train and test" if len(parts) > 1 else ""


class _Array:
    """One array of the file, of which only the header is read at first.

    Raises:
        DataError: If it is of objects, or its size is not what the header says.
    """

    def __init__(self, store: Store, path: str) -> None:
        self.store, self.path = store, path
        self.where = f"{path} in {store.name}"
        with store.open(path) as file:
            self.shape, self.dtype, self._skip = self._header(file)
        if self.dtype.hasobject:
            raise refused(self.where, "Python objects, which only unpickling could read", "numbers or texts", _NEXT)
        if not self.shape or self.shape[0] > MOST_EXAMPLES or self.dtype.itemsize > 4_000 or self.dtype.itemsize == 0:
            raise refused(self.where, f"{self.dtype} {self.shape}", f"up to {MOST_EXAMPLES:,} rows", _NEXT)
        self.row_bytes = int(np.prod([int(one) for one in self.shape[1:]], dtype=object)) * self.dtype.itemsize
        if self.row_bytes > 4 * MOST_PICTURE_BYTES:
            raise refused(self.where, f"rows of {self.row_bytes:,} bytes", f"up to {4 * MOST_PICTURE_BYTES:,}", _NEXT)

    def blocks(self, rows: int) -> Iterator[NDArray[Any]]:
        """Yield the array, so many rows at a time."""
        with self.store.open(self.path) as file:
            _exactly(file, self._skip, self.where)
            for start in range(0, self.shape[0], rows):
                count = min(rows, self.shape[0] - start)
                content = _exactly(file, count * self.row_bytes, self.where)
                yield np.frombuffer(content, self.dtype).reshape(count, *self.shape[1:])
            if file.read(1):
                raise refused(self.where, "more values than its header says", "a whole array", _NEXT)

    def whole(self) -> NDArray[Any]:
        """Return all of it; for labels and names."""
        if self.row_bytes * self.shape[0] > 400_000_000:
            raise refused(
                self.where, f"{self.row_bytes * self.shape[0] / 1e6:,.0f} MB", "up to 400 MB of labels", _NEXT
            )
        found = list(self.blocks(self.shape[0] or 1))
        return found[0] if found else np.zeros(self.shape, self.dtype)

    def _header(self, file: IO[bytes]) -> tuple[tuple[int, ...], np.dtype[Any], int]:
        counted = _Counted(file)
        try:
            version = npy.read_magic(counted)
            read = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}[version]
            shape, fortran, dtype = read(counted)
        except (DataError, zipfile.BadZipFile, EOFError, OSError):
            raise
        except Exception as error:  # its header is a Python literal, in which anything may be wrong
            raise refused(self.where, f"a damaged header ({type(error).__name__})", "a NumPy array", _NEXT) from error
        if fortran and len(shape) > 1:
            raise refused(self.where, "an array in Fortran order", "C order", "Save numpy.ascontiguousarray of it.")
        return tuple(int(one) for one in shape), dtype, counted.done


class _Counted:
    def __init__(self, file: IO[bytes]) -> None:
        self._file, self.done = file, 0

    def read(self, size: int = -1) -> bytes:
        content = self._file.read(min(size, _BLOCK) if size >= 0 else _BLOCK)
        self.done += len(content)
        return content


class _Rows:
    """Yields the images of an array as bytes from 0 to 255.

    Args:
        array: The array.
        pixels: How it is read.
        all_rows: Those of all arrays of the file; of one type, they have one scale, as the brightest image may be in
            any of them.
    """

    def __init__(self, array: _Array, pixels: Pixels, all_rows: "list[_Rows]") -> None:
        self._array, self._pixels, self._all = array, pixels, all_rows
        self._scale: tuple[float, float] | None = None

    def __call__(self) -> Iterator[tuple[NDArray[np.uint8], dict[str, Value]]]:
        alike = [one for one in self._all if one._array.dtype == self._array.dtype]
        if self._scale is None:
            scale = self._pixels.scale(block for one in alike for block in one._blocks())
            for one in alike:
                one._scale = scale
        assert self._scale is not None
        for block in self._blocks():
            for image in self._pixels.images(block, self._scale):
                yield image, {}

    def _blocks(self) -> Iterator[NDArray[Any]]:
        return self._array.blocks(max(1, _BLOCK // max(1, self._array.row_bytes)))


def _labels(array: _Array) -> list[int | str | None]:
    values = array.whole()
    if values.ndim == 2 and values.shape[1] == 1:
        values = values[:, 0]
    if values.ndim == 2 and values.dtype.kind in "buif" and 1 < values.shape[1] <= 1_000:
        if not ((values == 0) | (values == 1)).all() or not (values.sum(axis=1) == 1).all():
            raise refused(array.where, f"{values.dtype} {values.shape}", "one label for each image, or one-hot", _NEXT)
        values = values.argmax(axis=1)
    if values.ndim != 1 or values.dtype.kind not in "biufUS":
        raise refused(array.where, f"{values.dtype} {values.shape}", "(N,) whole numbers or texts", _NEXT)
    if values.dtype.kind == "f":
        if not np.isfinite(values).all() or (values != values.round()).any():
            raise refused(array.where, "labels that are no whole numbers", "whole numbers or texts", _NEXT)
        values = values.astype(np.int64)
    if values.dtype.kind == "S":
        return [one.decode("utf-8", "replace") for one in values.tolist()]
    return [int(one) if values.dtype.kind == "b" else one for one in values.tolist()]


def _texts(array: _Array) -> tuple[str, ...]:
    values = array.whole()
    if values.ndim != 1 or values.dtype.kind not in "US":
        raise refused(array.where, f"{values.dtype} {values.shape}", "class names: (classes,) texts", _NEXT)
    return tuple(one.decode("utf-8", "replace") if isinstance(one, bytes) else one for one in values.tolist())


def _exactly(file: IO[bytes], size: int, where: str) -> bytes:
    pieces, left = [], size
    while left:
        piece = file.read(min(left, 16 * _BLOCK))
        if not piece:
            raise refused(where, "fewer values than its header says", "a whole array", _NEXT)
        pieces.append(piece)
        left -= len(piece)
    return b"".join(pieces)
