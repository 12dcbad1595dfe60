"""The file with the weights of a base: by hand, from a server on this machine, or why not."""

from collections.abc import Callable
from hashlib import md5, sha256
from pathlib import Path

import pytest

from cnn_dash.config import ModelConfig, RunConfig
from cnn_dash.errors import ConfigError, DataError, DataNotFound
from cnn_dash.models import base_weights
from cnn_dash.models.base_weights import FOLDER, fetch, find, require
from cnn_dash.runs.preview import preview
from cnn_dash.settings import Settings
from tests.toy_dataset import Server

BASE = "mobilenet-v3-small"
CONTENT = b"numbers" * 40_000


@pytest.fixture
def with_weights(tmp_path: Path) -> Callable[[str], Settings]:
    """Settings that name a file as `CNN_DASH_BASE_WEIGHTS` does."""
    return lambda named: Settings(home=tmp_path / "home", data_dir=tmp_path / "data", base_weights=named)


@pytest.fixture
def settings(server: Server, with_weights: Callable[[str], Settings]) -> Settings:
    server.files["w.h5"] = CONTENT
    return with_weights(f"{server.url}w.h5#md5={md5(CONTENT).hexdigest()}")


def test_it_is_downloaded_once_with_progress(settings: Settings, server: Server) -> None:
    told: list[str] = []
    file = fetch(BASE, settings, lambda progress: told.append(str(progress)))
    assert file == settings.data_dir / FOLDER / "w.h5"
    assert file.read_bytes() == CONTENT
    assert told[-1] == "w.h5: 0.3 of 0.3 MB"
    assert fetch(BASE, settings) == find(BASE, settings) == file
    assert server.requests == ["w.h5"]
    require(BASE, settings)


@pytest.mark.parametrize("folder", ["", FOLDER])
def test_a_file_put_there_by_hand_is_found(folder: str, with_weights: Callable[[str], Settings]) -> None:
    settings = with_weights(f"http://localhost:1/w.h5#sha256={sha256(CONTENT).hexdigest()}")
    file = settings.data_dir / folder / "w.h5"
    file.parent.mkdir(parents=True)
    file.write_bytes(CONTENT)
    assert fetch(BASE, settings) == file


def test_another_file_of_this_name_is_said_and_left_alone(settings: Settings) -> None:
    file = settings.data_dir / "w.h5"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"another")
    for use in (find, fetch, require):
        with pytest.raises(
            ConfigError, match=rf"not those that were published\. Received: {file} with md5:.*Allowed: "
        ):
            use(BASE, settings)
    assert file.read_bytes() == b"another"


def test_what_is_not_the_published_file_is_thrown_away(settings: Settings, server: Server) -> None:
    server.files["w.h5"] = CONTENT[:-1] + b"!"
    with pytest.raises(DataError, match=r"did not send the published file.*Allowed: MD5 .*model\.base none"):
        fetch(BASE, settings)
    assert not list(settings.data_dir.rglob("*.h5"))


def test_where_it_cannot_be_had_a_sentence_says_what_to_put_where(with_weights: Callable[[str], Settings]) -> None:
    settings = with_weights(f"http://127.0.0.1:1/w.h5#md5={'0' * 32}")
    where = rf"{settings.data_dir / FOLDER}\. Without them: train with model\.base none"
    with pytest.raises(
        DataNotFound, match=rf"MobileNetV3-Small is not on this machine and cannot be downloaded.*{where}"
    ):
        fetch(BASE, settings)
    config = RunConfig(model=ModelConfig(base="mobilenet-v3-small"))
    with pytest.raises(ConfigError, match=rf"\(4 MB\) are not on this machine.*Received: no w\.h5.*{where}"):
        preview(settings, config)
    preview(settings, RunConfig())  # which needs none


@pytest.mark.parametrize("named", ["w.h5", "http://box/w.h5", "http://box/w.h5#md5=12", "file:///w.h5#md5=" + "0" * 32])
def test_a_setting_that_names_no_file_is_said(named: str, with_weights: Callable[[str], Settings]) -> None:
    with pytest.raises(ConfigError, match=r"CNN_DASH_BASE_WEIGHTS cannot be used\. Received: .*Allowed: the address"):
        find(BASE, with_weights(named))


def test_it_is_found_in_the_folder_of_whoever_queued_the_run(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "elsewhere" / FOLDER / "w.h5"
    file.parent.mkdir(parents=True)
    file.write_bytes(CONTENT)
    assert find(BASE, settings) is None
    assert find(BASE, settings, tmp_path / "elsewhere") == file
    assert base_weights.sha256_of(file) == sha256(CONTENT).hexdigest()
