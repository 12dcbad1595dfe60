"""Own data sets on the Data page: brought as a file or labelled by hand, changed, deleted, trained on."""

import io
import subprocess
import threading
import time
import zipfile
from collections.abc import Callable
from typing import Any

import numpy as np
import psutil
import pytest
from streamlit.testing.v1 import AppTest

from cnn_dash.config import DataConfig, RunConfig
from cnn_dash.datasets.own import background, library
from cnn_dash.datasets.own.background import jobs
from cnn_dash.datasets.own.job import folder_of
from cnn_dash.runs.store import RunStore
from cnn_dash.settings import Settings
from cnn_dash.ui.data import import_panel
from tests.coloured_folders import class_folders, picture
from tests.waiting import PATIENCE_S

Open = Callable[..., AppTest]

pytestmark = pytest.mark.own_data_folder


def texts(app: AppTest) -> str:
    kinds = ("caption", "markdown", "info", "success", "warning", "error", "subheader")
    return "\n".join(str(element.value) for kind in kinds for element in app.get(kind))


def bring(app: AppTest, name: str, content: bytes) -> AppTest:
    """Upload a file, and wait until it has been looked into."""
    app.file_uploader(key="data_upload").upload(name, content, "application/zip").run()
    return looked_into(app)


def looked_into(app: AppTest) -> AppTest:
    until = time.monotonic() + PATIENCE_S
    while any("Looking into the file" in one.proto.text for one in app.get("progress")):
        assert time.monotonic() < until
        time.sleep(0.1)
        app.run()
    assert not app.exception
    return app


def imported(app: AppTest) -> AppTest:
    """Press Import, and wait until it has ended."""
    return wait_until_ended(app.button(key="data_import").click().run())


def wait_until_ended(app: AppTest) -> AppTest:
    until = time.monotonic() + PATIENCE_S
    while "data_import_close" not in [button.key for button in app.button]:
        assert time.monotonic() < until
        time.sleep(0.1)
        app.run()
    assert not app.exception
    return app


def flowers(open_page: Open) -> AppTest:
    return imported(bring(open_page("data"), "Flowers.zip", class_folders({"rose": 12, "tulip": 12})))


def test_without_a_file_it_says_what_one_must_look_like(open_page: Open) -> None:
    app = open_page("data")
    assert "a folder for each class" in texts(app)
    assert "├── rose/" in app.code[0].value


def test_a_zip_is_looked_into_before_it_is_imported(open_page: Open, settings: Settings) -> None:
    app = bring(open_page("data"), "Flowers.zip", class_folders({"rose": 60, "tulip": 10}))
    said = texts(app)
    assert "2 classes" in said
    assert "The classes are unbalanced: 60 pictures of rose, 10 of tulip" in said
    assert app.text_input(key="data_name").value == "flowers"
    assert app.segmented_control(key="data_colour").value == "rgb"
    assert app.segmented_control(key="data_size").value == 48
    shown = "".join(html.value for html in app.html)
    assert shown.count("before and after resizing") == 24
    assert "40 × 30 → 48 × 48" in shown
    assert library.names(settings.data_dir) == []


def test_what_resizing_does_is_shown_at_once(open_page: Open) -> None:
    app = bring(open_page("data"), "Flowers.zip", class_folders({"rose": 12, "tulip": 12}))
    shown = {"".join(html.value for html in app.html)}
    for key, value in (("data_size", 28), ("data_colour", "grey"), ("data_fit", "fill")):
        app.segmented_control(key=key).set_value(value).run()
        shown.add("".join(html.value for html in app.html))
    assert len(shown) == 4
    assert "40 × 30 → 28 × 28" in "".join(html.value for html in app.html)


def test_it_is_imported_chosen_and_trained_on(open_page: Open, settings: Settings) -> None:
    app = bring(open_page("data"), "Flowers.zip", class_folders({"rose": 12, "tulip": 12}))
    app.text_input(key="data_title").set_value("Flowers of 花園")
    app.text_input(key="data_licence").set_value("mine, CC0")
    app.segmented_control(key="data_size").set_value(32).run()
    imported(app)
    assert "Flowers of 花園 is there: 20 images to train with and 4 to test, in 2 classes." in app.success[0].value
    app.run()
    assert app.selectbox(key="data_dataset").value == "flowers"
    found = library.manifest("flowers", settings.data_dir)
    assert (found.image_shape, found.class_names, found.licence) == ((32, 32, 3), ("rose", "tulip"), "mine, CC0")
    assert "All 24 pictures have 40 × 30 pixels." in texts(app)
    app.button(key="data_import_train").click().run()
    assert not app.exception
    assert app.selectbox(key="train_dataset").value == "flowers"
    app = open_page("train", train_dataset="flowers")
    app.button(key="train_start").click().run()
    assert not app.exception
    assert RunStore(settings).run(1).recipe.data.dataset == "flowers"


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("broken.zip", b"PK\x03\x04 and nothing more", "broken.zip"),
        ("letter.txt", b"dear reader", "letter.txt"),
        ("one.zip", class_folders({"rose": 12}), "one.zip"),
    ],
)
def test_a_file_that_cannot_be_imported_is_named_with_the_reason(
    open_page: Open, settings: Settings, name: str, content: bytes, says: str
) -> None:
    app = bring(open_page("data"), name, content)
    assert says in app.error[0].value.replace("\\", "")
    assert "Received" in app.error[0].value
    assert "data_import" not in [button.key for button in app.button]
    assert library.names(settings.data_dir) == []


