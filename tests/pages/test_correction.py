"""The answer to "Right?" on the Predict page, and the download of all answers."""

from collections.abc import Iterator

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from cnn_dash.datasets.corrections import Corrections
from cnn_dash.settings import Settings


def page() -> None:
    """Two answers, of which the second is of another picture, and the download."""
    from types import SimpleNamespace

    import numpy as np
    import streamlit as st

    from cnn_dash.inference.answers import Answer
    from cnn_dash.inference.preparation import Prepared
    from cnn_dash.ui.predict.correction import render_correction, render_corrections

    names = tuple(st.session_state.get("names", "0123456789"))

    @st.fragment
    def part() -> None:
        for shade in (10, 20):
            pixels = np.full((28, 28, 1), shade, np.uint8)
            probabilities = np.eye(len(names), dtype=np.float32)[1] * 0.75
            answer = Answer(Prepared(pixels, pixels, None), probabilities, 0.0, 0.0)
            render_correction(SimpleNamespace(id=3), answer, np.full((30, 40), shade, np.uint8), names)
        render_corrections()

    part()


@pytest.fixture
def app(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    for name, value in settings.environment().items():
        monkeypatch.setenv(name, value)
    st.cache_resource.clear()
    yield AppTest.from_function(page, default_timeout=60)
    st.cache_resource.clear()


@pytest.fixture
def kept(settings: Settings) -> Corrections:
    return Corrections(settings.corrections_dir)


def texts(app: AppTest) -> list[str]:
    return [one.value for one in app.markdown]


def test_one_click_keeps_a_picture_with_its_class(app: AppTest, kept: Corrections) -> None:
    app.run()
    assert not app.exception
    assert len(app.pills) == 2
    assert len(app.expander) == 0  # nothing to download

    app.pills[1].set_value(7).run()

    assert not app.exception
    (one,) = kept.all()
    assert (one.label, one.answer, one.confidence, one.run_id) == ("7", "1", 0.75, 3)
    assert ":material/check: Kept as **7**" in texts(app)
    assert [toast.value for toast in app.toast] == ["Kept as **7**"]
    assert len(app.pills) == 1
    assert app.expander[0].label == "Corrections: 1"
    app.run()
    assert len(kept.all()) == 1


def test_undo_takes_it_back_and_asks_again(app: AppTest, kept: Corrections) -> None:
    app.run()
    app.pills[0].set_value(7).run()
    (undo,) = (button for button in app.button if button.label == "Undo")
    undo.click().run()
    assert not app.exception
    assert kept.all() == []
    assert [one.value for one in app.pills] == [None, None]

    app.pills[0].set_value(4).run()
    assert [one.label for one in kept.all()] == ["4"]


def test_what_cannot_be_taken_back_is_said(app: AppTest, kept: Corrections, monkeypatch: pytest.MonkeyPatch) -> None:
    app.run()
    app.pills[0].set_value(7).run()
    (undo,) = (button for button in app.button if button.label == "Undo")
    kept.folder.rename(kept.folder.with_name("elsewhere"))
    kept.folder.write_text("a file stands where the folder should be")
    undo.click().run()
    assert not app.exception
    assert ":material/check: Kept as **7**" in texts(app)
    assert any("cannot be kept in" in toast.value for toast in app.toast)


def test_many_classes_are_a_list(app: AppTest, kept: Corrections) -> None:
    app.session_state["names"] = [f"class *{number}*" for number in range(40)]
    app.run()
    assert len(app.pills) == 0
    app.selectbox[0].set_value(30).run()
    assert not app.exception
    assert [one.label for one in kept.all()] == ["class *30*"]
    assert r":material/check: Kept as **class \*30\***" in texts(app)


def test_what_cannot_be_kept_is_said_and_may_be_tried_again(
    app: AppTest, kept: Corrections, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cnn_dash.datasets.corrections.MOST", 0)
    app.run()
    app.pills[0].set_value(7).run()
    assert "No more corrections can be kept" in app.error[0].value
    assert [one.value for one in app.pills] == [None, None]
    monkeypatch.undo()
    for name, value in settings.environment().items():
        monkeypatch.setenv(name, value)
    app.pills[0].set_value(7).run()
    assert len(app.error) == 0
    assert len(kept.all()) == 1


def test_all_are_downloaded_as_one_archive(app: AppTest) -> None:
    app.run()
    app.pills[0].set_value(7).run()
    (download,) = app.get("link_button")
    assert (download.label, download.proto.url) == ("Download all", "/api/corrections.zip")
