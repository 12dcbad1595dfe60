"""Arrays from `.npz` archives of any origin, without trusting what they say about themselves."""

import zipfile
from pathlib import Path
from typing import IO

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray


def read(path: Path, keys: tuple[str, ...], shape: tuple[int, ...], dtype: str = "uint8") -> NDArray[np.integer]:
    """Read the first of `keys` that the archive has; it must be exactly an array of `shape` and `dtype`.

    `numpy.load` allocates what a header claims before it reads. So the header is compared first; then only the bytes
    of `shape` are unpacked, and nothing is ever unpickled.

    Raises:
        ValueError: If the archive holds something else; the message says what was received.
        Exception: Whatever `zipfile` and NumPy's header parser throw on a damaged or hostile archive.
    """
    with zipfile.ZipFile(path) as archive, archive.open(_checked(archive, keys, shape, dtype)) as file:
        array: NDArray[np.integer] = npy.read_array(file, allow_pickle=False)
    return array


def check(path: Path, keys: tuple[str, ...], shape: tuple[int, ...], dtype: str = "uint8") -> None:
    """Compare what an archive says of its array with `shape` and `dtype`, without reading the array; see `read`."""
    with zipfile.ZipFile(path) as archive:
        _checked(archive, keys, shape, dtype)


def _checked(archive: zipfile.ZipFile, keys: tuple[str, ...], shape: tuple[int, ...], dtype: str) -> str:
    """Return the name of the array that an archive has, if its header and size are right."""
    names = archive.namelist()
    name = next((f"{key}.npy" for key in keys if f"{key}.npy" in names), None)
    if name is None:
        raise ValueError(f"an archive of {', '.join(names[:6]) or 'nothing'}, without {' or '.join(keys)}")
    with archive.open(name) as file:
        received, _, stored = _header(file)
        size = file.tell() + int(np.prod(shape)) * np.dtype(dtype).itemsize
    if received != shape or stored != np.dtype(dtype):
        raise ValueError(f"{name} with {stored} {received}")
    # zipfile compares its checksum when the declared size has been read, so that must be the size of the array.
    if archive.getinfo(name).file_size != size:
        raise ValueError(f"{name} of {archive.getinfo(name).file_size:,} bytes instead of {size:,}")
    return name


def _header(file: IO[bytes]) -> tuple[tuple[int, ...], bool, np.dtype]:
    """Return shape, whether in Fortran order, and type, as a `.npy` file declares them."""
    version = npy.read_magic(file)
    if version == (1, 0):
        return npy.read_array_header_1_0(file)
    if version == (2, 0):
        return npy.read_array_header_2_0(file)
    raise ValueError(f"version {version} of the .npy format")
