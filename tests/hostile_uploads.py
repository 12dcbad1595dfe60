"""Broken and hostile uploads: what each is, how it is made, and what the sentence must say that refuses it."""

import gzip
import io
import json
import os
import pickle
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from cnn_dash.errors import CnnDashError
from tests.brought_files import IMAGES, LABELS, csv, idx_files, idx_images, idx_labels, npz, on_disk, parquet, tar
from tests.class_folders import SHAPES, files, pack, picture

Build = Callable[[Path], Path]
CASES: dict[str, tuple[Build, str]] = {}
"""By what it is: a function that makes it in a folder, and a regular expression that the sentence must match."""


@dataclass(frozen=True)
class Upload:
    """One of them, on disk."""

    name: str
    path: Path
    says: str


def uploads(folder: Path) -> Iterator[Upload]:
    """Make all of them, each in a folder of its own."""
    for number, name in enumerate(CASES):
        yield make(name, folder / str(number))


def make(name: str, folder: Path) -> Upload:
    """Make one of them."""
    folder.mkdir(parents=True)
    build, says = CASES[name]
    return Upload(name, build(folder), says)


def refusal(call: Callable[[], object]) -> str | None:
    """Return the sentence with which something is refused; None if it is not. Other errors come through."""
    try:
        call()
    except CnnDashError as error:
        return str(error)
    return None


def _case(name: str, says: str) -> Callable[[Build], Build]:
    def add(build: Build) -> Build:
        assert name not in CASES
        CASES[name] = build, says
        return build

    return add


def _bytes(name: str, file: str, content: bytes, says: str) -> None:
    _case(name, says)(lambda folder: _written(folder / file, content))


def _zip(name: str, says: str, contents: dict[str, bytes]) -> None:
    _case(name, says)(lambda folder: pack(folder / "up.zip", contents))


def _written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


PNG = picture("bar", 1)
GOOD = files(4)

# ---- No data set at all

_bytes("an empty file", "up.zip", b"", "an empty file")
_bytes("text", "up.zip", b"hello\n", "columns")
_bytes("a web page", "up.zip", b"<!doctype html><html><p>Sign in, please</p></html>", "a web page")
_bytes("JSON", "up.json", b'{"label": 3, "pixels": [1, 2]}', "columns|text|unknown")
_bytes("zeros", "up.zip", bytes(4096), "unknown")
_bytes("noise", "up.bin", np.random.default_rng(0).bytes(5000), "unknown")
_bytes("a single picture", "cat.png", PNG, "a PNG picture, a single one")
_bytes("a PDF", "up.pdf", b"%PDF-1.4\n%", "PDF")
_bytes("a 7z archive", "up.7z", b"7z\xbc\xaf\x27\x1c" + bytes(99), "7z")
_bytes("a RAR archive", "up.rar", b"Rar!\x1a\x07\x01\x00" + bytes(99), "RAR")
_bytes("an xz archive", "up.tar.xz", b"\xfd7zXZ\x00" + bytes(99), "xz")
_bytes("a bzip2 archive", "up.tar.bz2", b"BZh91AY&SY" + bytes(99), "bzip2")
_bytes("a Zstandard file", "up.tar.zst", b"\x28\xb5\x2f\xfd" + bytes(99), "Zstandard")
_bytes("an HDF5 file", "up.h5", b"\x89HDF\r\n\x1a\n" + bytes(99), "HDF5")
_bytes("a MATLAB file", "up.mat", b"MATLAB 5.0 MAT-file" + bytes(200), "MATLAB")
_bytes("an SQLite database", "up.db", b"SQLite format 3\x00" + bytes(99), "SQLite")
for _protocol in (2, 3, 4, 5):
    _bytes(f"a pickle of protocol {_protocol}", "up.pkl", pickle.dumps([1], _protocol), "pickle")
_bytes("a pickle in a gzip file", "up.pkl.gz", gzip.compress(pickle.dumps([1], 4)), "pickle")
_bytes("a gzipped picture", "up.png.gz", gzip.compress(PNG), "single one")
_bytes("gzip in gzip", "up.gz", gzip.compress(gzip.compress(b"x")), "gzip archive")
_bytes("a gzip file of nothing", "up.gz", gzip.compress(b""), "an empty file")
_bytes("a gzip header alone", "up.gz", gzip.compress(b"x")[:8], "damaged or cut")


