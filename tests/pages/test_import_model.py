"""A network is brought on Home or Runs: looked through at once, asked about, tested, shown on Evaluate."""

from collections.abc import Callable
from pathlib import Path

import keras
import pytest
from streamlit.testing.v1 import AppTest

from cnn_dash.runs.store import RunStore
from cnn_dash.ui.components import import_model
from cnn_dash.ui.session import widget_keys

OpenPage = Callable[..., AppTest]


@pytest.fixture
def network(tmp_path: Path) -> bytes:
    """A network that does not say how pixels go in."""
    path = tmp_path / "net.keras"
    keras.utils.set_random_seed(1)
    layers = [keras.Input((28, 28, 1)), keras.layers.Flatten(), keras.layers.Dense(10, activation="softmax")]
    keras.Sequential(layers).save(path)
    return path.read_bytes()


def form() -> None:
    """What is in the dialog: a test's run draws the whole script anew, and that closes a dialog."""
    from cnn_dash.ui.components.import_model import render_import_form

    render_import_form()


@pytest.fixture
def gone(open_page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Where the form leads; `open_page` brings the environment."""
    found: list[tuple[str, int]] = []
    monkeypatch.setattr(import_model, "go", lambda name, run: found.append((name, run)))
    return found


def upload(data: bytes) -> AppTest:
    app = AppTest.from_function(form, default_timeout=120).run()
    (uploader,) = app.get("file_uploader")
    uploader.set_value(("net.keras", data, "application/octet-stream"))
    return app.run()


@pytest.mark.parametrize(
    ("page", "key"), [("home", widget_keys.HOME_IMPORT), ("runs", widget_keys.RUNS_IMPORT)], ids=["home", "runs"]
)
def test_both_pages_ask_for_a_file(open_page: OpenPage, page: str, key: str) -> None:
    app = open_page(page)
    app.button(key=key).click().run()
    assert not app.exception
    assert [one.label for one in app.get("file_uploader")] == ["Keras model"]


def test_a_file_that_is_none_is_refused_in_words(gone: list[tuple[str, int]]) -> None:
    app = upload(b"\x89HDF\r\n\x1a\n" + bytes(100))
    assert "an HDF5 file" in app.error[0].value
    assert not app.button


def test_a_network_is_imported_and_shown(
    open_page: OpenPage, gone: list[tuple[str, int]], store: RunStore, network: bytes
) -> None:
    app = upload(network)
    assert "28×28×1, 2 layers; range of the input pixels unknown" in app.caption[1].value
    assert app.button(key=widget_keys.IMPORT_START).disabled

    app.button_group(key=widget_keys.IMPORT_SCALING).set_value("0-1").run()
    app.selectbox(key=widget_keys.IMPORT_DATASET).set_value("mnist-5k").run()
    app.text_input(key=widget_keys.IMPORT_NAME).set_value("theirs").run()
    app.button(key=widget_keys.IMPORT_START).click().run()

    assert not app.exception
    (run,) = store.runs()
    assert run.name == "theirs"
    assert run.has_predictions
    assert gone == [("evaluate", run.id)]
    page = open_page("evaluate", run=str(run.id))
    assert not page.exception
    assert [one.value for one in page.metric if one.label == "Best epoch"] == ["–"]
