import gzip
from dataclasses import replace

import numpy as np
import pytest

from cnn_dash.datasets import catalogue
from cnn_dash.datasets.sources import idx
from cnn_dash.errors import DataError, DataNotFound


def rename_all(small, folder, rename):
    """Write the IDX files, under other names."""
    small.write_idx(folder, packed=False)
    for file in list(folder.iterdir()):
        file.rename(folder / rename(file.name))


PACKAGINGS = {
    "IDX in its folder": lambda small, data: small.write_idx(data / "small-set", packed=False),
    "gzipped IDX in its folder": lambda small, data: small.write_idx(data / "small-set"),
    "IDX in a folder with an underscore": lambda small, data: small.write_idx(data / "small_set"),
    "Keras' layout in the data folder": lambda small, data: small.write_keras_npz(data / "small-set.npz"),
    "Keras' layout with an underscore": lambda small, data: small.write_keras_npz(data / "small_set.npz"),
    "Keras' layout in its folder": lambda small, data: small.write_keras_npz(data / "small-set" / "small-set.npz"),
    "as 7-Zip unpacks it": lambda small, data: rename_all(
        small, data / "small-set", lambda name: name.replace("-idx", ".idx")
    ),
    "IDX in upper case": lambda small, data: rename_all(small, data / "Small-Set", str.upper),
    "torchvision's folder": lambda small, data: small.write_idx(data / "SmallSet" / "raw", packed=False),
    "Keras' folder of data sets": lambda small, data: small.write_idx(data / "datasets" / "small-set"),
    "Keras' file in its folder of data sets": lambda small, data: small.write_keras_npz(
        data / "datasets" / "small-set.npz"
    ),
    "Keras' layout in capitals": lambda small, data: small.write_keras_npz(data / "SMALL-SET.npz"),
    "publisher's npz in its folder": lambda small, data: small.write_publisher_npz(data / "small-set"),
    "publisher's npz in the data folder": lambda small, data: small.write_publisher_npz(data),
}


@pytest.mark.parametrize("packaging", PACKAGINGS)
def test_every_packaging_is_found_and_gives_the_same_images(small, tmp_path, packaging):
    PACKAGINGS[packaging](small, tmp_path)
    data = catalogue.load_source(small.source, tmp_path, 0.2)
    assert data.counts == {"train": 24, "validation": 6, "test": 12}
    np.testing.assert_array_equal(data.test.images[..., 0], small.arrays["t10k-images-idx3-ubyte"])
    np.testing.assert_array_equal(data.test.labels, small.arrays["t10k-labels-idx1-ubyte"])


def test_the_systems_own_folder_is_looked_into(small, tmp_path):
    small.write_idx(tmp_path / "usr" / "share")
    source = replace(small.source, system_folder=tmp_path / "usr" / "share")
    assert catalogue.load_source(source, tmp_path / "data").counts["test"] == 12


def test_idx_files_directly_in_the_data_folder_could_be_of_any_set_and_are_not_taken(small, tmp_path):
    small.write_idx(tmp_path)
    assert small.source.files(tmp_path) == ()


def test_a_folder_of_that_name_is_not_a_file(small, tmp_path):
    (tmp_path / "small-set.npz").mkdir()
    assert small.source.files(tmp_path) == ()


def test_a_part_that_is_nowhere_is_named_with_its_address_and_place(small, tmp_path):
    with pytest.raises(DataNotFound) as caught:
        small.source.read(tmp_path)
    for text in ("train-images-idx3-ubyte.gz", small.source.info.download_url, str(tmp_path / "small-set")):
        assert text in str(caught.value)


@pytest.mark.parametrize("kind", ["idx", "gz", "npz"])
def test_a_file_that_is_no_good_is_named_without_being_read_whole(small, tmp_path, kind):
    assert small.source.problem(tmp_path) is None
    if kind == "npz":
        small.write_keras_npz(tmp_path / "small-set.npz")
        bad = tmp_path / "small-set.npz"
    else:
        small.write_idx(tmp_path / "small-set", packed=kind == "gz")
        bad = tmp_path / "small-set" / f"train-images-idx3-ubyte{'.gz' if kind == 'gz' else ''}"
    assert small.source.problem(tmp_path) is None
    bad.write_bytes(b"<!DOCTYPE html>" if kind == "gz" else bad.read_bytes()[:-200])
    said = small.source.problem(tmp_path)
    assert said.startswith("Found, but of no use: ")
    assert str(bad) in said


def test_without_a_connection_the_files_beside_are_named_with_what_is_wrong(small, tmp_path):
    small.write_idx(tmp_path / "small-set", packed=False)
    (tmp_path / "small-set" / "t10k-labels-idx1-ubyte").unlink()
    bad = tmp_path / "small-set" / "train-images-idx3-ubyte"
    bad.write_bytes(bad.read_bytes()[:100])
    with pytest.raises(DataNotFound, match=r"cannot be downloaded.*Found, but of no use: .*train-images.*100 bytes"):
        catalogue.load_source(small.source, tmp_path)


