"""The four files of MNIST and of all sets made after it, in a folder or in a ZIP archive, gzipped or not."""

import re
import struct
from collections.abc import Iterator
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from cnn_dash.datasets.readers.example import Part, Value
from cnn_dash.datasets.readers.limits import MOST_EXAMPLES, refused
from cnn_dash.datasets.readers.store import Store
from cnn_dash.datasets.readers.tables import TablePart, TableReader

_NAME = re.compile(r"(train|t10k|test)[-_. ]?(images|labels)[-_. ]?idx[13][-_. ]?ubyte(\.gz)?$", re.IGNORECASE)
_TYPES: dict[int, np.dtype[Any]] = {
    0x08: np.dtype("u1"),
    0x09: np.dtype("i1"),
    0x0B: np.dtype(">i2"),
    0x0C: np.dtype(">i4"),
}
_ALLOWED = "train-images-idx3-ubyte and train-labels-idx1-ubyte, with t10k-… of both or without, gzipped or not"
_NEXT = "Bring them together, in a folder or a ZIP archive."
_MOST_SIDE = 4_096


def is_idx(path: str) -> bool:
    """Return whether a file is called as one of the four."""
    return _NAME.search(path.rpartition("/")[2]) is not None


def idx_reader(store: Store) -> TableReader:
    """Return the reader of IDX files.

    Raises:
        DataError: If one is missing, damaged, or of another shape.
    """
    found: dict[tuple[Part, str], str] = {}
    for path in filter(is_idx, store.paths):
        match = _NAME.search(path)
        assert match
        key: tuple[Part, str] = ("train" if match[1].lower() == "train" else "test", match[2].lower())
        if key in found:
            raise refused(store.name, f"{found[key]} and {path}, two sets at once", _ALLOWED, "Bring one at a time.")
        found[key] = path
    parts = []
    splits: tuple[Part, ...] = ("train", "test")
    for split in splits:
        pair = [found.get((split, kind)) for kind in ("images", "labels")]
        if pair == [None, None] and split == "test":
            continue
        if None in pair:
            there = ", ".join(sorted(found.values()))
            raise refused(store.name, f"{there} without the other of its pair", _ALLOWED, _NEXT)
        images, labels = _Idx(store, str(pair[0]), 3), _Idx(store, str(pair[1]), 1)
        if images.shape[0] != labels.shape[0]:
            counts = f"{images.shape[0]:,} images and {labels.shape[0]:,} labels in {labels.path}"
            raise refused(store.name, counts, "one label for each image", "Get both files from the same place.")
        values = [int(one) for block in labels.blocks(1 << 16) for one in block]
        parts.append(TablePart(split, images.path, values, images.rows))
    return TableReader(store.name, f"IDX files{', with train and test' if len(parts) > 1 else ''}", parts)


class _Idx:
    """One file, of which only the header is read at first.

    Raises:
        DataError: If it is something else.
    """

    def __init__(self, store: Store, path: str, dimensions: int) -> None:
        self._store, self.path = store, path
        self._where = f"{path} in {store.name}"
        with store.open(path) as file:
            header = self._exactly(file, 4 + 4 * dimensions)
        zeros, kind, stated = struct.unpack(">HBB", header[:4])
        self.shape = struct.unpack(f">{dimensions}I", header[4:])
        allowed = f"an IDX file of bytes in {dimensions} dimension{'s' * (dimensions > 1)}"
        if zeros or kind not in _TYPES or stated != dimensions or (dimensions == 3 and kind != 0x08):
            raise refused(self._where, f"a file that begins with {header[:4].hex(' ')}", allowed, "Get it anew.")
        if self.shape[0] > MOST_EXAMPLES or any(not 0 < side <= _MOST_SIDE for side in self.shape[1:]):
            raise refused(self._where, f"{' × '.join(map(str, self.shape))}", f"up to {MOST_EXAMPLES:,} images", "")
        self._dtype = _TYPES[kind]

    def blocks(self, rows: int) -> Iterator[NDArray[np.integer]]:
        """Yield its values, so many rows at a time."""
        row_bytes = int(np.prod(self.shape[1:])) * self._dtype.itemsize
        with self._store.open(self.path) as file:
            self._exactly(file, 4 + 4 * len(self.shape))
            for start in range(0, self.shape[0], rows):
                count = min(rows, self.shape[0] - start)
                yield np.frombuffer(self._exactly(file, count * row_bytes), self._dtype).reshape(-1, *self.shape[1:])
            if file.read(1):
                raise refused(self._where, "more values than its header says", "a whole IDX file", "Get it anew.")

    def rows(self) -> Iterator[tuple[NDArray[np.uint8], dict[str, Value]]]:
        """Yield its images."""
        for block in self.blocks(max(1, (1 << 20) // int(np.prod(self.shape[1:])))):
            for image in block:
                yield image.astype(np.uint8), {}

    def _exactly(self, file: IO[bytes], size: int) -> bytes:
        content = file.read(size)
        if len(content) < size:
            raise refused(self._where, "a file that is cut short", "a whole IDX file", "Get it anew.")
        return content
