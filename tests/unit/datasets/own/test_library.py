import os
import time

import pytest

from cnn_dash.datasets import catalogue
from cnn_dash.datasets.own import library
from cnn_dash.datasets.own.importing import import_from
from cnn_dash.datasets.own.manifest import ImportOptions
from cnn_dash.datasets.own.names import full_name, split_name, suggest_name
from cnn_dash.datasets.readers.opening import open_reader
from cnn_dash.errors import ConfigError, DataError, DataNotFound
from cnn_dash.hyperparameters import load as load_config
from cnn_dash.runs.own_data import delete_dataset
from cnn_dash.runs.submit import submit
from cnn_dash.workers.cleanup import Cleanup
from tests.class_folders import files, pack


@pytest.fixture
def data_dir(tmp_path):
    folder = tmp_path / "data"
    import_from(open_reader(pack(tmp_path / "a.zip", files())), "shapes", folder, ImportOptions(size=8))
    return folder


def test_a_full_name_says_set_and_version():
    assert [full_name("a", 1), full_name("a", 2)] == ["a", "a@2"]
    assert [split_name("a"), split_name("a@12"), split_name("a@1"), split_name("../a"), split_name("a@0")] == [
        ("a", 1),
        ("a", 12),
        None,
        None,
        None,
    ]
    assert load_config({"data": {"dataset": "my_a-b@12"}}).data.dataset == "my_a-b@12"


@pytest.mark.parametrize(
    ("file", "name"),
    [("My Flowers (2).tar.gz", "my-flowers-2"), ("花.zip", "my-images"), ("mnist.zip", "my-mnist"), ("a.npz", "a")],
)
def test_a_name_is_suggested_from_the_file(file, name):
    assert suggest_name(file) == name


def test_title_and_licence_are_edited_and_the_name_stays(data_dir):
    library.rename("shapes", data_dir, title="  עיגולים\n2 ", licence="CC0")
    info = catalogue.get("shapes", data_dir)
    assert (info.name, info.title, info.licence) == ("shapes", "עיגולים 2", "CC0")
    with pytest.raises(DataError, match="1 to 120"):
        library.rename("shapes", data_dir, title="\u202e")


def test_what_is_deleted_comes_back(data_dir):
    library.rename("shapes", data_dir, title="Formen")
    before = catalogue.get("shapes", data_dir)
    library.delete("shapes", data_dir)
    with pytest.raises(ConfigError, match="It is in the trash; to bring it back: "):
        catalogue.get("shapes", data_dir)
    assert "shapes" not in catalogue.names(data_dir)
    assert library.deleted(data_dir) == ["shapes"]
    library.undo("shapes", data_dir)
    assert catalogue.get("shapes", data_dir) == before
    assert catalogue.load("shapes", data_dir).counts["test"] == 6
    with pytest.raises(DataNotFound, match="not in the trash"):
        library.undo("shapes", data_dir)


def test_a_deleted_one_does_not_push_out_a_new_one_of_its_name(data_dir, tmp_path):
    library.rename("shapes", data_dir, title="Formen")
    library.delete("shapes", data_dir)
    import_from(open_reader(tmp_path / "a.zip"), "shapes", data_dir, ImportOptions(size=9))
    with pytest.raises(DataError, match="another one"):
        library.undo("shapes", data_dir)
    info = catalogue.get("shapes", data_dir)
    assert (info.image_shape, info.title) == ((9, 9, 1), "shapes")


def aged(data_dir, name, seconds):
    """Let a deleted version have been in the trash for longer."""
    (folder,) = (library.root(data_dir) / ".trash").glob(f"{name}.*")
    number = int(folder.name.rpartition(".")[2]) - int(seconds * 1e9)
    folder.rename(folder.with_name(f"{name}.{number}"))


def test_the_trash_is_emptied_after_some_days_by_the_server(store, data_dir, tmp_path):
    import_from(open_reader(tmp_path / "a.zip"), "old", data_dir, ImportOptions(size=9))
    for name in ("shapes", "old"):
        library.delete(name, data_dir)
    aged(data_dir, "old", library.TRASH_KEPT_S + 60)
    assert library.trash_bytes(data_dir) > 0
    store = type(store)(store.settings.model_copy(update={"data_dir": data_dir}))
    Cleanup(store).run_if_due()
    assert library.deleted(data_dir) == ["shapes"]
    assert library.empty_trash(data_dir) == 1
    assert (library.deleted(data_dir), library.trash_bytes(data_dir)) == ([], 0)


def test_one_that_a_run_needs_is_not_deleted(store):
    data_dir = store.settings.home / "data"
    store = type(store)(store.settings.model_copy(update={"data_dir": data_dir}))
    archive = pack(store.settings.home / "a.zip", files())
    import_from(open_reader(archive), "shapes", data_dir, ImportOptions(size=8))
    run = submit(store, load_config({"data": {"dataset": "shapes"}}))
    with pytest.raises(DataError, match=rf"Received: a data set of run {run.id}\. "):
        delete_dataset(store, "shapes")
    assert "shapes" in catalogue.names(data_dir)


def test_only_what_was_left_for_an_hour_is_swept(data_dir):
    for name, age in ((".part-old", 4000), (".part-new", 10)):
        folder = library.root(data_dir) / name
        folder.mkdir()
        (folder / "file").write_bytes(b"")
        for one in (folder / "file", folder):
            os.utime(one, (time.time() - age,) * 2)
    library.sweep(data_dir)
    assert sorted(one.name for one in library.root(data_dir).iterdir()) == [".part-new", "shapes"]


def test_a_manifest_that_tells_another_name_writes_nothing_elsewhere(data_dir):
    file = library.folder_of("shapes", data_dir) / "manifest.json"
    file.write_text(file.read_text().replace('"name": "shapes"', '"name": "../../elsewhere"'))
    with pytest.raises(DataError, match="is not that of shapes"):
        library.rename("shapes", data_dir, title="x")
    assert not (data_dir.parent / "elsewhere").exists()