@_case("a single array", "a single NumPy array")
def _(folder: Path) -> Path:
    np.save(folder / "up.npy", IMAGES)
    return folder / "up.npy"


_case("a path that is not there", "There is no")(lambda folder: folder / "nowhere.zip")

# ---- ZIP: what is in it

_zip("an empty archive", "no file in it", {})
_zip("only what systems leave", "no file in it", {"__MACOSX/._a.png": b"x", ".DS_Store": b"x", "a/Thumbs.db": b"x"})
_zip("no pictures", r"no picture; the first file is a/readme\.md", {"a/readme.md": b"x", "b/readme.md": b"x"})
_zip("a single folder of pictures", "single folder", {f"cats/{one}.png": PNG for one in range(5)})
_zip("pictures without a folder", "single folder", {f"{one}.png": PNG for one in range(5)})
_zip("one class", r"1 class, 'a'", {"x/train/a/1.png": PNG, "x/test/a/1.png": PNG})
_zip(
    "flat train and test", "a picture of no class", {f"{one}/{n}.png": PNG for one in ("train", "test") for n in "123"}
)
_zip("too many classes", "1,001 classes", {f"c{one}/1.png": PNG for one in range(1_001)})
_zip(
    "a class only in the test",
    "no image to train with of the class 'c'",
    files(6, ("train/",)) | {"test/bar/1.png": PNG, "test/c/1.png": PNG},
)
_zip("too few images", "images to train with", {f"{label}/{one}.png": PNG for label in "ab" for one in range(3)})
_zip("names that read the same", "both read 'bar'", GOOD | {"bar\u200b/1.png": PNG})
_zip("a name that cannot be seen", "0 characters", GOOD | {"\u200b\u202e/1.png": PNG})
_zip("a long class name", "201 characters", GOOD | {f"{'x' * 201}/1.png": PNG})
_zip("a long path", "1,0.. characters", GOOD | {f"bar/{'x' * 1_020}.png": PNG})
_zip("only an archive within", r"no picture; the first file is inner\.zip", {"inner.zip": b"PK\x03\x04"})
_zip("archives as classes", "no picture", {"a/1.zip": b"PK", "b/1.tar.gz": b"x"})
_zip("pictures that are none", r"bar/0\.png", dict.fromkeys(GOOD, b"no picture"))
_zip("empty pictures", r"bar/0\.png.*0 bytes", dict.fromkeys(GOOD, b""))
_zip("pictures cut short", r"bar/0\.png", {path: content[:40] for path, content in GOOD.items()})
_zip("web pages for pictures", "a web page", dict.fromkeys(GOOD, b"<html>Not found</html>"))
_zip("documents for pictures", "PDF", dict.fromkeys(GOOD, b"%PDF-1.4\n"))
_zip("programs for pictures", r"bar/0\.png", {path: b"MZ" + bytes(100) for path in GOOD})
_zip("drawings for pictures", "SVG", dict.fromkeys(GOOD, b"<svg xmlns='http://www.w3.org/2000/svg'/>"))
_zip("every third picture bad", "too many", GOOD | dict.fromkeys(list(GOOD)[::3], b"x"))
for _kind in ("EPS", "PSD", "ICO", "PCX", "TGA", "DDS"):
    _zip(
        f"pictures of the kind {_kind}",
        "not a picture",
        {
            path: {
                "EPS": b"%!PS-Adobe-3.0 EPSF-3.0\n",
                "PSD": b"8BPS\x00\x01",
                "ICO": b"\x00\x00\x01\x00",
                "PCX": b"\x0a\x05\x01\x08",
                "TGA": b"\x00\x00\x02",
                "DDS": b"DDS |\x00\x00\x00",
            }[_kind]
            + bytes(200)
            for path in GOOD
        },
    )


