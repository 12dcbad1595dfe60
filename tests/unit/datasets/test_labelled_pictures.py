import zipfile

import pytest

from cnn_dash.datasets import labelled_pictures
from cnn_dash.datasets.labelled_pictures import LabelledPictures
from cnn_dash.errors import DataError


def test_pictures_become_class_folders(tmp_path):
    pictures = LabelledPictures()
    pictures.add("cup", b"one", "IMG 1.JPG")
    pictures.add("カップ", b"two", "photo")
    pictures.add(" cup ", b"three", "../../x.p/ng")
    assert {name: len(files) for name, files in pictures.classes.items()} == {"cup": 2, "カップ": 1}
    pictures.write_zip(tmp_path / "made.zip")
    with zipfile.ZipFile(tmp_path / "made.zip") as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {
            "train/cup/000000.jpg": b"one",
            "train/cup/000002.png": b"three",
            "train/カップ/000001.png": b"two",
        }


def test_a_class_is_removed_with_its_files():
    pictures = LabelledPictures()
    file = pictures.add("cup", b"one", "a.png")
    pictures.add("plate", b"two", "b.png")
    pictures.remove("cup")
    pictures.remove("nothing")
    assert not file.exists()
    assert (list(pictures.classes), pictures.total) == (["plate"], 1)


def test_nothing_is_left_of_them():
    pictures = LabelledPictures()
    folder = pictures.add("cup", b"one", "a.png").parent
    del pictures
    assert not folder.exists()


@pytest.mark.parametrize("name", ["", "  ", "a/b", "..", ".hidden", "a\\b", "C:", "x" * 61, "end."])
def test_a_class_that_no_folder_can_be_called_is_refused(name):
    with pytest.raises(DataError, match=r"A class cannot be called so\. Received"):
        LabelledPictures().add(name, b"one", "a.png")


def test_too_many_pictures_are_refused_with_the_way_to_bring_them(monkeypatch):
    monkeypatch.setattr(labelled_pictures, "MOST_PICTURES", 1)
    pictures = LabelledPictures()
    pictures.add("cup", b"one", "a.png")
    with pytest.raises(DataError, match="Pack folders"):
        pictures.add("cup", b"two", "b.png")
