"""What all tests share: a home of their own, a run store in it, and the real data sets where there are any."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from cnn_dash.runs.store import RunStore
from cnn_dash.settings import Settings
from tests.postgresql import NoPostgresql, PostgresqlServer, running_server

REPOSITORY = Path(__file__).parents[1]
KEPT = {"CNN_DASH_DATA_DIR", "CNN_DASH_TEST_BROWSER", "CNN_DASH_TEST_POSTGRESQL"}


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


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PostgresqlServer]:
    """A PostgreSQL server that lives as long as the tests; those that ask for it are skipped where there is none."""
    with contextlib.ExitStack() as stack:
        try:
            server = stack.enter_context(running_server())
        except NoPostgresql as reason:
            pytest.skip(str(reason))
        yield server


@pytest.fixture
def postgresql_url(postgresql_server: PostgresqlServer) -> str:
    """The URL of a PostgreSQL database with our tables, and nothing in them."""
    return postgresql_server.emptied()


@pytest.fixture
def new_postgresql_url(postgresql_server: PostgresqlServer) -> Iterator[str]:
    """The URL of a PostgreSQL database of the test's own, without tables. `postgresql_url` is overridden by it."""
    with postgresql_server.database() as url:
        yield url


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite database with our tables, and nothing in them: to make them takes longer than most tests."""
    settings = Settings.from_environment({"CNN_DASH_HOME": str(tmp_path_factory.mktemp("empty") / "home")})
    RunStore(settings).close()
    return settings.database_file


@pytest.fixture
def database() -> str:
    """Which database the runs are kept in: `sqlite` or `postgresql`. Where it matters, this is overridden by both."""
    return "sqlite"


@pytest.fixture
def settings(tmp_path: Path, data_dir: Path, database: str, request: pytest.FixtureRequest) -> Settings:
    """A home of the test's own, with a database for itself, and the real data sets where there are any.

    Tests marked `own_data_folder` have a data folder of their own, too: they write into it.
    """
    shared = data_dir.is_dir() and request.node.get_closest_marker("own_data_folder") is None
    environment = {
        "CNN_DASH_HOME": str(tmp_path / "home"),
        "CNN_DASH_DATA_DIR": str(data_dir if shared else tmp_path / "data"),
    }
    if database == "postgresql":
        environment["CNN_DASH_DATABASE_URL"] = request.getfixturevalue("postgresql_url")
    return Settings.from_environment(environment)


@pytest.fixture
def store(settings: Settings, database: str, empty_database: Path) -> Iterator[RunStore]:
    """An empty run store in that home."""
    if database == "sqlite":
        settings.home.mkdir(exist_ok=True)
        shutil.copyfile(empty_database, settings.database_file)
    store = RunStore(settings)
    yield store
    store.close()
