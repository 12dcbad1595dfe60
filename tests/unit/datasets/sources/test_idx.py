import gzip
import hashlib
import tracemalloc
import zlib

import numpy as np
import pytest

from cnn_dash.datasets.sources import idx

ARRAY = np.arange(5 * 4 * 3, dtype=np.uint8).reshape(5, 4, 3)
GOOD = idx.header(ARRAY.shape) + ARRAY.tobytes()
BROKEN = (ValueError, OSError, EOFError, zlib.error)


def test_the_header_is_the_documented_one():
    assert idx.header((60_000, 28, 28)) == bytes.fromhex("00000803 0000ea60 0000001c 0000001c")
    assert idx.header((10_000,)) == bytes.fromhex("00000801 00002710")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a-ubyte", GOOD),
        ("a-ubyte.gz", gzip.compress(GOOD, mtime=0)),
        ("unpacked-by-a-browser.gz", GOOD),
        ("packed-without-saying", gzip.compress(GOOD, mtime=0)),
        ("in-two-gzip-members.gz", gzip.compress(GOOD[:20], mtime=0) + gzip.compress(GOOD[20:])),
    ],
)
def test_a_file_is_read_however_it_is_packed(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    np.testing.assert_array_equal(idx.read(tmp_path / name, ARRAY.shape), ARRAY)


def flipped(content: bytes, place: int) -> bytes:
    return content[:place] + bytes([content[place] ^ 0xFF]) + content[place + 1 :]


NOISE = np.random.default_rng(3).bytes(ARRAY.size)  # does not compress, so a cut falls into the values


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(GOOD[:3], id="three bytes"),
        pytest.param(GOOD[:9], id="cut in the header"),
        pytest.param(GOOD[:16], id="only the header"),
        pytest.param(GOOD[:-1], id="one byte short"),
        pytest.param(GOOD + b"\0", id="one byte more"),
        pytest.param(b"<html>not here</html>", id="a web page"),
        pytest.param(flipped(GOOD, 2), id="another type"),
        pytest.param(flipped(GOOD, 3), id="another number of dimensions"),
        pytest.param(b"\0\0\x08\x03" + b"\xff" * 12, id="absurd sizes"),
        pytest.param(idx.header((4, 5, 3)) + ARRAY.tobytes(), id="another shape"),
        pytest.param(gzip.compress(GOOD[:-1], mtime=0), id="packed, one byte short"),
        pytest.param(gzip.compress(GOOD + b"\0", mtime=0), id="packed, one byte more"),
        pytest.param(gzip.compress(GOOD[:16] + NOISE, mtime=0)[:-20], id="packed, cut in the values"),
        pytest.param(gzip.compress(GOOD, mtime=0)[:-4], id="packed, cut in the checksum"),
        pytest.param(flipped(gzip.compress(GOOD, mtime=0), -6), id="packed, wrong checksum"),
        pytest.param(gzip.compress(GOOD, mtime=0)[:12], id="only the start of the packed file"),
        pytest.param(b"\x1f\x8b" + b"\xff" * 50, id="noise that looks packed"),
    ],
)
def test_anything_else_is_refused(tmp_path, content):
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(BROKEN):
        idx.read(tmp_path / "file", ARRAY.shape)


def test_the_refusal_says_what_the_file_is(tmp_path):
    (tmp_path / "file").write_bytes(idx.header((4, 5, 3)) + ARRAY.tobytes())
    with pytest.raises(ValueError, match="IDX of type 0x08 in 3 dimensions, 4×5×3"):
        idx.read(tmp_path / "file", ARRAY.shape)


@pytest.mark.parametrize("header", [idx.header(ARRAY.shape), b"\0\0\x08\x03" + b"\xff" * 12], ids=["right", "absurd"])
def test_a_bomb_is_not_unpacked(tmp_path, header):
    (tmp_path / "file.gz").write_bytes(gzip.compress(header + bytes(64 << 20), compresslevel=1))
    tracemalloc.start()
    try:
        with pytest.raises(BROKEN):
            idx.read(tmp_path / "file.gz", ARRAY.shape)
        assert tracemalloc.get_traced_memory()[1] < 4 << 20
    finally:
        tracemalloc.stop()


def test_the_checksum_is_that_of_the_unpacked_file():
    assert idx.md5(ARRAY) == hashlib.md5(GOOD).hexdigest()
    assert idx.md5(np.asfortranarray(ARRAY)) == hashlib.md5(GOOD).hexdigest()
