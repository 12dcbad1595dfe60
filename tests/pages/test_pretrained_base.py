"""The choice of a pretrained base on Train: what it hides, its weights, and why it cannot be trained without them."""

from collections.abc import Callable
from hashlib import md5

import pytest
from streamlit.testing.v1 import AppTest

from cnn_dash.models.base_weights import FOLDER
from cnn_dash.settings import Settings
from cnn_dash.ui.session import widget_keys
from tests.toy_dataset import Server

CONTENT = b"numbers" * 1000
BLOCKS = widget_keys.TRAIN_BLOCKS


@pytest.fixture
def open_train(
    open_page: Callable[..., AppTest], server: Server, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], AppTest]:
    """Open Train with the base chosen, whose weights the server on this machine has."""
    server.files["w.h5"] = CONTENT
    monkeypatch.setenv("CNN_DASH_BASE_WEIGHTS", f"{server.url}w.h5#md5={md5(CONTENT).hexdigest()}")
    monkeypatch.setenv("CNN_DASH_DATA_DIR", str(settings.home / "data"))
    return lambda: open_page("train", train_base="mobilenet-v3-small")


def said(app: AppTest) -> str:
    return " ".join(error.value for error in app.error)


def test_a_click_downloads_the_weights_and_the_network_can_be_trained(
    open_train: Callable[[], AppTest], settings: Settings
) -> None:
    app = open_train()
    assert "weights of MobileNetV3-Small (4 MB) are not on this machine" in said(app)
    assert app.button(key=widget_keys.TRAIN_START).disabled
    app.button(key=widget_keys.TRAIN_BASE_WEIGHTS).click().run()
    app.run()
    assert not app.exception
    assert (settings.home / "data" / FOLDER / "w.h5").read_bytes() == CONTENT
    assert not said(app)
    assert not app.button(key=widget_keys.TRAIN_START).disabled
    assert not [button for button in app.button if button.key == widget_keys.TRAIN_BASE_WEIGHTS]


def test_where_they_cannot_be_had_a_sentence_says_so_and_a_small_network_still_trains(
    open_train: Callable[[], AppTest], server: Server
) -> None:
    server.files.clear()
    app = open_train()
    app.button(key=widget_keys.TRAIN_BASE_WEIGHTS).click().run()
    assert not app.exception
    assert "cannot be downloaded. Received: 404" in said(app)
    assert "Without them: train with model.base none" in said(app)
    app.selectbox(key=widget_keys.setting("model.base")).set_value("none").run()
    assert not said(app)
    assert not app.button(key=widget_keys.TRAIN_START).disabled


def test_what_the_base_replaces_is_not_shown_and_comes_back(open_train: Callable[[], AppTest]) -> None:
    app = open_train()
    shown = {slider.key for slider in app.select_slider}
    assert widget_keys.TRAIN_DENSE in shown
    assert not shown & {BLOCKS, widget_keys.setting("train.augmentation.shift")}
    assert any("enlarged to 224×224 pixels" in caption.value for caption in app.caption)
    assert any("None with a pretrained base" in caption.value for caption in app.caption)
    app.selectbox(key=widget_keys.setting("model.base")).set_value("none").run()
    assert {BLOCKS, widget_keys.setting("train.augmentation.shift")} <= {slider.key for slider in app.select_slider}
