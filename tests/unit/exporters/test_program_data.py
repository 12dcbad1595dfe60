"""How an exported program gets its data: downloaded and cut as ours, or from a file, or a sentence."""

import gzip
import zipfile
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from cnn_dash.datasets import catalogue
from cnn_dash.datasets.importing import to_internal
from cnn_dash.datasets.npz_file import write_npz
from cnn_dash.datasets.sources import idx
from cnn_dash.datasets.sources.archived import ArchivedSource
from cnn_dash.datasets.sources.protocol import SourceArrays
from cnn_dash.datasets.splits import validation_split
from cnn_dash.exporters.plain_keras.data import data
from cnn_dash.exporters.plain_keras.downloads import DOWNLOADS
from cnn_dash.exporters.plain_keras.program import imports
from tests.toy_dataset import pack


def run(name: str, shape: tuple[int, int, int] = (28, 28, 1), classes: int = 10, **options: Any) -> dict[str, Any]:
    """Run the section that reads the data; its names."""
    section = data(name, shape, classes, options.pop("fraction", 0.1), one_hot=options.pop("one_hot", False))
    names: dict[str, Any] = {"SEED": options.pop("seed", 1)}
    exec(f"{imports([section])}\n{section.code}", names)
    return names


def same_splits(names: dict[str, Any], made: Any, fraction: float = 0.1, seed: int = 1) -> None:
    training, validation = validation_split(len(made.train_labels), fraction, seed)
    for key, expected in {
        "x_train": made.train_images[training], "y_train": made.train_labels[training],
        "x_val": made.train_images[validation], "y_val": made.train_labels[validation],
        "x_test": made.test_images, "y_test": made.test_labels,
    }.items():  # fmt: skip
        np.testing.assert_array_equal(names[key], expected)


