import gzip

import numpy as np
import pyarrow as pa
import pytest

from cnn_dash.datasets import catalogue
from cnn_dash.datasets.folders_file import write_folders
from cnn_dash.datasets.npz_file import write_npz
from cnn_dash.datasets.own import library
from cnn_dash.datasets.own.derive import read_rows
from cnn_dash.datasets.own.importing import import_from
from cnn_dash.datasets.own.inspection import inspect
from cnn_dash.datasets.own.manifest import ImportOptions
from cnn_dash.datasets.readers import csv_pixels
from cnn_dash.datasets.readers.few import few
from cnn_dash.datasets.readers.opening import open_reader
from tests.brought_files import IMAGES, LABELS, csv, every_form, idx_images, idx_labels, npz, on_disk, parquet, tar
from tests.class_folders import SHAPES, files, pack, picture

FORMS = ["zip", "tar", "tar.gz", "folder", "npz", "idx in a zip", "idx in a folder", "csv", "csv.gz", "csv in a zip"]
FORMS += ["parquet"]


def bring(path, tmp_path, name="a", size=8):
    return import_from(open_reader(path), name, tmp_path / "data", ImportOptions(size=size))


def mapped(tmp_path, name="a"):
    return catalogue.source(name, tmp_path / "data").mapped(tmp_path / "data")


@pytest.fixture(scope="module")
def forms(tmp_path_factory):
    return every_form(tmp_path_factory.mktemp("forms"))


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_read(form, forms, tmp_path):
    found = inspect(forms[form])
    made = bring(forms[form], tmp_path)
    assert len(found.class_names) == 3
    assert found.total == sum(made.total.values()) in (30, 39, 60)
    assert found.has_test == any(word in found.layout for word in ("and test",))
    assert {one.label for one in found.samples} == set(found.class_names)
    assert not found.problems
    data = mapped(tmp_path)
    assert data.train_images.shape == (made.total["train"], 8, 8, 1)
    assert np.bincount(data.train_labels).min() >= 8


def test_archives_and_folders_of_the_same_pictures_are_the_same_data_set(forms, tmp_path):
    hashes = {bring(forms[form], tmp_path, form.replace(".", "")).content_hash for form in FORMS[:4]}
    assert len(hashes) == 1


def test_pixels_of_arrays_and_tables_are_those_that_were_brought(forms, tmp_path):
    bring(forms["npz"], tmp_path, "n")
    bring(forms["idx in a zip"], tmp_path, "i")
    for name in "ni":
        np.testing.assert_array_equal(mapped(tmp_path, name).train_images[..., 0], IMAGES)
        np.testing.assert_array_equal(mapped(tmp_path, name).test_labels, LABELS[:9])
    bring(forms["csv"], tmp_path, "c")
    found = mapped(tmp_path, "c")
    by_pixels = {image.tobytes(): label for image, label in zip(IMAGES, LABELS, strict=True)}
    for image, label in zip(found.train_images[..., 0], found.train_labels, strict=True):
        assert by_pixels[image.tobytes()] == label


def test_what_is_written_is_read_again(forms, tmp_path):
    first = bring(forms["npz"], tmp_path)
    write_npz("a", tmp_path / "data", tmp_path / "out.npz")
    assert bring(tmp_path / "out.npz", tmp_path, "b").content_hash == first.content_hash
    write_folders("a", tmp_path / "data", tmp_path / "out.zip")
    again = bring(tmp_path / "out.zip", tmp_path, "c")
    assert (again.class_names, again.counts) == (first.class_names, first.counts)
    pixels = sorted(image.tobytes() for image in mapped(tmp_path, "c").train_images)
    assert pixels == sorted(image.tobytes() for image in mapped(tmp_path).train_images)


@pytest.mark.parametrize(
    ("images", "wanted"),
    [
        (IMAGES / np.float32(255), IMAGES),
        (IMAGES.astype(np.float64), IMAGES),
        (IMAGES.astype(np.uint16) * 257, IMAGES),
        (IMAGES.astype(np.int32), IMAGES),
        (IMAGES > 127, (IMAGES > 127) * 255),
        (IMAGES.reshape(30, 64), IMAGES),
        (IMAGES[..., None], IMAGES),
        (IMAGES[:, None], IMAGES),
        (IMAGES / 127.5 - 1, IMAGES),
    ],
    ids=["0-1", "floats", "16 bits", "int32", "bool", "flat", "channel", "channel first", "-1-1"],
)
def test_arrays_of_usual_types_and_shapes_are_understood(images, wanted, tmp_path):
    bring(npz(tmp_path / "a.npz", x_train=images, y_train=LABELS, x_test=images, y_test=LABELS), tmp_path)
    assert np.abs(mapped(tmp_path).train_images[..., 0].astype(int) - wanted).max() <= 1


def test_training_and_test_images_have_one_scale(tmp_path):
    bright, dark = IMAGES.astype(np.uint16) * 257, np.full((9, 8, 8), 200, np.uint16)
    path = npz(tmp_path / "a.npz", x_train=bright, y_train=LABELS, x_test=dark, y_test=LABELS[:9])
    bring(path, tmp_path)
    assert mapped(tmp_path).test_images.max() == 1


