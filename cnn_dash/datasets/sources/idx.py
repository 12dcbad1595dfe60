"""IDX, the file format of MNIST: http://yann.lecun.com/exdb/mnist/ (at the foot of that page).

Two zero bytes, the type (0x08: uint8, 0x0B: int16, 0x0C: int32), the number of dimensions, each size as a big-endian
32-bit number, the values, big-endian too.
"""

import gzip
import hashlib
import struct
from pathlib import Path
from typing import IO, BinaryIO, Literal, cast

import numpy as np
from numpy.typing import NDArray

Dtype = Literal["uint8", "int16", "int32"]

_CODES: dict[str, int] = {"uint8": 0x08, "int16": 0x0B, "int32": 0x0C}
_GZIP_MAGIC = b"\x1f\x8b"


def header(shape: tuple[int, ...], dtype: str = "uint8") -> bytes:
    """Return the first bytes of an IDX file that holds an array of this shape and type."""
    return struct.pack(f">4B{len(shape)}I", 0, 0, _CODES[dtype], len(shape), *shape)


def values(array: NDArray[np.integer]) -> bytes | memoryview:
    """Return the values of an array as an IDX file stores them, big-endian and in C order."""
    return np.ascontiguousarray(array, array.dtype.newbyteorder(">")).data.cast("B")


def md5(array: NDArray[np.integer]) -> str:
    """Return the MD5 of `array` as an uncompressed IDX file: the same however the file on disk is packed."""
    digest = hashlib.md5(header(array.shape, array.dtype.name), usedforsecurity=False)
    digest.update(values(array))
    return digest.hexdigest()


def read(path: Path, shape: tuple[int, ...], dtype: Dtype = "uint8") -> NDArray[np.integer]:
    """Read an IDX file, gzipped or not, that must hold exactly an array of `shape` and `dtype`.

    Nothing is allocated for what the file claims: only the bytes of `shape`, and one more, are ever unpacked.

    Raises:
        ValueError: If the file is something else; the message says what was received.
        OSError, EOFError, zlib.error: If it cannot be read or unpacked.
    """
    with _open(path) as file:
        return _read(file, shape, dtype)


def check(path: Path, shape: tuple[int, ...], dtype: Dtype = "uint8") -> None:
    """Compare the header of an IDX file, gzipped or not, and the size of one that is not, with `shape` and `dtype`.

    Raises:
        ValueError: If the file is something else; the message says what was received.
        OSError, EOFError, zlib.error: If it cannot be read or unpacked.
    """
    expected = header(shape, dtype)
    with _open(path) as file:
        received = file.read(len(expected))
    if received != expected:
        raise ValueError(_describe(received))
    size = len(expected) + int(np.prod(shape)) * np.dtype(dtype).itemsize
    if not is_packed(path) and path.stat().st_size != size:
        raise ValueError(f"{path.stat().st_size:,} bytes instead of {size:,}")


def read_packed(file: IO[bytes], shape: tuple[int, ...], dtype: Dtype = "uint8") -> NDArray[np.integer]:
    """Read a gzipped IDX file as `read` does, from a member of an archive."""
    with gzip.open(file) as unpacked:
        return _read(cast(BinaryIO, unpacked), shape, dtype)


def _read(file: BinaryIO, shape: tuple[int, ...], dtype: Dtype) -> NDArray[np.integer]:
    expected = header(shape, dtype)
    stored = np.dtype(dtype).newbyteorder(">")
    size = int(np.prod(shape)) * stored.itemsize
    received = file.read(len(expected))
    if received != expected:
        raise ValueError(_describe(received))
    content = file.read(size + 1)  # the byte too many reaches the end, where gzip compares its checksum
    if len(content) != size:
        raise ValueError(f"{'more' if len(content) > size else 'fewer'} values than the header says")
    return np.frombuffer(content, stored).astype(dtype, copy=False).reshape(shape)


def is_packed(path: Path) -> bool:
    """Return whether a file is gzipped, by its content: a browser may unpack a download and keep the `.gz`."""
    with path.open("rb") as file:
        return file.read(len(_GZIP_MAGIC)) == _GZIP_MAGIC


def file_md5(path: Path) -> str:
    """Return the MD5 of a file as it is on disk."""
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