@pytest.fixture(autouse=True)
def no_data(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATA", raising=False)


def test_every_data_set_can_be_had() -> None:
    assert set(DOWNLOADS) == set(catalogue.SOURCES)


@pytest.mark.parametrize(("fraction", "seed"), [(0.1, 1), (0.25, 77)])
def test_the_5000_digits_are_cut_from_mnist(
    fraction: float, seed: int, shared_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def load_data() -> Any:
        with np.load(shared_data / "mnist.npz") as file:
            return (file["x_train"], file["y_train"]), (file["x_test"], file["y_test"])

    monkeypatch.setattr(keras.datasets.mnist, "load_data", load_data)
    source = catalogue.SOURCES["mnist-5k"]
    made = to_internal(source.read(shared_data), source.info)
    same_splits(run("mnist-5k", fraction=fraction, seed=seed), made, fraction, seed)


@pytest.mark.parametrize("name", ["kmnist", "kmnist-10k"])
def test_the_hiragana_come_from_their_publisher_with_checksums(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = catalogue.SOURCES[name]
    random = np.random.default_rng(2)
    arrays = {}
    for part in source.parts:
        count = part.shape[0]
        labels = random.permutation(np.arange(count) % 10).astype(np.uint8)
        arrays[part.idx_name] = labels if len(part.shape) == 1 else random.integers(0, 256, part.shape, np.uint8)
    asked = {}

    def get_file(fname: str, origin: str, file_hash: str) -> str:
        name = origin.rpartition("/")[2].removesuffix(".gz")
        asked[origin] = file_hash
        unpacked = idx.header(arrays[name].shape, "uint8") + bytes(idx.values(arrays[name]))
        (tmp_path / fname).write_bytes(gzip.compress(unpacked, 1))
        return str(tmp_path / fname)

    monkeypatch.setattr(keras.utils, "get_file", get_file)
    images, labels, *test = (arrays[part.idx_name] for part in source.parts)
    made = to_internal(SourceArrays(images, labels, (test[0], test[1]) if test else None), source.info)
    same_splits(run(name), made)
    assert asked == {f"{source.info.download_url}{part.idx_name}.gz": part.packed_md5 for part in source.parts}


@pytest.mark.parametrize("name", ["mnist", "fashion-mnist"])
def test_keras_downloads_what_it_knows(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    info = catalogue.get(name)
    pair = [(np.zeros((n, 28, 28), np.uint8), np.zeros(n, np.uint8)) for n in (info.train_count, info.test_count)]
    monkeypatch.setattr(getattr(keras.datasets, name.replace("-", "_")), "load_data", lambda: tuple(pair))
    names = run(name, fraction=0.2)
    assert names["x_train"].shape == (48_000, 28, 28, 1)
    assert (len(names["x_val"]), len(names["x_test"])) == (12_000, 10_000)


def test_the_small_digits_come_from_scikit_learn(tmp_path: Path) -> None:
    source = catalogue.SOURCES["digits"]
    same_splits(run("digits", (8, 8, 1)), to_internal(source.read(tmp_path), source.info))


def test_keras_downloads_the_colour_photographs(monkeypatch: pytest.MonkeyPatch) -> None:
    pair = [(np.zeros((n, 32, 32, 3), np.uint8), np.ones((n, 1), np.uint8)) for n in (50_000, 10_000)]
    monkeypatch.setattr(keras.datasets.cifar10, "load_data", lambda: tuple(pair))
    names = run("cifar10", (32, 32, 3))
    assert names["x_train"].shape == (45_000, 32, 32, 3)
    assert names["y_val"].shape == (5_000,)


def test_the_letters_come_from_their_publisher_s_archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = catalogue.SOURCES["emnist-letters"]
    info = source.info
    assert isinstance(source, ArchivedSource)
    with zipfile.ZipFile(tmp_path / "emnist-gzip.zip", "w") as archive:
        for split, count in (("train", info.train_count), ("test", info.test_count)):
            images = np.zeros((count, 28, 28), np.uint8)
            images[np.arange(count), 3, np.arange(count) % 28] = 200
            labels = (np.arange(count) % 26 + 1).astype(np.uint8)
            for kind, array in (("images-idx3", images), ("labels-idx1", labels)):
                archive.writestr(f"gzip/emnist-letters-{split}-{kind}-ubyte.gz", pack(array))
    asked = {}

    def get_file(fname: str, origin: str, file_hash: str) -> str:
        asked[origin] = file_hash
        return str(tmp_path / fname)

    monkeypatch.setattr(keras.utils, "get_file", get_file)
    names = run("emnist-letters", classes=26)
    same_splits(names, to_internal(source.reader(tmp_path / "emnist-gzip.zip", info), info))
    assert asked == {f"{info.download_url}gzip.zip": source.md5}
    assert names["x_test"][5, 5, 3, 0] == 200  # rows and columns are those that a reader sees


def test_a_file_of_ours_takes_the_place_of_a_download(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_npz("mnist-5k", tmp_path, tmp_path / "data.npz")
    with np.load(tmp_path / "data.npz") as file:
        assert {name: (file[name].dtype.name, file[name].shape) for name in file.files} == {
            "x_train": ("uint8", (4000, 28, 28)), "y_train": ("uint8", (4000,)),
            "x_test": ("uint8", (1000, 28, 28)), "y_test": ("uint8", (1000,)),
        }  # fmt: skip
    monkeypatch.setenv("DATA", str(tmp_path / "data.npz"))
    source = catalogue.SOURCES["mnist-5k"]
    same_splits(run("mnist-5k"), to_internal(source.read(tmp_path), source.info))
    assert run("mnist-5k", one_hot=True)["y_val"].shape == (400, 10)


def test_an_unknown_data_set_is_read_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    images = np.random.default_rng(1).integers(0, 256, (30, 8, 6, 3), np.uint8)
    np.savez("own.npz", x_train=images, y_train=np.arange(30) % 3, x_test=images[:5], y_test=np.arange(5) % 3)
    names = run("own", (8, 6, 3), 3, fraction=0.2)
    assert (names["x_train"].shape, names["x_val"].shape, names["x_test"].shape) == (
        (24, 8, 6, 3), (6, 8, 6, 3), (5, 8, 6, 3)
    )  # fmt: skip


def test_what_cannot_be_had_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def load_data() -> Any:
        raise Exception("URL fetch failure on https://example.org: None -- no route to host")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(keras.datasets.mnist, "load_data", load_data)
    with pytest.raises(SystemExit, match=r"no route to host\nSet DATA to a \.npz file with x_train, .* export dataset"):
        run("mnist")
    with pytest.raises(SystemExit, match=r"cannot be read: .*No such file.*own\.npz"):
        run("own")
    np.savez("other.npz", **dict.fromkeys(("x_train", "y_train", "x_test", "y_test"), np.zeros((3, 28, 28))))
    monkeypatch.setenv("DATA", "other.npz")
    with pytest.raises(SystemExit, match=r"DATA has 3 \+ 3 images, not 60000 \+ 10000\."):
        run("mnist")
