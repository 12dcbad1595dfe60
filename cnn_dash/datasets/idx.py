"""IDX, the file format of MNIST: http://yann.lecun.com/exdb/mnist/ (at the foot of that page).

Two zero bytes, the type (0x08: uint8), the number of dimensions, each size as a big-endian 32-bit number, the values.
"""

import gzip
import hashlib
import struct
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np
from numpy.typing import NDArray

_UINT8 = 0x08
_GZIP_MAGIC = b"\x1f\x8b"


def header(shape: tuple[int, ...]) -> bytes:
    """The first bytes of an IDX file that holds a uint8 array of this shape."""
    return struct.pack(f">4B{len(shape)}I", 0, 0, _UINT8, len(shape), *shape)


def md5(array: NDArray[np.uint8]) -> str:
    """MD5 of `array` as an uncompressed IDX file: the same however the file on disk is packed."""
    digest = hashlib.md5(header(array.shape), usedforsecurity=False)
    digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()


def read(path: Path, shape: tuple[int, ...]) -> NDArray[np.uint8]:
    """Read an IDX file, gzipped or not, that must hold exactly a uint8 array of `shape`.

    Nothing is allocated for what the file claims: only the bytes of `shape`, and one more, are ever unpacked.

    Raises:
        ValueError: If the file is something else; the message says what was received.
        OSError, EOFError, zlib.error: If it cannot be read or unpacked.
    """
    expected = header(shape)
    size = int(np.prod(shape))
    with _open(path) as file:
        received = file.read(len(expected))
        if received != expected:
            raise ValueError(_describe(received))
        values = file.read(size + 1)  # the byte too many reaches the end, where gzip compares its checksum
    if len(values) != size:
        raise ValueError(f"{'more' if len(values) > size else 'fewer'} values than the header says")
    return np.frombuffer(values, dtype=np.uint8).reshape(shape)


def is_packed(path: Path) -> bool:
    """Whether a file is gzipped, by its content: a browser may unpack what it downloads and keep the `.gz`."""
    with path.open("rb") as file:
        return file.read(len(_GZIP_MAGIC)) == _GZIP_MAGIC


def file_md5(path: Path) -> str:
    """MD5 of a file as it is on disk."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()


def _open(path: Path) -> BinaryIO:
    return cast(BinaryIO, gzip.open(path)) if is_packed(path) else path.open("rb")


def _describe(received: bytes) -> str:
    if len(received) < 4:
        return f"{len(received)} bytes"
    if received[:2] != b"\0\0":
        return f"a file that begins with {received[:4]!r}, which is not IDX"
    sizes = "×".join(str(size) for (size,) in struct.iter_unpack(">I", received[4 : len(received) // 4 * 4]))
    return f"IDX of type 0x{received[2]:02x} in {received[3]} dimensions, {sizes or 'cut short'}"
