import io
import struct
import tokenize
import tracemalloc
import zipfile
from pathlib import Path

import numpy as np
import pytest

from cnn_dash.datasets.sources import npz

ARRAY = np.random.default_rng(5).integers(0, 256, (6, 4, 3), dtype=np.uint8)


def npy(array: np.ndarray, **header: object) -> bytes:
    """A `.npy` file, with some of its header's values replaced by others."""
    values = {"descr": "|u1", "fortran_order": False, "shape": array.shape} | header
    text = repr(values).encode() + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text + array.tobytes()


def archive(path: Path, content: bytes, compression: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", compression) as file:
        file.writestr("x_train.npy", content)
    return path


@pytest.fixture
def path(tmp_path) -> Path:
    return tmp_path / "set.npz"


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
@pytest.mark.parametrize("key", ["x_train", "arr_0"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_an_array_is_read_under_either_key(path, save, key, order):
    save(path, **{key: np.array(ARRAY, order=order), "other": np.zeros(3)})
    np.testing.assert_array_equal(npz.read(path, ("x_train", "arr_0"), ARRAY.shape), ARRAY)


def test_the_helper_of_these_tests_writes_good_files(path):
    np.testing.assert_array_equal(npz.read(archive(path, npy(ARRAY)), ("x_train",), ARRAY.shape), ARRAY)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"\x93NUMPY", id="only the magic"),
        pytest.param(npy(ARRAY)[:-1], id="one value short"),
        pytest.param(npy(ARRAY) + b"\0", id="one value more"),
        pytest.param(npy(ARRAY, shape=(6, 12)), id="another shape"),
        pytest.param(npy(ARRAY, shape=(2**40, 2**20)), id="absurd shape"),
        pytest.param(npy(ARRAY, shape=(-6, 4, 3)), id="negative shape"),
        pytest.param(npy(ARRAY, shape="many"), id="a shape that is none"),
        pytest.param(npy(ARRAY, descr="<f8"), id="another type"),
        pytest.param(npy(ARRAY, descr="|O"), id="objects"),
        pytest.param(npy(ARRAY, descr="no type"), id="a type that is none"),
        pytest.param(npy(ARRAY).replace(b"NUMPY\x01", b"NUMPY\x09"), id="another version"),
        pytest.param(b"\x93NUMPY\x01\x00\x10\x00" + b"(" * 16, id="a header that is no Python"),
    ],
)
def test_anything_else_is_refused(path, content):
    with pytest.raises((ValueError, tokenize.TokenError)):  # the second comes out of NumPy's header parser
        npz.read(archive(path, content), ("x_train",), ARRAY.shape)


def test_the_refusal_says_what_the_archive_holds(path):
    np.savez(path, weights=ARRAY, bias=ARRAY)
    with pytest.raises(ValueError, match=r"weights\.npy, bias\.npy, without x_train or arr_0"):
        npz.read(path, ("x_train", "arr_0"), ARRAY.shape)
    np.savez(path, x_train=ARRAY.astype(np.float32))
    with pytest.raises(ValueError, match=r"float32 \(6, 4, 3\)"):
        npz.read(path, ("x_train",), ARRAY.shape)


class Trap:
    sprung = False

    def __reduce__(self):
        return setattr, (Trap, "sprung", True)


def test_nothing_is_ever_unpickled(path):
    file = io.BytesIO()
    np.save(file, np.full(ARRAY.shape, Trap(), dtype=object), allow_pickle=True)
    with pytest.raises(ValueError, match="object"):
        npz.read(archive(path, file.getvalue()), ("x_train",), ARRAY.shape)
    assert not Trap.sprung


def test_a_changed_byte_is_found_by_the_checksum(path):
    archive(path, npy(ARRAY), zipfile.ZIP_STORED)
    content = path.read_bytes()
    place = content.index(ARRAY.tobytes()) + 5
    path.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
    with pytest.raises(zipfile.BadZipFile, match="CRC"):
        npz.read(path, ("x_train",), ARRAY.shape)


@pytest.mark.parametrize("keep", [0, 10, 0.5, 0.95])
def test_an_archive_that_is_cut_short_is_refused(path, keep):
    content = archive(path, npy(ARRAY)).read_bytes()
    path.write_bytes(content[: int(keep if keep >= 1 else keep * len(content))])
    with pytest.raises(zipfile.BadZipFile):
        npz.read(path, ("x_train",), ARRAY.shape)


def test_a_bomb_is_not_unpacked(path):
    archive(path, npy(ARRAY) + bytes(64 << 20))
    tracemalloc.start()
    try:
        with pytest.raises(ValueError, match="bytes instead of"):
            npz.read(path, ("x_train",), ARRAY.shape)
        assert tracemalloc.get_traced_memory()[1] < 4 << 20
    finally:
        tracemalloc.stop()