DAMAGES = {
    "empty": lambda content: b"",
    "cut short": lambda content: content[: len(content) // 2],
    "a byte changed": lambda content: content[:-9] + bytes([content[-9] ^ 1]) + content[-8:],
    "a web page": lambda content: b"<!DOCTYPE html><title>Sign in</title>",
}


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("packed", [True, False])
def test_a_damaged_file_is_named_and_nothing_else_is_tried(small, server, served, tmp_path, damage, packed):
    small.write_keras_npz(tmp_path / "small-set.npz")  # a good copy elsewhere does not hide the damage
    small.write_idx(tmp_path / "small-set", packed)
    path = tmp_path / "small-set" / ("train-images-idx3-ubyte" + (".gz" if packed else ""))
    damaged = DAMAGES[damage](path.read_bytes())
    path.write_bytes(damaged)
    with pytest.raises(DataError, match=r"Received: .* Allowed: .* Next: delete the file") as caught:
        catalogue.load_source(served, tmp_path)
    assert str(path) in str(caught.value)
    assert not isinstance(caught.value, DataNotFound)
    assert path.read_bytes() == damaged
    assert server.requests == []


@pytest.mark.parametrize("write", [np.savez, np.savez_compressed])
def test_a_damaged_archive_is_named(small, tmp_path, write):
    path = tmp_path / "small-set.npz"
    small.write_keras_npz(path)
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(DataError, match=r"Next: delete the file") as caught:
        catalogue.load_source(small.source, tmp_path)
    assert str(path) in str(caught.value)


def test_the_pictures_of_another_set_are_refused_although_their_shape_fits(small, tmp_path):
    small.arrays["t10k-images-idx3-ubyte"] = 255 - small.arrays["t10k-images-idx3-ubyte"]
    small.write_keras_npz(tmp_path / "small-set.npz")
    with pytest.raises(DataError, match="other content, MD5"):
        catalogue.load_source(small.source, tmp_path)


def test_the_same_pictures_packed_differently_are_accepted(small, tmp_path):
    small.write_idx(tmp_path / "small-set")
    parts = tuple(replace(part, packed_md5="0" * 32) for part in small.source.parts)
    assert catalogue.load_source(replace(small.source, parts=parts), tmp_path).counts["test"] == 12


def test_a_part_known_only_as_its_publisher_packed_it_is_compared_where_it_is_packed(small, tmp_path):
    first = replace(small.source.parts[0], content_md5=None)
    source = replace(small.source, parts=(first, *small.source.parts[1:]))
    small.write_idx(tmp_path / "small-set")
    assert catalogue.load_source(source, tmp_path).counts["test"] == 12
    path = tmp_path / "small-set" / f"{first.idx_name}.gz"
    path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes()), compresslevel=1, mtime=7))
    with pytest.raises(DataError, match=r"another file than the publisher's, MD5 .* Next: delete the file"):
        catalogue.load_source(source, tmp_path)
    path.write_bytes(gzip.decompress(path.read_bytes()))  # as a browser may leave it: nothing to compare with
    assert catalogue.load_source(source, tmp_path).counts["test"] == 12


def test_a_label_beyond_the_classes_is_named(small, tmp_path):
    small.arrays["t10k-labels-idx1-ubyte"][4] = 200
    small.write_idx(tmp_path / "small-set")
    with pytest.raises(DataError, match=r"t10k-labels.*label 200 at place 4, with only 3 classes"):
        catalogue.load_source(small.source, tmp_path)


def test_fewer_labels_than_pictures_are_refused(small, tmp_path):
    small.write_idx(tmp_path / "small-set", packed=False)
    labels = small.arrays["train-labels-idx1-ubyte"][:-1]
    path = tmp_path / "small-set" / "train-labels-idx1-ubyte"
    path.write_bytes(idx.header(labels.shape) + labels.tobytes())
    with pytest.raises(DataError, match=r"train-labels-idx1-ubyte is not .* 29\. Allowed: uint8 \(30,\)"):
        catalogue.load_source(small.source, tmp_path)


@pytest.mark.parametrize("dtype", ["int16", "int32"])
@pytest.mark.parametrize("packaging", ["gzipped IDX in its folder", "Keras' layout in its folder"])
def test_labels_of_a_thousand_classes_need_more_than_a_byte(small, tmp_path, packaging, dtype):
    names = tuple(f"class {number}" for number in range(1000))
    parts = list(small.source.parts)
    for place in (1, 3):
        labels = np.linspace(0, 999, *parts[place].shape, dtype=dtype)
        small.arrays[parts[place].idx_name] = labels
        parts[place] = replace(parts[place], dtype=dtype, content_md5=idx.md5(labels))
    small.source = replace(small.source, info=replace(small.source.info, class_names=names), parts=tuple(parts))
    PACKAGINGS[packaging](small, tmp_path)
    read = catalogue.load_source(small.source, tmp_path).test.labels
    assert read.tolist() == np.linspace(0, 999, 12, dtype=int).tolist()