def _huge_png() -> bytes:
    chunks = (b"IHDR" + struct.pack(">II5B", 100_000, 100_000, 8, 0, 0, 0, 0), b"IDAT" + zlib.compress(bytes(99)))
    packed = (struct.pack(">I", len(one) - 4) + one + struct.pack(">I", zlib.crc32(one)) for one in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


_zip("pictures of ten gigapixels", "too large", {path: _huge_png() for path in GOOD})

# ---- ZIP: names and kinds of its members

for _path in (
    "../evil.png",
    "a/../../evil.png",
    "/etc/evil.png",
    "C:/evil.png",
    "C:evil.png",
    "..",
    "a/..",
    "//x/y.png",
):
    _zip(f"a file called {_path}", "a file called|single folder", GOOD | {_path: PNG})
_zip("a path of Windows that climbs", "a file called", GOOD | {"..\\..\\evil.png": PNG})


def _special(mode: int) -> Build:
    def build(folder: Path) -> Path:
        with zipfile.ZipFile(pack(folder / "up.zip", GOOD), "a") as archive:
            info = zipfile.ZipInfo("bar/link.png")
            info.create_system, info.external_attr = 3, (mode | 0o644) << 16
            archive.writestr(info, "/etc/passwd")
        return folder / "up.zip"

    return build


for _what, _mode in (
    ("link", stat.S_IFLNK),
    ("fifo", stat.S_IFIFO),
    ("device", stat.S_IFCHR),
    ("socket", stat.S_IFSOCK),
):
    _case(f"a {_what} in a ZIP archive", r"bar/link\.png, a link or device")(_special(_mode))


@_case("a ZIP archive with two files of one name", r"two files called bar/0\.png")
def _(folder: Path) -> Path:
    with zipfile.ZipFile(pack(folder / "up.zip", GOOD), "a") as archive:
        archive.writestr("bar/0.png", b"x")
    return folder / "up.zip"


for _method, _number in (("bzip2", zipfile.ZIP_BZIP2), ("LZMA", zipfile.ZIP_LZMA)):

    def _other(folder: Path, number: int = _number) -> Path:
        with zipfile.ZipFile(folder / "up.zip", "w", number) as archive:
            for path, content in GOOD.items():
                archive.writestr(path, content)
        return folder / "up.zip"

    _case(f"a ZIP archive packed by {_method}", "packed by method")(_other)


def _patched(change: Callable[[bytearray], object]) -> Build:
    def build(folder: Path) -> Path:
        data = bytearray(pack(folder / "up.zip", GOOD).read_bytes())
        change(data)
        return _written(folder / "up.zip", bytes(data))

    return build


def _everywhere(signature: bytes, offset: int, change: Callable[[int], int]) -> Callable[[bytearray], None]:
    def patch(data: bytearray) -> None:
        place = data.find(signature)
        while place >= 0:
            data[place + offset] = change(data[place + offset])
            place = data.find(signature, place + 4)

    return patch


def _end(offset: int, value: bytes) -> Callable[[bytearray], None]:
    def patch(data: bytearray) -> None:
        place = data.rfind(b"PK\x05\x06")
        data[place + offset : place + offset + len(value)] = value

    return patch


CENTRAL, LOCAL = b"PK\x01\x02", b"PK\x03\x04"
_case("an encrypted ZIP archive", "encrypted")(_patched(_everywhere(CENTRAL, 8, lambda flag: flag | 1)))
_case("an unknown method", "method 99")(_patched(_everywhere(CENTRAL, 10, lambda _: 99)))
_case("wrong checksums", r"bar/0\.png")(_patched(_everywhere(CENTRAL, 16, lambda one: one ^ 255)))
_case("wrong sizes", "up.zip")(_patched(_everywhere(CENTRAL, 24, lambda one: one ^ 127)))
_case("wrong places of members", "up.zip")(_patched(_everywhere(CENTRAL, 42, lambda one: one ^ 255)))
_case("headers that are none", "up.zip")(_patched(_everywhere(LOCAL, 2, lambda _: 0)))
_case("a version of the future", "up.zip")(_patched(_everywhere(CENTRAL, 6, lambda _: 99)))
_case("a table of contents of 4 GB", "table of contents|damaged")(_patched(_end(12, b"\xf0\xff\xff\xff")))
_case("a table of contents behind the end", "up.zip")(_patched(_end(16, b"\xf0\xff\xff\x7f")))
_case("a table of contents of 100 MB", "table of contents of")(_patched(_end(12, struct.pack("<I", 100_000_000))))
_case("a ZIP64 end without one", "table of contents|damaged")(_patched(_end(12, b"\xff\xff\xff\xff")))
_case("a comment longer than the file", "up.zip")(_patched(_end(4, b"\x01\x00\x01\x00")))


@_case("a decompression bomb", r"up\.zip")
def _(folder: Path) -> Path:
    with zipfile.ZipFile(folder / "up.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(12):
            archive.writestr(f"{SHAPES[number % 3]}/{number}.png", PNG + bytes(15_000_000))
    return folder / "up.zip"


@_case("files of 60 GB by their headers", "GB unpacked")
def _(folder: Path) -> Path:
    data = bytearray(pack(folder / "up.zip", files(30)).read_bytes())
    place = data.find(CENTRAL)
    while place >= 0:
        data[place + 24 : place + 28] = struct.pack("<I", 0xF0000000)
        place = data.find(CENTRAL, place + 4)
    return _written(folder / "up.zip", bytes(data))


# ---- tar


def _tar(name: str, says: str, change: Callable[[tarfile.TarInfo], object], *, packed: bool = False) -> None:
    def build(folder: Path) -> Path:
        path = folder / ("up.tar.gz" if packed else "up.tar")
        with tarfile.open(path, "w:gz" if packed else "w") as archive:
            for one, content in GOOD.items():
                info = tarfile.TarInfo(one)
                info.size = len(content)
                archive.addfile(info, io.BytesIO(content))
            info = tarfile.TarInfo("bar/extra.png")
            change(info)
            archive.addfile(info)
        return path

    _case(name, says)(build)


for _what, _type in (
    ("symbolic link", tarfile.SYMTYPE),
    ("hard link", tarfile.LNKTYPE),
    ("device", tarfile.CHRTYPE),
    ("fifo", tarfile.FIFOTYPE),
    ("sparse file", tarfile.GNUTYPE_SPARSE),
    ("block", tarfile.BLKTYPE),
):

    def _typed(info: tarfile.TarInfo, kind: bytes = _type) -> None:
        info.type, info.linkname = kind, "/etc/passwd"

    _tar(f"a {_what} in a tar archive", r"bar/extra\.png, a link or device", _typed, packed=_what == "fifo")
for _path in ("../evil.png", "/etc/evil.png", "a/../../evil.png"):

    def _named(info: tarfile.TarInfo, path: str = _path) -> None:
        info.name = path

    _tar(f"a tar archive with {_path}", "a file called", _named)
_tar("a tar archive with two files of one name", "two files called", lambda info: setattr(info, "name", "bar/0.png"))
_tar("a long path in a tar archive", "characters", lambda info: setattr(info, "name", "bar/" + "x" * 1_200))
_tar("a very long header in a tar archive", "header of", lambda info: setattr(info, "name", "bar/" + "x" * 70_000))
_case("a tar archive of nothing", "no file in it")(lambda folder: _tarred(folder, {"a/": b""}))
_case("a tar archive of one folder", "single folder")(lambda folder: tar(folder / "up.tar", {"a/1.png": PNG}))


def _tarred(folder: Path, contents: dict[str, bytes]) -> Path:
    path = folder / "up.tar"
    with tarfile.open(path, "w") as archive:
        for name in contents:
            info = tarfile.TarInfo(name.strip("/"))
            info.type = tarfile.DIRTYPE
            archive.addfile(info)
    return path


def _tar_patched(place: int, value: bytes, *, sum_again: bool = True) -> Build:
    def build(folder: Path) -> Path:
        data = bytearray(tar(folder / "up.tar", GOOD).read_bytes())
        data[place : place + len(value)] = value
        if sum_again:
            data[148:156] = b" " * 8
            data[148:156] = b"%06o\0 " % sum(data[:512])
        return _written(folder / "up.tar", bytes(data))

    return build


_case("a tar archive with a wrong checksum", "damaged")(_tar_patched(0, b"zzz", sum_again=False))
_case("a tar file of negative size", "negative|damaged")(_tar_patched(124, b"\xff" * 12))
_case("a tar file of 8 GB", "cut short|more than|bomb")(_tar_patched(124, b"77777777777\0"))
_case("a tar file of a size that is none", "damaged")(_tar_patched(124, b"abcdefghijk\0"))
_case("a damaged header in the middle of a tar archive", "damaged")(_tar_patched(1024, b"zzz", sum_again=False))


@_case("a decompression bomb in a tar archive", "bomb")
def _(folder: Path) -> Path:
    path = folder / "up.tar.gz"
    with tarfile.open(path, "w:gz", compresslevel=9) as archive:
        for number in range(8):
            info = tarfile.TarInfo(f"{SHAPES[number % 3]}/{number}.png")
            info.size = 16_000_000
            archive.addfile(info, io.BytesIO(bytes(info.size)))
    return path


# ---- NumPy files


def _npz(name: str, says: str, **arrays: np.ndarray) -> None:
    _case(name, says)(lambda folder: npz(folder / "up.npz", **arrays))


_npz("arrays of other names", "arrays foo", foo=IMAGES, bar=LABELS)
_npz("images without labels", "arrays x_train", x_train=IMAGES)
_npz("labels of another count", "one label for each image", images=IMAGES, labels=LABELS[:20])
_npz("labels that are no whole numbers", "no whole numbers", images=IMAGES, labels=LABELS + 0.5)
_npz("labels that are not finite", "no whole numbers", images=IMAGES, labels=np.full(30, np.nan))
_npz("labels in a plane", r"\(30, 8\)", images=IMAGES, labels=IMAGES[:, 0])
_npz("complex labels", "complex", images=IMAGES, labels=LABELS.astype(complex))
_npz("complex images", "complex", images=IMAGES.astype(complex), labels=LABELS)
_npz("images of texts", "<U", images=IMAGES.astype(str), labels=LABELS)
_npz("images of five dimensions", r"\(30, 2, 2, 4, 4\)", images=IMAGES.reshape(30, 2, 2, 4, 4), labels=LABELS)
_npz("images of one dimension", r"\(30,\)", images=LABELS, labels=LABELS)
_npz("images of seven channels", "7", images=np.zeros((30, 8, 8, 7), np.uint8), labels=LABELS)
_npz("rows that are no square", r"\(30, 63\)", images=IMAGES.reshape(30, 64)[:, :63], labels=LABELS)
_npz("images without width", "0", images=np.zeros((30, 8, 0), np.uint8), labels=LABELS)
_npz("values that are no numbers", "no numbers", images=np.full((30, 8, 8), np.nan), labels=LABELS)
_npz("infinite values", "infinite", images=np.full((30, 8, 8), np.inf), labels=LABELS)
_npz("values of millions", "values from", images=IMAGES.astype(np.int64) * 10**6, labels=LABELS)
_npz("negative values", "values from -255", images=-IMAGES.astype(np.int16), labels=LABELS)
_npz(
    "a class for each of too many images",
    "1,500 classes",
    images=np.zeros((1500, 8, 8), np.uint8),
    labels=np.arange(1500),
)
_npz("one label", "1 class", images=IMAGES, labels=np.zeros(30, int))
_npz(
    "too few class names",
    "label 2 beside 2 class names",
    images=IMAGES,
    labels=LABELS,
    class_names=np.array(["a", "b"]),
)
_npz("class names that are numbers", "class names", images=IMAGES, labels=LABELS, class_names=np.arange(3))
_npz("class names twice", "both read 'a'", images=IMAGES, labels=LABELS, class_names=np.array(["a", "a ", "b"]))
_npz("no images", r"\(0, 8, 8\)|0 classes", images=IMAGES[:0], labels=LABELS[:0])
_npz("images in Fortran order", "Fortran", images=np.asfortranarray(IMAGES), labels=LABELS)


@_case("labels that only unpickling could read", "unpickling")
def _(folder: Path) -> Path:
    np.savez(folder / "up.npz", images=IMAGES, labels=np.array([*"abc"] * 10, object))
    return folder / "up.npz"


@_case("images that only unpickling could read", "unpickling")
def _(folder: Path) -> Path:
    np.savez(folder / "up.npz", images=np.array([{}] * 30, object), labels=LABELS)
    return folder / "up.npz"


def _npy(header: str, content: bytes, version: bytes = b"\x01\x00") -> bytes:
    text = header.encode() + b"\n"
    return b"\x93NUMPY" + version + struct.pack("<H", len(text)) + text + content


def _npz_of(name: str, says: str, images: bytes, labels: bytes | None = None) -> None:
    good = _npy("{'descr': '|u1', 'fortran_order': False, 'shape': (30,)}", LABELS.tobytes())
    _zip(name, says, {"images.npy": images, "labels.npy": good if labels is None else labels})


_HEADER = "{{'descr': '{}', 'fortran_order': False, 'shape': {}}}"
_PIXELS = IMAGES.tobytes()
_npz_of("an array longer than its file", "fewer values", _npy(_HEADER.format("|u1", "(30, 80, 80)"), _PIXELS))
_npz_of("an array shorter than its file", "more values", _npy(_HEADER.format("|u1", "(30, 4, 4)"), _PIXELS))
_npz_of("an array of exabytes", "rows of|up to", _npy(_HEADER.format("|u1", "(30, 99999999999, 99999999)"), _PIXELS))
_npz_of("too many rows", "up to 1,000,000", _npy(_HEADER.format("|u1", "(99999999999, 8, 8)"), _PIXELS))
_npz_of("a negative shape", "up\\.zip", _npy(_HEADER.format("|u1", "(-30, 8, 8)"), _PIXELS))
_npz_of("a negative side", "up\\.zip", _npy(_HEADER.format("|u1", "(30, -8, 8)"), _PIXELS))
_npz_of("a header that is a program", "damaged header", _npy("__import__('os').system('x')", _PIXELS))
_npz_of("a header that is no Python", "damaged header", _npy("{{{{", _PIXELS))
_npz_of("a header of nothing", "damaged header", _npy("", _PIXELS))
_npz_of("a header without a shape", "damaged header", _npy("{'descr': '|u1', 'fortran_order': False}", _PIXELS))
_npz_of("a type of NumPy's that there is not", "damaged header", _npy(_HEADER.format("|q9", "(30, 8, 8)"), _PIXELS))
_npz_of("an array of objects by its header", "unpickling", _npy(_HEADER.format("|O", "(30,)"), _PIXELS))
_npz_of("an array of a format of the future", "damaged header", _npy("", _PIXELS, b"\x09\x00"))
_npz_of("an array without its beginning", "damaged header", _PIXELS)
_npz_of("an empty array file", "damaged header", b"")
_npz_of(
    "labels of another length than they say",
    "fewer values",
    _npy(_HEADER.format("|u1", "(30, 8, 8)"), _PIXELS),
    _npy(_HEADER.format("|u1", "(30,)"), b"123"),
)
_npz_of(
    "texts of a gigabyte each",
    "up to|rows of",
    _npy(_HEADER.format("|u1", "(30, 8, 8)"), _PIXELS),
    _npy(_HEADER.format("<U250000000", "(30,)"), b"123"),
)

# ---- IDX


def _idx(name: str, says: str, **changes: bytes | None) -> None:
    contents = idx_files() | {key.replace("_", "-").replace("DOT", "."): value for key, value in changes.items()}
    _zip(name, says, {path: content for path, content in contents.items() if content is not None})


_bytes("one IDX file", "train-images-idx3-ubyte", idx_images(), "one IDX file")
_bytes("one gzipped IDX file", "train-labels-idx1-ubyte.gz", gzip.compress(idx_labels()), "one IDX file")
_idx("IDX without training labels", "without the other of its pair", train_labels_idx1_ubyte=None)
_idx("IDX without test images", "without the other of its pair", t10k_imagesDOTidx3_ubyte=None)
_idx("IDX of other labels", "30 images and 20 labels", train_labels_idx1_ubyte=idx_labels(LABELS[:20]))
_idx("IDX labels for images", "begins with", t10k_imagesDOTidx3_ubyte=idx_labels())
_idx("IDX cut short", "cut short", train_images_idx3_ubyteDOTgz=idx_images()[:500])
_idx("IDX cut in its header", "cut short", t10k_imagesDOTidx3_ubyte=idx_images()[:9])
_idx("IDX with more than it says", "more values", t10k_imagesDOTidx3_ubyte=idx_images(IMAGES[:9]) + b"x")
_idx("IDX of floats", "begins with", t10k_imagesDOTidx3_ubyte=b"\0\0\x0d\x03" + idx_images()[4:])
_idx("IDX of exabytes", "up to|4294967295", t10k_imagesDOTidx3_ubyte=b"\0\0\x08\x03" + b"\xff" * 12)
_idx("IDX of no size", "× 0", t10k_imagesDOTidx3_ubyte=struct.pack(">4B3I", 0, 0, 8, 3, 9, 0, 0))
_idx("a picture for IDX", "begins with", t10k_imagesDOTidx3_ubyte=PNG)
_idx(
    "a gzip file for IDX that is cut",
    "damaged or cut short|cut short",
    t10k_imagesDOTidx3_ubyte=gzip.compress(idx_images(IMAGES[:9]))[:200],
)
_idx("two sets of IDX files", "two sets at once", other_train_images_idx3_ubyte=idx_images())
_idx(
    "IDX of one class",
    "1 class",
    train_labels_idx1_ubyte=idx_labels(LABELS * 0),
    t10k_imagesDOTidx3_ubyte=None,
    **{"t10k_labelsDOTidx1_ubyteDOTgz": None},
)

# ---- CSV

_ROWS = csv(header=False)
_bytes("a table with a header alone", "up.csv", csv().splitlines()[0].encode(), r"up\.csv")
_bytes("a table that is no square", "up.csv", b"1,2,3\n2,3,4\n" * 20, "no square")
_bytes("a table of one column", "up.csv", b"1\n2\n" * 20, "columns")
_bytes("a table of rows of other lengths", "up.csv", (csv() + "1,2,3\n" * 20).encode(), "too many.*columns instead of")
_bytes("a table of large values", "up.csv", _ROWS.replace(",1", ",999").encode(), "beyond 0 to 255")
_bytes("a table of negative values", "up.csv", _ROWS.replace(",1", ",-1").encode(), "beyond 0 to 255")
_bytes("a table of words", "up.csv", _ROWS.replace(",1", ",one").encode(), "no number")
_bytes("a table without values", "up.csv", ("1" + "," * 64 + "\n").encode() * 30, r"up\.csv")
_bytes("a table of NaN", "up.csv", ("1" + ",nan" * 64 + "\n2" + ",nan" * 64 + "\n").encode() * 30, "beyond 0 to 255")
_bytes("a table of one class", "up.csv", ("1" + ",7" * 64 + "\n").encode() * 30, "1 class")
_bytes("a table with NUL in it", "up.csv", _ROWS.encode() + b"\0" * 10, "no text")
_bytes("a table of a line of 5 MB", "up.csv", b"1" + b",1" * 2_500_000, "a line of more than")
_bytes("a gzipped line of 300 MB", "up.csv.gz", gzip.compress(b"1,2" + bytes(30_000_000)), "unknown")
_bytes(
    "a table of a class each",
    "up.csv",
    "".join(f"{n}" + ",7" * 64 + "\n" for n in range(1100)).encode(),
    "1,100 classes",
)
_bytes("a table in UTF-16", "up.csv", _ROWS.encode("utf-16"), r"up\.csv")
_bytes("a table with semicolons", "up.csv", _ROWS.replace(",", ";").encode(), "columns")
_bytes("a table of a list of files", "up.csv", b"file,label\na.png,cat\nb.png,dog\n" * 9, r"up\.csv")
_zip(
    "tables of neither training nor test",
    "none of them for training",
    {"a.csv": csv().encode(), "b.csv": csv().encode()},
)

# ---- Parquet


def _parquet(name: str, says: str, **columns: object) -> None:
    _case(name, says)(lambda folder: parquet(folder / "up.parquet", pa.table(columns)))


_PICTURES = [picture(SHAPES[one % 3], one) for one in range(30)]
_parquet("Parquet without pictures", r"label \(int64\)", label=[1, 2], other=["a", "b"])
_parquet("Parquet without labels", r"image \(binary\)", image=_PICTURES)
_parquet("Parquet with two columns that could be labels", "called label", image=_PICTURES, a=[1] * 30, b=[2] * 30)
_parquet("Parquet of one class", "1 class", image=_PICTURES, label=[1] * 30)
_parquet("Parquet of no rows", "0 rows", image=pa.array([], pa.binary()), label=pa.array([], pa.int64()))
_parquet("Parquet of empty pictures", r"up\.parquet", image=[b""] * 30, label=[1, 2, 3] * 10)
_parquet(
    "Parquet of no pictures at all",
    "no picture in its row",
    image=pa.array([None] * 30, pa.binary()),
    label=[1, 2] * 15,
)
_parquet("Parquet of texts for pictures", "not a picture", image=[b"hello there"] * 30, label=[1, 2, 3] * 10)
_parquet("Parquet of labels that are none", "0 classes", image=_PICTURES, label=pa.array([None] * 30, pa.int64()))
_parquet(
    "Parquet of places of pictures",
    "no picture in its row",
    image=[{"bytes": None, "path": "a.png"}] * 30,
    label=[1, 2, 3] * 10,
)
_parquet("Parquet of a class each", "1,200 classes", image=[PNG] * 1200, label=list(range(1200)))
_parquet("Parquet of pictures in a list", "the columns", image=[[PNG]] * 30, label=[1, 2, 3] * 10)


@_case("Parquet with a label beyond its names", "label 2 beside 2 class names")
def _(folder: Path) -> Path:
    features = {"label": {"names": ["a", "b"], "_type": "ClassLabel"}}
    table = pa.table({"image": _PICTURES, "label": [0, 1, 2] * 10})
    told = {"huggingface": json.dumps({"info": {"features": features}})}
    return parquet(folder / "up.parquet", table.replace_schema_metadata(told))


_bytes("the beginning of a Parquet file", "up.parquet", b"PAR1", "damaged Parquet")
_bytes("Parquet of noise", "up.parquet", b"PAR1" + np.random.default_rng(1).bytes(900) + b"PAR1", "damaged Parquet")
_bytes("a Parquet footer of 2 GB", "up.parquet", b"PAR1" + bytes(50) + b"\xff\xff\xff\x7fPAR1", "damaged Parquet")
_case("Parquet in an archive", "in an archive")(
    lambda folder: pack(folder / "up.zip", {"a.parquet": parquet(folder / "x.parquet").read_bytes()})
)

# ---- Folders

_case("an empty folder", "no file in it")(lambda folder: on_disk(folder / "up", {".hidden": b""}))
_case("a folder of pictures", "single folder")(lambda folder: on_disk(folder / "up", {"1.png": PNG, "2.png": PNG}))


@_case("a folder with a link", r"bar/link\.png, a link or device")
def _(folder: Path) -> Path:
    (on_disk(folder / "up", GOOD) / "bar" / "link.png").symlink_to("/etc/passwd")
    return folder / "up"


@_case("a folder with a link to a folder", "secrets, a link or device")
def _(folder: Path) -> Path:
    (on_disk(folder / "up", GOOD) / "secrets").symlink_to("/etc")
    return folder / "up"


@_case("a folder with a pipe", "pipe, a link or device")
def _(folder: Path) -> Path:
    os.mkfifo(on_disk(folder / "up", GOOD) / "bar" / "pipe")
    return folder / "up"


# ---- Everything that is packed, cut off at many places


def _cut(build: Build, share: float) -> Build:
    def cut(folder: Path) -> Path:
        whole = build(folder)
        data = whole.read_bytes()
        return _written(whole, data[: int(len(data) * share)])

    return cut


_WHOLE: dict[str, tuple[str, Build]] = {
    "a ZIP archive": ("up.zip", lambda folder: pack(folder / "up.zip", GOOD)),
    "a tar archive": ("up.tar", lambda folder: tar(folder / "up.tar", GOOD)),
    "a tar.gz archive": ("up.tar.gz", lambda folder: tar(folder / "up.tar.gz", GOOD, "w:gz")),
    "a NumPy file": ("up.npz", lambda folder: npz(folder / "up.npz")),
    "a Parquet file": ("up.parquet", lambda folder: parquet(folder / "up.parquet")),
    "a gzipped table": ("up.csv.gz", lambda folder: _written(folder / "up.csv.gz", gzip.compress(csv().encode()))),
}
for _what, (_file, _build) in _WHOLE.items():
    for _percent in (3, 20, 45, 70, 90, 97):
        if (_what, _percent) != ("a tar archive", 97):  # only zeros are missing there
            _case(f"{_what} cut off at {_percent} %", _file.replace(".", r"\."))(_cut(_build, _percent / 100))
