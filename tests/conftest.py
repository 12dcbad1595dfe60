"""What all tests share: a home of their own, a run store in it, and the real data sets where there are any."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from cnn_dash.runs.store import RunStore
from cnn_dash.settings import Settings

REPOSITORY = Path(__file__).parents[1]
KEPT = {"CNN_DASH_DATA_DIR", "CNN_DASH_TEST_BROWSER"}


def pytest_configure(config: pytest.Config) -> None:
    """Let no test, and no process a test starts, see or touch the person's own runs and settings.

    That has to happen before the tests are collected: Keras reads its settings when it is imported.
    """
    home = tempfile.TemporaryDirectory(prefix="cnn-dash-tests-", ignore_cleanup_errors=True)
    config.add_cleanup(home.cleanup)
    environment = pytest.MonkeyPatch()
    config.add_cleanup(environment.undo)
    for name in set(os.environ) - KEPT:
        if name.startswith(("CNN_DASH_", "STREAMLIT_", "KERAS_")):
            environment.delenv(name)
    environment.setenv("CNN_DASH_HOME", str(Path(home.name) / "cnn-dash"))
    for name in ("HOME", "USERPROFILE"):  # where Streamlit and Keras look for settings of the person's own
        environment.setenv(name, home.name)


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """Where the real data sets are, if they are anywhere."""
    return Path(os.environ.get("CNN_DASH_DATA_DIR") or REPOSITORY.parent / "shared" / "data")


@pytest.fixture(scope="session")
def shared_data(data_dir: Path) -> Path:
    """The folder of the real data sets; the test is skipped where there is none."""
    if not data_dir.is_dir():
        pytest.skip(f"no real data sets in {data_dir}: set CNN_DASH_DATA_DIR")
    return data_dir


@pytest.fixture
def settings(tmp_path: Path, data_dir: Path) -> Settings:
    """A home of the test's own, and the real data sets where there are any."""
    return Settings.from_environment(
        {
            "CNN_DASH_HOME": str(tmp_path / "home"),
            "CNN_DASH_DATA_DIR": str(data_dir if data_dir.is_dir() else tmp_path / "data"),
        }
    )


@pytest.fixture
def store(settings: Settings) -> Iterator[RunStore]:
    """An empty run store in that home."""
    store = RunStore(settings)
    yield store
    store.close()
