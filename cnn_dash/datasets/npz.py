"""Arrays out of `.npz` archives from anywhere, without trusting what they say about themselves."""

import zipfile
from pathlib import Path
from typing import IO

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray


def read(path: Path, keys: tuple[str, ...], shape: tuple[int, ...]) -> NDArray[np.uint8]:
    """Read the first of `keys` that the archive has; it must be exactly a uint8 array of `shape`.

    `numpy.load` allocates what a header claims before it reads. So the header is compared first; then only the bytes
    of `shape` are unpacked, and nothing is ever unpickled.

    Raises:
        ValueError: If the archive holds something else; the message says what was received.
        Exception: Whatever `zipfile` and NumPy's header parser throw on a damaged or hostile archive.
    """
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        name = next((f"{key}.npy" for key in keys if f"{key}.npy" in names), None)
        if name is None:
            raise ValueError(f"an archive of {', '.join(names[:6]) or 'nothing'}, without {' or '.join(keys)}")
        with archive.open(name) as file:
            received, _, dtype = _header(file)
            size = file.tell() + int(np.prod(shape))
        if received != shape or dtype != np.uint8:
            raise ValueError(f"{name} with {dtype} {received}")
        # zipfile compares its checksum when the declared size has been read, so that must be the size of the array.
        if archive.getinfo(name).file_size != size:
            raise ValueError(f"{name} of {archive.getinfo(name).file_size:,} bytes instead of {size:,}")
        with archive.open(name) as file:
            array: NDArray[np.uint8] = npy.read_array(file, allow_pickle=False)
    return array


def _header(file: IO[bytes]) -> tuple[tuple[int, ...], bool, np.dtype]:
    """Shape, whether in Fortran order, and type, as a `.npy` file declares them."""
    version = npy.read_magic(file)
    if version == (1, 0):
        return npy.read_array_header_1_0(file)
    if version == (2, 0):
        return npy.read_array_header_2_0(file)
    raise ValueError(f"version {version} of the .npy format")
