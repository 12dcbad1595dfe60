"""Data sets in one archive, as their publishers pack them: small ones, from a server on this machine."""

import hashlib
import io
import tarfile
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cnn_dash.datasets import catalogue
from cnn_dash.datasets.sources.archived import ArchivedSource
from cnn_dash.errors import DataError, DataNotFound
from tests.toy_dataset import Server, pack

TRAIN, TEST = 20, 4
PIXELS = np.random.default_rng(3).integers(0, 256, (TRAIN + TEST, 32, 32, 3), dtype=np.uint8)
LABELS = (np.arange(TRAIN + TEST) % 10).astype(np.uint8)


def cifar(cut: int = 0, names: tuple[str, ...] = ()) -> bytes:
    """Return an archive as CIFAR-10's, with four images in each file; the last one misses `cut` bytes."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as archive:
        for index, name in enumerate(names or (*(f"data_batch_{n}.bin" for n in range(1, 6)), "test_batch.bin")):
            part = slice(index * TEST, (index + 1) * TEST)
            rows = np.concatenate([LABELS[part, None], PIXELS[part].transpose(0, 3, 1, 2).reshape(TEST, -1)], axis=1)
            content = rows.tobytes()[: -cut or None]
            member = tarfile.TarInfo(f"cifar-10-batches-bin/{name}")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return file.getvalue()


def emnist(name: str = "emnist-letters") -> bytes:
    """Return an archive as EMNIST's: rows and columns exchanged, labels from 1."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for split, part in (("train", slice(0, TRAIN)), ("test", slice(TRAIN, None))):
            images = PIXELS[part, :28, :28, 0].swapaxes(1, 2)
            archive.writestr(f"gzip/{name}-{split}-images-idx3-ubyte.gz", pack(images))
            archive.writestr(f"gzip/{name}-{split}-labels-idx1-ubyte.gz", pack(LABELS[part] + np.uint8(1)))
    return file.getvalue()


def small(name: str, archive: bytes, url: str = "http://127.0.0.1:9/nothing/") -> ArchivedSource:
    """Return a source of the catalogue for an archive of few images."""
    source = catalogue.SOURCES[name]
    assert isinstance(source, ArchivedSource)
    info = replace(source.info, train_count=TRAIN, test_count=TEST, download_url=url)
    return replace(source, info=info, md5=hashlib.md5(archive).hexdigest())


@pytest.mark.parametrize(("name", "archive"), [("cifar10", cifar()), ("emnist-letters", emnist())])
def test_an_archive_is_downloaded_once_and_read_as_it_was_packed(
    name: str, archive: bytes, server: Server, tmp_path: Path
) -> None:
    source = small(name, archive, server.url)
    server.files[source.archive] = archive
    expected = PIXELS if name == "cifar10" else PIXELS[:, :28, :28, :1]
    assert not source.is_local(tmp_path)

    for _ in range(2):
        data = catalogue.load_source(source, tmp_path, imported_dir=tmp_path / "imported")

    assert server.requests == [source.archive]
    assert source.is_local(tmp_path)
    np.testing.assert_array_equal(data.test.images, expected[TRAIN:])
    np.testing.assert_array_equal(data.test.labels, LABELS[TRAIN:])
    learned = np.concatenate([data.train.images, data.validation.images])
    assert sorted(image.tobytes() for image in learned) == sorted(image.tobytes() for image in expected[:TRAIN])


@pytest.mark.parametrize(
    ("name", "archive", "received"),
    [
        pytest.param("cifar10", cifar(cut=1), "instead of 12,292", id="a short file"),
        pytest.param("cifar10", cifar(names=("data_batch_1.bin",)), "without data_batch_2.bin", id="a missing file"),
        pytest.param("cifar10", cifar()[:-200], "", id="cut off"),
        pytest.param("cifar10", b"<html>", "", id="a web page"),
        pytest.param("emnist-letters", emnist("emnist-digits"), "emnist-letters-train-images", id="another set"),
        pytest.param("emnist-letters", b"PK", "", id="no archive"),
    ],
)
def test_a_damaged_archive_is_named_with_what_to_do(name: str, archive: bytes, received: str, tmp_path: Path) -> None:
    source = small(name, archive)
    (tmp_path / source.archive).write_bytes(archive)

    with pytest.raises(DataError, match=r"is not a good file of .* Received: .* Next: delete the file") as caught:
        source.read(tmp_path)

    assert received in str(caught.value)
    assert str(tmp_path / source.archive) in str(caught.value)


def test_an_archive_with_another_checksum_is_refused_before_it_is_read(tmp_path: Path) -> None:
    source = small("cifar10", cifar())
    (tmp_path / source.archive).write_bytes(cifar(cut=1))
    with pytest.raises(DataError, match="another file than the publisher's"):
        source.read(tmp_path)


def test_what_is_no_archive_is_named_before_it_is_loaded(tmp_path: Path) -> None:
    source = small("cifar10", cifar())
    assert source.problem(tmp_path) is None
    (tmp_path / source.archive).write_bytes(cifar())
    assert source.problem(tmp_path) is None
    (tmp_path / source.archive).write_bytes(b"<html>")
    assert str(tmp_path / source.archive) in (source.problem(tmp_path) or "")


def test_without_the_archive_the_error_says_where_to_put_it(tmp_path: Path) -> None:
    with pytest.raises(DataNotFound, match=r"cifar-10-binary\.tar\.gz .*cifar10"):
        catalogue.load_source(small("cifar10", cifar()), tmp_path)