@pytest.mark.parametrize("name", ["", "Flowers!", "mnist"])
def test_a_name_that_cannot_be_used_is_said_and_nothing_is_imported(open_page: Open, name: str) -> None:
    app = bring(open_page("data"), "Flowers.zip", class_folders({"rose": 12, "tulip": 12}))
    app.text_input(key="data_name").set_value(name).run()
    assert "Received" in app.error[0].value
    assert app.button(key="data_import").disabled


def test_looking_into_a_file_can_be_cancelled_and_begun_again(open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    go_on = threading.Event()
    with monkeypatch.context() as patch:
        patch.setattr(import_panel, "inspected", lambda *_: go_on.wait(PATIENCE_S))
        app = open_page("data")
        app.file_uploader(key="data_upload").upload("F.zip", class_folders({"a": 12, "b": 12}), "application/zip").run()
        assert "Looking into the file" in app.get("progress")[0].proto.text
        app.button(key="cancel_looking_into_the_file").click().run()
        app.run()
        assert "Looking into the file was cancelled" in texts(app)
        assert "data_import" not in [button.key for button in app.button]
    go_on.set()
    looked_into(app.button(key="try_again_looking_into_the_file").click().run())
    assert app.button(key="data_import").label == "Import 24 pictures"


def test_other_kinds_of_files_are_looked_into_too(open_page: Open) -> None:
    file = io.BytesIO()
    labels = np.arange(40) % 4
    images = np.random.default_rng(1).integers(0, 256, (40, 28, 28), dtype=np.uint8)
    np.savez(file, x_train=images, y_train=labels, x_test=images[:8], y_test=labels[:8])
    app = bring(open_page("data"), "digits.npz", file.getvalue())
    assert not app.error
    assert app.button(key="data_import").label == "Import 48 pictures"
    assert "data_test_share" not in [slider.key for slider in app.slider]
    assert app.segmented_control(key="data_colour").value == "grey"


def test_the_same_file_again_gets_another_name(open_page: Open) -> None:
    flowers(open_page)
    app = bring(open_page("data"), "Flowers.zip", class_folders({"rose": 12, "tulip": 12}))
    assert app.text_input(key="data_name").value == "flowers-2"


def test_an_import_that_fails_says_why_and_can_be_tried_again(open_page: Open, settings: Settings) -> None:
    file = io.BytesIO(class_folders({"rose": 12, "tulip": 12}))
    with zipfile.ZipFile(file, "a") as archive:
        for number in range(20):
            archive.writestr(f"tulip/bad{number}.png", b"no picture")
    app = imported(bring(open_page("data"), "Flowers.zip", file.getvalue()))
    assert "Flowers.zip" in app.error[0].value
    assert "too many of its pictures cannot be read" in app.error[0].value
    assert library.names(settings.data_dir) == []
    looked_into(app.button(key="data_import_close").click().run())
    assert app.button(key="data_import").label == "Import 44 pictures"
    assert app.text_input(key="data_name").value == "flowers"


def test_an_import_can_be_cancelled_and_leaves_nothing(open_page: Open, settings: Settings) -> None:
    app = bring(open_page("data"), "Flowers.zip", class_folders({"rose": 900, "tulip": 900}))
    app.button(key="data_import").click().run()
    assert app.get("progress")
    app.button(key="data_import_cancel").click().run()
    app.run()
    assert "was cancelled; nothing is left of it" in texts(app)
    assert library.names(settings.data_dir) == []
    (job,) = jobs(settings.data_dir)
    assert [one.name for one in folder_of(job, settings.data_dir).iterdir() if one.suffix != ".json"] == []


def test_an_import_goes_on_when_its_page_is_left_and_is_shown_to_whoever_comes(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[psutil.Process] = []

    class Suspended(subprocess.Popen[bytes]):  # until the other page is open, however long that takes
        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **options)
            started.append(psutil.Process(self.pid))
            started[0].suspend()

    app = bring(open_page("data"), "Flowers.zip", class_folders({"rose": 12, "tulip": 12}))
    with monkeypatch.context() as patch:
        patch.setattr(background.subprocess, "Popen", Suspended)
        app.button(key="data_import").click().run()
    try:
        other = open_page("data")
    finally:
        started[0].resume()
    assert "Importing Flowers.zip" in other.get("progress")[0].proto.text.replace("\\", "")
    wait_until_ended(other)
    assert "flowers is there" in other.success[0].value


def test_title_and_licence_are_edited(open_page: Open) -> None:
    app = flowers(open_page)
    app.run()
    app.text_input(key="data_own_title_flowers").set_value("Roses & Tulips")
    app.text_area(key="data_own_licence_flowers").set_value("mine").run()
    app.button(key="data_own_save").click().run()
    assert not app.exception
    assert "Roses & Tulips" in app.selectbox(key="data_dataset").options
    assert "mine" in texts(app)


def test_a_set_is_deleted_and_brought_back(open_page: Open, settings: Settings) -> None:
    app = flowers(open_page)
    app.run()
    app.button(key="data_own_delete").click().run()
    assert not app.exception
    assert library.names(settings.data_dir) == []
    assert app.selectbox(key="data_dataset").value == "mnist-5k"
    assert not app.error
    assert "data_import_train" not in [button.key for button in app.button]
    app.button(key="data_own_undo").click().run()
    assert not app.exception
    assert app.selectbox(key="data_dataset").value == "flowers"


def test_the_trash_gives_back_and_is_emptied_by_a_button(open_page: Open, settings: Settings) -> None:
    app = flowers(open_page)
    library.delete("flowers", settings.data_dir)
    app = open_page("data")
    assert "Trash (1)" in [one.label for one in app.expander]
    app.session_state["data_trash"] = True
    app.run()
    app.button(key="data_trash_restore_0").click().run()
    assert app.selectbox(key="data_dataset").value == "flowers"
    library.delete("flowers", settings.data_dir)
    app.session_state["data_trash"] = True
    app.run()
    app.button(key="data_trash_empty").click().run()
    assert "**flowers**, " in texts(app)
    app.button(key="data_trash_confirm").click().run()
    assert not app.exception
    assert library.deleted(settings.data_dir) == []


def test_no_name_of_a_file_becomes_a_formula_in_the_csv_of_a_table(open_page: Open) -> None:
    """Streamlit's own button writes what a table shows."""
    file = io.BytesIO(class_folders({"rose": 30, "tulip": 30}))
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("rose/=cmd().txt", b"")
        archive.writestr("=HYPERLINK(1).txt", b"")
    app = bring(open_page("data"), "Flowers.zip", file.getvalue())
    shown = [value for table in app.dataframe for value in table.value.to_numpy().ravel().tolist()]
    assert any("HYPERLINK" in value for value in shown)
    assert not [value for value in shown if value.startswith("=")]


def test_a_set_that_a_run_needs_is_not_deleted_and_the_run_is_named(
    open_page: Open, settings: Settings, store: RunStore
) -> None:
    app = flowers(open_page)
    store.create(RunConfig(data=DataConfig(dataset="flowers")), parameters=1, multiply_adds=1)
    app.run()
    app.button(key="data_own_delete").click().run()
    assert "run 1" in app.error[0].value
    assert library.names(settings.data_dir) == ["flowers"]


def test_pictures_are_labelled_by_hand(open_page: Open, settings: Settings) -> None:
    app = open_page("data")
    app.session_state["data_bring"] = "Label pictures"
    app.run()
    for number, name in enumerate(("cup", "test")):
        files = [(f"{one}.png", picture(60 + 90 * number, one), "image/png") for one in range(8)]
        app.text_input(key="data_hand_class").set_value(name)
        app.file_uploader(key=f"data_hand_files_{number}").set_value(files).run()
        app.button(key="data_hand_add").click().run()
        assert not app.error
    looked_into(app.toggle(key="data_hand_done").set_value(True).run())
    imported(app)
    found = library.manifest("my-pictures", settings.data_dir)
    assert (found.class_names, found.total) == (("cup", "test"), {"train": 12, "test": 4})


def test_a_picture_that_cannot_be_read_is_left_out_and_named(open_page: Open) -> None:
    app = open_page("data")
    app.session_state["data_bring"] = "Label pictures"
    app.run()
    app.text_input(key="data_hand_class").set_value("cup")
    files = [("a.png", picture(60), "image/png"), ("b.png", b"no picture", "image/png")]
    app.file_uploader(key="data_hand_files_0").set_value(files).run()
    app.button(key="data_hand_add").click().run()
    assert "1 of 2 pictures were left out. b.png" in app.error[0].value
    assert "**cup** · 1" in texts(app)
    app.button(key="data_hand_remove_0").click().run()
    assert "**cup**" not in texts(app)
