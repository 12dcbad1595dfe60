import json

import numpy as np
import pyarrow.parquet as pq
import pytest

from cnn_dash.datasets import catalogue, internal_format
from cnn_dash.datasets.npz_file import write_npz
from cnn_dash.datasets.own import library
from cnn_dash.datasets.own.importing import ImportProgress, import_from
from cnn_dash.datasets.own.manifest import ImportOptions
from cnn_dash.datasets.readers.opening import open_reader
from cnn_dash.errors import ConfigError, DataError
from tests.class_folders import SHAPES, files, pack, picture

SMALL = ImportOptions(size=8)


def bring(tmp_path, contents, name="shapes", options=SMALL, **more):
    return import_from(open_reader(pack(tmp_path / f"{name}.zip", contents)), name, tmp_path / "data", options, **more)


def left(tmp_path):
    return sorted(path.name for path in (tmp_path / "data" / "own").iterdir())


def test_a_zip_of_class_folders_becomes_a_data_set(tmp_path):
    made = bring(tmp_path, files(20), title="Formen ✓", licence="mine")
    assert made.class_names == SHAPES
    assert made.total == {"train": 48, "test": 12}
    assert made.counts["test"] == (4, 4, 4)
    data = catalogue.load("shapes", tmp_path / "data")
    assert (data.title, data.classes, data.image_shape) == ("Formen ✓", 3, (8, 8, 1))
    assert data.content_hash == made.content_hash == catalogue.get("shapes", tmp_path / "data").content_hash
    assert left(tmp_path) == ["shapes"]


def test_the_hash_is_that_of_the_internal_form(tmp_path):
    bring(tmp_path, files(), options=ImportOptions(size=9, colour="rgb"))
    made = catalogue.source("shapes", tmp_path / "data").mapped(tmp_path / "data")
    arrays = (made.train_images, made.train_labels, made.test_images, made.test_labels)
    assert internal_format.content_hash(made.class_names, arrays) == made.content_hash
    assert made.train_images.dtype == np.uint8
    assert made.train_labels.dtype == np.int64


def test_pixels_are_those_of_the_pictures(tmp_path):
    bring(tmp_path, files(of_each=20))
    made = catalogue.source("shapes", tmp_path / "data").mapped(tmp_path / "data")
    wanted = {picture(label, number) for label in SHAPES for number in range(20)}
    both = [
        *zip(made.train_images, made.train_labels, strict=True),
        *zip(made.test_images, made.test_labels, strict=True),
    ]
    assert len(both) == len(wanted) == 60
    for image, label in both:
        brightest = {"bar": image[:, 4], "dash": image[4], "ring": image[1, 1:7]}[SHAPES[label]]
        assert brightest.min() == 250


def test_train_test_and_validation_folders_are_followed(tmp_path):
    contents = files(10, ("train/", "test/", "val/"), top="shapes/")
    made = bring(tmp_path, contents)
    assert made.total == {"train": 60, "test": 30}
    assert any("validation images join" in note for note in made.notes)
    table = pq.read_table(tmp_path / "data" / "own" / "shapes" / "1" / "examples.parquet").to_pylist()
    assert len(table) == 90
    assert {row["split"] for row in table if "/test/" in row["file"]} == {"test"}
    assert {(row["width"], row["height"]) for row in table} == {(8, 8)}
    assert [row["index"] for row in table] == [*range(60), *range(30)]


def test_what_systems_leave_behind_is_passed_over(tmp_path):
    clutter = {
        "__MACOSX/bar/._1.png": b"x",
        "bar/Thumbs.db": b"x",
        "dash/.DS_Store": b"x",
        ".hidden/1.png": b"x",
        "ring/desktop.ini": b"x",
    }
    made = bring(tmp_path, files() | clutter)
    assert made.class_names == SHAPES
    assert made.skipped_count == 0


def test_how_an_archive_is_packed_does_not_matter(tmp_path):
    contents = files()
    one = bring(tmp_path, contents, "one")
    other = bring(tmp_path, dict(sorted(contents.items(), reverse=True)), "other")
    several = bring(tmp_path, contents, "several", processes=2)
    assert one.content_hash == other.content_hash == several.content_hash


def test_single_bad_pictures_are_skipped_and_named(tmp_path):
    made = bring(tmp_path, files(20) | {"bar/bad.png": b"no picture"})
    assert made.skipped_count == 1
    assert made.skipped[0].file == "bar/bad.png"
    assert "not a picture" in made.skipped[0].reason


def test_too_many_bad_pictures_are_an_error_that_names_the_first(tmp_path):
    bad = {f"bar/x{number}.png": b"no picture" for number in range(20)}
    with pytest.raises(DataError, match=r"shapes\.zip.*too many.*bar/x0\.png"):
        bring(tmp_path, files(10) | bad)
    assert left(tmp_path) == []


def test_a_cancelled_import_leaves_nothing(tmp_path):
    def cancel(step: ImportProgress) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bring(tmp_path, files(), progress=cancel)
    assert left(tmp_path) == []
    assert "shapes" not in catalogue.names(tmp_path / "data")


def test_progress_ends_with_all_of_them(tmp_path):
    steps = []
    bring(tmp_path, files(), progress=steps.append)
    assert steps[-1] == ImportProgress(30, 30, 0.0)


@pytest.mark.parametrize("name", ["", "MNIST", "mnist", "a b", "../x", "ä", "a" * 41, "flowers@2", "con"])
def test_a_name_that_cannot_be_used_is_refused_before_anything_is_written(name, tmp_path):
    reader = open_reader(pack(tmp_path / "a.zip", files()))
    with pytest.raises(ConfigError, match=r"Received: .*Allowed: "):
        import_from(reader, name, tmp_path / "data", SMALL)
    assert not (tmp_path / "data").exists()


def test_a_name_is_given_once(tmp_path):
    bring(tmp_path, files())
    with pytest.raises(ConfigError, match="already"):
        bring(tmp_path, files())


@pytest.mark.parametrize(
    "changes", [{"size": 4}, {"size": 4096}, {"colour": "cmyk"}, {"fit": "x"}, {"test_fraction": 0.0}]
)
def test_options_have_bounds(changes, tmp_path):
    with pytest.raises(ConfigError, match=r"Received: .*Allowed: "):
        bring(tmp_path, files(), options=ImportOptions(**changes))


def test_a_damaged_set_says_so_and_does_not_hide_the_others(tmp_path):
    bring(tmp_path, files(), "one")
    bring(tmp_path, files(), "two")
    folder = library.folder_of("one", tmp_path / "data")
    (folder / "train_images.npy").write_bytes(b"")
    with pytest.raises(DataError, match=r"one is damaged"):
        catalogue.load("one", tmp_path / "data")
    (folder / "manifest.json").write_text(json.dumps({"format": 1}))
    assert [name for name in catalogue.sources(tmp_path / "data") if name not in catalogue.SOURCES] == ["two"]


def test_an_own_set_is_written_as_npz_like_any_other(tmp_path):
    bring(tmp_path, files())
    write_npz("shapes", tmp_path / "data", tmp_path / "out.npz")
    with np.load(tmp_path / "out.npz") as made:
        assert made["x_train"].shape == (24, 8, 8)
        assert made["y_test"].shape == (6,)
