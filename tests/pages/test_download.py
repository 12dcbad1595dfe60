"""A data set that is not on this machine, and its way there, seen in the browser."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from cnn_dash.datasets import catalogue
from cnn_dash.datasets.sources.protocol import SourceArrays
from cnn_dash.datasets.sources.published import PublishedSource
from tests.toy_dataset import Server, Small

LAST = "t10k-labels-idx1-ubyte.gz"


@pytest.fixture
def open_train(
    open_page: Callable[..., AppTest], served: PublishedSource, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], AppTest]:
    """Open Train with the small data set chosen, which the server on this machine has."""
    monkeypatch.setitem(catalogue.SOURCES, served.info.name, served)
    monkeypatch.setenv("CNN_DASH_DATA_DIR", str(tmp_path / "empty"))
    return lambda: open_page("train", train_dataset=served.info.name)


def test_a_click_downloads_the_data_set_and_shows_it(
    open_train: Callable[[], AppTest], small: Small, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads: list[Path] = []
    read = PublishedSource.read

    def counted(source: PublishedSource, data_dir: Path) -> SourceArrays:
        reads.append(data_dir)
        return read(source, data_dir)

    monkeypatch.setattr(PublishedSource, "read", counted)
    app = open_train()
    assert any("Not on this machine yet." in caption.value for caption in app.caption)
    app.button(key="train_download").click().run()
    assert not app.exception
    assert len(reads) == 1  # it is imported once, and the preview reads what was imported
    with pytest.raises(KeyError):
        app.button(key="train_download")
    assert app.html[0].value.count("<img") == len(small.source.info.class_names)
    assert any(
        "30 images to train with (10 per class), 12 to test (4 per class)" in caption.value for caption in app.caption
    )


def test_the_bar_says_progress_line_the_download_is_and_a_broken_one_can_be_repeated(
    open_train: Callable[[], AppTest], server: Server, small: Small
) -> None:
    server.cut.add(LAST)
    app = open_train()
    app.button(key="train_download").click().run()
    assert not app.exception
    (bar,) = app.progress
    assert bar.value == 100
    assert bar.text.startswith("t10k-images-idx3-ubyte.gz: ")  # the last file that arrived
    assert any("broke off" in error.value and LAST in error.value for error in app.error)

    server.cut.clear()
    app.button(key="train_download").click().run()
    assert not app.progress
    assert sorted(set(server.requests)) == sorted(small.packed())
    assert server.requests.count(LAST) == 2


def test_a_download_that_does_not_begin_leaves_no_bar(
    open_train: Callable[[], AppTest], served: PublishedSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere = replace(served, info=replace(served.info, download_url="http://127.0.0.1:9/nothing/"))
    monkeypatch.setitem(catalogue.SOURCES, served.info.name, nowhere)
    app = open_train()
    app.button(key="train_download").click().run()
    assert not app.exception
    assert any("cannot be downloaded" in error.value for error in app.error)
    assert not app.progress
