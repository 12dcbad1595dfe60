import numpy as np
import pytest

from cnn_dash.datasets import catalogue
from cnn_dash.datasets.own import library
from cnn_dash.datasets.own.derive import Changes, derive, read_rows
from cnn_dash.datasets.own.importing import import_from
from cnn_dash.datasets.own.manifest import ImportOptions
from cnn_dash.datasets.readers.opening import open_reader
from cnn_dash.errors import ConfigError, DataError
from tests.class_folders import files, pack


@pytest.fixture
def data_dir(tmp_path):
    folder = tmp_path / "data"
    import_from(open_reader(pack(tmp_path / "a.zip", files())), "shapes", folder, ImportOptions(size=8))
    return folder


def mapped(name, data_dir):
    return catalogue.source(name, data_dir).mapped(data_dir)


def test_the_next_version_differs_by_what_was_asked_and_the_old_one_stays(data_dir):
    before = mapped("shapes", data_dir)
    label = (int(before.train_labels[3]) + 1) % 3
    made = derive("shapes", data_dir, Changes({("train", 3): label}, [("train", 0), ("test", 1)], {("test", 0): "odd"}))
    assert (made.name, made.version, made.parent) == ("shapes", 2, "shapes")
    after = mapped("shapes@2", data_dir)
    np.testing.assert_array_equal(after.train_images, before.train_images[1:])
    np.testing.assert_array_equal(after.test_images, np.delete(before.test_images, 1, axis=0))
    assert after.train_labels[2] == label
    assert np.flatnonzero(after.train_labels != before.train_labels[1:]).tolist() == [2]
    assert made.changes[0] == "1 relabelled, 2 left out, 1 tagged."
    assert len(made.changes) == 5
    assert read_rows(library.folder_of("shapes@2", data_dir))["test"][0].columns == {"tags": "odd"}
    assert mapped("shapes", data_dir).content_hash == before.content_hash != after.content_hash
    assert catalogue.names(data_dir)[-2:] == ["shapes", "shapes@2"]
    assert catalogue.get("shapes@2", data_dir).title == "shapes, version 2"


def test_a_deleted_version_keeps_its_number(data_dir):
    derive("shapes", data_dir, Changes(exclude=[("train", 0)]))
    library.delete("shapes@2", data_dir)
    assert derive("shapes", data_dir, Changes(exclude=[("train", 1)])).version == 3
    library.undo("shapes@2", data_dir)
    assert library.versions("shapes", data_dir) == ["shapes", "shapes@2", "shapes@3"]


@pytest.mark.parametrize(
    "changes",
    [
        Changes(),
        Changes(relabel={("train", 999): 0}),
        Changes(relabel={("train", 0): 3}),
        Changes(exclude=[("validation", 0)]),
        Changes(exclude=[("test", -1)]),
        Changes(tag={("test", 0): "two words"}),
        Changes(tag={("test", 0): ""}),
    ],
)
def test_what_is_not_there_cannot_be_changed(changes, data_dir):
    with pytest.raises(ConfigError, match=r"Received: "):
        derive("shapes", data_dir, changes)
    assert library.versions("shapes", data_dir) == ["shapes"]


def test_no_split_becomes_empty(data_dir):
    with pytest.raises(DataError, match="no image for the test"):
        derive("shapes", data_dir, Changes(exclude=[("test", index) for index in range(6)]))
    assert [one.name for one in library.root(data_dir).iterdir()] == ["shapes"]
