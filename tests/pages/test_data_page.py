"""The Data page: any data set is looked into, part by part."""

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cnn_dash.datasets import catalogue
from cnn_dash.datasets.sources.published import PublishedSource
from cnn_dash.ui.session.resources import open_explorations
from tests.own_dataset import FolderSource, own_dataset

Open = Callable[..., AppTest]
PARTS = ("Overview", "Images", "Classes", "Map", "Duplicates", "Quality")


def texts(app: AppTest) -> str:
    kinds = ("caption", "markdown", "info", "success", "warning", "error", "subheader")
    return "\n".join(str(element.value) for kind in kinds for element in app.get(kind))


def open_part(app: AppTest, part: str) -> AppTest:
    """Open a part, and wait until what it shows is computed."""
    app.segmented_control(key="data_part").set_value(part).run()
    until = time.monotonic() + 60
    while app.get("progress"):
        assert time.monotonic() < until
        time.sleep(0.1)
        app.run()
    assert not app.exception
    assert not app.error
    return app


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., FolderSource]:
    """Put a data set into the catalogue as `own`."""

    def put(shape: tuple[int, int, int], classes: int, of_each: int = 14) -> FolderSource:
        source = own_dataset(tmp_path / "own", shape, classes, of_each)
        monkeypatch.setitem(catalogue.SOURCES, "own", source)
        return source

    return put


def test_it_begins_with_the_data_set_that_train_has_chosen(open_page: Open) -> None:
    app = open_page("data")
    assert app.selectbox(key="data_dataset").value == "mnist-5k"
    assert app.query_params["dataset"] == "mnist-5k"
    assert "train 4,000 images, 400 of each; test 1,000 images, 100 of each" in texts(app)


def test_a_data_set_can_be_named_in_the_address(open_page: Open, own: Callable[..., FolderSource]) -> None:
    own((9, 8, 1), 4)
    app = open_page("data", dataset="own")
    assert app.selectbox(key="data_dataset").value == "own"
    assert "4 classes, 8 × 9 pixels, grey" in texts(app)


def test_a_name_that_there_is_not_is_said(open_page: Open) -> None:
    app = open_page("data", dataset="nothing")
    assert "There is no data set with this name. Received: 'nothing'" in app.warning[0].value
    assert app.selectbox(key="data_dataset").value == "mnist-5k"


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize(
    ("shape", "classes"), [((12, 10, 3), 2), ((17, 40, 1), 300)], ids=["colours", "wide, many classes"]
)
def test_every_part_shows_images_of_any_shape_and_number_of_classes(
    open_page: Open, own: Callable[..., FolderSource], part: str, shape: tuple[int, int, int], classes: int
) -> None:
    own(shape, classes)
    app = open_page("data", dataset="own")
    open_part(app, part)
    assert texts(app)


def test_images_of_one_class_and_split_are_shown_page_by_page_and_shuffled(open_page: Open) -> None:
    app = open_page("data")
    open_part(app, "Images")
    app.selectbox(key="data_class").select(7)
    app.segmented_control(key="data_split").set_value("test").run()
    assert "1 to 40 of 100" in texts(app)
    first = next(html.value for html in app.html if "<figure" in html.value)
    assert first.count(", class 7") == 40
    assert first.count('alt="test ') == 40
    app.button(key="data_shuffle").click().run()
    second = next(html.value for html in app.html if "<figure" in html.value)
    assert second != first
    assert second.count(", class 7") == 40


def test_the_class_of_another_data_set_is_not_kept(open_page: Open, own: Callable[..., FolderSource]) -> None:
    own((9, 8, 1), 3)
    app = open_page("data")
    open_part(app, "Images")
    app.selectbox(key="data_class").select(9).run()
    app.selectbox(key="data_dataset").select("own").run()
    assert not app.exception
    assert app.selectbox(key="data_class").value == -1


def test_duplicates_are_shown_in_pairs_with_their_places(open_page: Open, own: Callable[..., FolderSource]) -> None:
    source = own((12, 12, 1), 2)
    images = np.load(source.folder / "images.npy")
    images[9] = images[3]
    images[10] = images[3]
    np.save(source.folder / "images.npy", images)
    app = open_page("data", dataset="own")
    open_part(app, "Duplicates")
    counts = [int(label.rpartition(" ")[2]) for label in app.segmented_control(key="data_duplicates").options]
    assert counts[0] + counts[2] == 2
    assert sum(html.value.count("<figure") for html in app.html)


def test_what_stands_out_is_shown_with_its_reason(open_page: Open, own: Callable[..., FolderSource]) -> None:
    source = own((12, 12, 1), 2, of_each=70)
    images = np.load(source.folder / "images.npy")
    images[20] = 7
    np.save(source.folder / "images.npy", images)
    app = open_page("data", dataset="own")
    open_part(app, "Quality")
    assert app.segmented_control(key="data_reason").value == "empty"
    assert sum(html.value.count("<figure") for html in app.html) == 1


def test_unbalanced_classes_are_said(open_page: Open, own: Callable[..., FolderSource]) -> None:
    source = own((8, 8, 1), 2, of_each=28)
    labels = np.load(source.folder / "labels.npy")
    labels[:] = np.where(np.arange(len(labels)) % 7 < 6, 0, 1)
    np.save(source.folder / "labels.npy", labels)
    app = open_page("data", dataset="own")
    assert "The classes are unbalanced" in texts(app)
    app.button(key="data_balance").click().run()
    assert not app.exception
    assert app.title[0].value == "Train"
    assert app.selectbox(key="train_dataset").value == "own"
    assert app.toggle(key="train_balance_classes").value is True


def test_what_failed_is_said_and_can_be_tried_again(open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    from cnn_dash.ui.data import class_images

    def fail(*_: object) -> None:
        raise MemoryError("too large")

    app = open_page("data")
    open_explorations.clear()
    monkeypatch.setattr(class_images, "class_images", fail)
    app.segmented_control(key="data_part").set_value("Classes").run()
    assert "MemoryError: too large" in app.error[0].value
    monkeypatch.undo()
    app.button(key="try_again_reading_images").click().run()
    assert not app.error
    assert sum(html.value.count("<figure") for html in app.html) == 10


def test_train_on_it_leads_to_train_with_the_set_chosen(open_page: Open, own: Callable[..., FolderSource]) -> None:
    own((8, 8, 1), 2)
    app = open_page("data", dataset="own")
    app.button(key="data_train").click().run()
    assert app.selectbox(key="train_dataset").value == "own"
    assert app.title[0].value == "Train"


def test_a_data_set_that_is_not_here_can_be_downloaded(
    open_page: Open, served: PublishedSource, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(catalogue.SOURCES, "small-set", served)
    monkeypatch.setenv("CNN_DASH_DATA_DIR", str(tmp_path / "empty"))  # never into the data that tests share
    app = open_page("data", dataset="small-set")
    app.button(key="data_download").click().run()
    assert not app.error
    assert "3 classes: train 30 images, 10 of each; test 12 images, 4 of each." in texts(app)
    assert (tmp_path / "empty" / "small-set").is_dir()