def test_labels_may_be_texts_one_hot_or_have_names(tmp_path):
    texts = npz(tmp_path / "t.npz", images=IMAGES, labels=np.array(["ü", "b", "a"])[LABELS])
    assert bring(texts, tmp_path, "t").class_names == ("a", "b", "ü")
    hot = npz(tmp_path / "h.npz", images=IMAGES, labels=np.eye(3)[LABELS])
    assert bring(hot, tmp_path, "h").class_names == ("0", "1", "2")
    names = np.array(["zero", "one", "two", "never"])
    named = npz(tmp_path / "n.npz", images=IMAGES, labels=LABELS, class_names=names)
    assert bring(named, tmp_path, "n").class_names == ("zero", "one", "two")


def test_a_table_without_header_may_have_its_labels_last(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(csv(header=False, last=True))
    assert bring(path, tmp_path).class_names == SHAPES


def test_a_table_of_shares_is_scaled_and_a_bad_row_is_skipped(tmp_path):
    path = tmp_path / "a.csv"
    rows = [
        ",".join(["k" if label else "l", *(f"{one / 255:.5f}" for one in image.ravel())])
        for image, label in zip(IMAGES, LABELS, strict=True)
    ]
    path.write_text("\r\n".join([*rows, "k,0.5,0.5"]))
    made = bring(path, tmp_path)
    assert [one.file for one in made.skipped] == ["a.csv[30]"]
    assert {one.tobytes() for one in mapped(tmp_path).train_images} <= {one.tobytes() for one in IMAGES}


def test_parquet_keeps_its_other_columns_and_the_names_of_its_classes(forms, tmp_path):
    made = bring(forms["parquet"], tmp_path)
    assert made.class_names == SHAPES
    rows = read_rows(library.folder_of("a", tmp_path / "data"))
    assert {row.columns["writer"] for row in rows["train"]} == {"w0", "w1", "w2", "w3"}
    assert {"tags"} & rows["train"][0].columns.keys() == set()


def test_a_folder_of_parquet_has_its_splits_in_the_names(tmp_path):
    table = pa.table({"image": [picture(SHAPES[one % 3], one) for one in range(30)], "label": list(SHAPES) * 10})
    folder = tmp_path / "data-in"
    folder.mkdir()
    for name in ("train-00000-of-00002", "train-00001-of-00002", "test-00000-of-00001"):
        parquet(folder / f"{name}.parquet", table)
    assert bring(folder, tmp_path).total == {"train": 60, "test": 30}


def test_names_of_macos_are_decoded(tmp_path):
    contents = {f"{label}/{one}.png": picture("bar", one) for label in ("Äpfel", "犬") for one in range(8)}
    path = pack(tmp_path / "a.zip", contents)
    data = bytearray(path.read_bytes())
    for place in range(len(data)):  # macOS writes UTF-8 without the flag that says so
        if data[place : place + 4] == b"PK\x03\x04":
            data[place + 7] &= 0xF7
        elif data[place : place + 4] == b"PK\x01\x02":
            data[place + 9] &= 0xF7
    path.write_bytes(data)
    assert bring(path, tmp_path).class_names == ("Äpfel", "犬")


@pytest.mark.parametrize("top", ["", "flowers/", "a/b/"])
def test_common_folders_above_are_passed_by(top, tmp_path):
    made = bring(pack(tmp_path / "a.zip", files(10, ("train/", "valid/", "test/"), top)), tmp_path)
    assert made.total == {"train": 60, "test": 30}


def test_a_common_folder_within_a_split_is_passed_by(tmp_path):
    contents = files(10, ("train/train/", "test/inner/"), "all/")
    made = bring(pack(tmp_path / "a.zip", contents), tmp_path)
    assert (made.class_names, made.total) == (SHAPES, {"train": 30, "test": 30})


def test_folders_within_class_folders_do_not_matter(tmp_path):
    contents = {path.replace("/", "/deep/er/"): content for path, content in files().items()}
    made = bring(pack(tmp_path / "a.zip", contents), tmp_path)
    assert made.class_names == SHAPES
    assert any("within class folders" in note for note in made.notes)


def test_long_names_in_a_tar_are_followed(tmp_path):
    long = {f"{'x' * 120}/{path}": content for path, content in files().items()}
    assert bring(tar(tmp_path / "a.tar", long), tmp_path).class_names == SHAPES


@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "GIF", "BMP", "TIFF", "PNG"])
@pytest.mark.parametrize("mode", ["L", "RGB", "P"])
def test_pictures_of_every_kind_become_images(kind, mode, tmp_path):
    contents = {
        f"{label}/{one}": picture(label, one, (12, 9), kind, "RGB" if (kind, mode) == ("JPEG", "P") else mode)
        for label in SHAPES
        for one in range(6)
    }
    made = bring(pack(tmp_path / "a.zip", contents), tmp_path)
    assert made.skipped_count == 0


def test_idx_without_a_test_set_holds_some_out(tmp_path):
    contents = {"train-images-idx3-ubyte": idx_images(), "train-labels-idx1-ubyte.gz": gzip.compress(idx_labels())}
    assert bring(on_disk(tmp_path / "idx", contents), tmp_path).total == {"train": 24, "test": 6}


def test_a_few_are_of_every_class():
    labels = ["a"] * 100 + ["b"] * 3 + [""] + ["c"]
    chosen = few(labels, 7)
    assert chosen == sorted(chosen)
    assert sorted(labels[one] for one in chosen) == ["a", "a", "a", "b", "b", "b", "c"]
    assert len(few([str(one) for one in range(1000)], 24)) == 24
    assert few([], 5) == []


def test_only_the_beginning_of_a_table_of_long_rows_is_looked_at():
    lines = iter([f"0{',0' * 400_000}"] * 50)
    assert len(csv_pixels._first(lines)) == 2
    assert len(list(lines)) == 48
