import os
import subprocess
import sys
from pathlib import Path

import platformdirs
import pytest

from cnn_dash.config import RunConfig
from cnn_dash.errors import ConfigError
from cnn_dash.runs.store import RunStore
from cnn_dash.runs.submit import submit
from cnn_dash.settings import Settings


def test_without_any_variable_everything_is_in_the_persons_data_folder(monkeypatch, tmp_path):
    monkeypatch.setattr(platformdirs, "user_data_dir", lambda name, appauthor: str(tmp_path / name))
    settings = Settings.from_environment({})
    home = tmp_path / "cnn-dash"
    assert (settings.home, settings.data_dir, settings.runs_dir) == (home, home / "data", home / "runs")
    assert (settings.database_url, settings.database_file) == ("", home / "cnn-dash.db")
    assert (settings.workers, settings.takeover_s) == (1, 15.0)


def test_each_variable_counts(tmp_path):
    environ = {
        "CNN_DASH_HOME": str(tmp_path / "home"),
        "CNN_DASH_DATA_DIR": str(tmp_path / "data"),
        "CNN_DASH_DATABASE_URL": "postgresql+psycopg://me@host/runs",
        "CNN_DASH_WORKERS": "3",
        "CNN_DASH_TAKEOVER_S": "4.5",
        "CNN_DASH_HOSTS": "CNN.example.org, box.",
        "CNN_DASH_BASE_WEIGHTS": "http://box/w.h5#md5=0123456789abcdef0123456789abcdef",
    }
    settings = Settings.from_environment(environ | {"CNN_DASH_TOKEN": "a secret"})
    assert settings == Settings(
        home=tmp_path / "home",
        data_dir=tmp_path / "data",
        database_url="postgresql+psycopg://me@host/runs",
        workers=3,
        takeover_s=4.5,
        hosts="CNN.example.org, box.",
        base_weights="http://box/w.h5#md5=0123456789abcdef0123456789abcdef",
        token="a secret",
    )
    assert settings.host_names == ("cnn.example.org", "box")
    assert settings.environment() == environ  # a worker has no use for the secret
    assert "secret" not in repr(settings)


def test_what_is_given_by_hand_takes_nothing_from_the_surroundings(monkeypatch, tmp_path):
    monkeypatch.setenv("CNN_DASH_WORKERS", "7")
    assert Settings(home=tmp_path).workers == 1
    assert Settings.from_environment({"CNN_DASH_HOME": str(tmp_path)}).workers == 1
    assert Settings.from_environment().workers == 7


def test_settings_do_not_change(tmp_path):
    with pytest.raises(ValueError, match="frozen"):
        Settings(home=tmp_path).workers = 2  # type: ignore[misc]


def test_a_worker_gets_the_same_settings(tmp_path):
    settings = Settings.from_environment({"CNN_DASH_HOME": str(tmp_path), "CNN_DASH_WORKERS": "2"})
    assert Settings.from_environment(settings.environment()) == settings
    # … whatever the process that starts it has in its own environment.
    surroundings = {"CNN_DASH_DATABASE_URL": "postgresql://elsewhere/runs", "CNN_DASH_WORKERS": "9"}
    assert Settings.from_environment(surroundings | settings.environment()) == settings


def test_an_empty_variable_is_none_and_paths_are_absolute(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    settings = Settings.from_environment({"CNN_DASH_HOME": "here", "CNN_DASH_DATA_DIR": "", "CNN_DASH_WORKERS": ""})
    assert (settings.home, settings.data_dir, settings.workers) == (tmp_path / "here", tmp_path / "here" / "data", 1)
    assert Settings.from_environment({"CNN_DASH_HOME": "~/x"}).home == Path.home() / "x"


@pytest.mark.parametrize("workers", ["0", "65", "-1", "1.5", "two", "²", "9" * 5000])
def test_a_number_of_workers_that_cannot_be_used_is_said(workers):
    with pytest.raises(ConfigError, match=r"CNN_DASH_WORKERS .* Received: '.*\. Allowed: a whole number from 1 to 64"):
        Settings.from_environment({"CNN_DASH_WORKERS": workers})


@pytest.mark.parametrize("seconds", ["1.9", "3601", "-5", "nan", "inf", "soon", "9" * 5000])
def test_a_time_after_which_a_run_is_taken_over_that_cannot_be_used_is_said(seconds):
    with pytest.raises(
        ConfigError, match=r"CNN_DASH_TAKEOVER_S .* Received: '.*\. Allowed: a number of seconds from 2"
    ):
        Settings.from_environment({"CNN_DASH_TAKEOVER_S": seconds})


def test_each_variable_that_cannot_be_used_is_said():
    with pytest.raises(ConfigError, match=r"CNN_DASH_WORKERS .*CNN_DASH_TAKEOVER_S"):
        Settings.from_environment({"CNN_DASH_WORKERS": "0", "CNN_DASH_TAKEOVER_S": "0"})


# ---- the default database lies in the home, however the home is called

# Each of these means something in a URL, to a shell, to SQLite, or on another system.
FOLDERS = (
    "d", "d?1", "d?2", "d?mode=memory", "d#1", "d#2", "d%201", "d 1", "d%3F1", "d%", "d%%", "d&x=1", "d'1", 'd"1',
    "d;1", "C:\\Users\\me", "file:d", ":memory:", "Übung", "手書き", "d\u0301", "d@host:5", "d=1", "d+1", "~d",
)  # fmt: skip

OPEN = """
from cnn_dash.runs.store import RunStore
from cnn_dash.settings import Settings
store = RunStore(Settings.from_environment())
print(len(store.runs()))
"""


@pytest.fixture
def homes(tmp_path):
    names = FOLDERS if os.name != "nt" else [name for name in FOLDERS if not set(name) & set('<>:"/\\|?*')]
    return [tmp_path / name for name in names]


def test_two_homes_never_share_a_database(homes):
    for home in homes:
        with_store(home, lambda store: submit(store, RunConfig()))
    for home in homes:
        assert with_store(home, lambda store: len(store.runs())) == 1, home
        assert (home / "cnn-dash.db").is_file()
    assert {path.name for path in homes[0].parent.iterdir()} == {home.name for home in homes}


def with_store(home, use):
    store = RunStore(Settings.from_environment({"CNN_DASH_HOME": str(home)}))
    try:
        return use(store)
    finally:
        store.close()


@pytest.mark.parametrize("name", ["d?1", "d%201", "d#1", "d 'ü\""])
def test_a_worker_that_is_given_the_settings_opens_the_same_file(tmp_path, name):
    if os.name == "nt" and set(name) & set('?"'):
        pytest.skip("no such folder on this system")
    settings = Settings.from_environment({"CNN_DASH_HOME": str(tmp_path / name)})
    with_store(settings.home, lambda store: submit(store, RunConfig()))
    environment = os.environ | settings.environment() | {"PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(
        [sys.executable, "-c", OPEN], env=environment, cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "1"
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("variable", ["CNN_DASH_HOME", "CNN_DASH_DATA_DIR"])
@pytest.mark.parametrize("folder", ["~no-such-user/runs", "a\0b"])
def test_a_folder_that_cannot_be_is_refused_with_a_sentence(variable: str, folder: str) -> None:
    with pytest.raises(ConfigError) as refused:
        Settings.from_environment({variable: folder})
    assert str(refused.value).count("Received: ") == 1
    assert str(refused.value).startswith(f"{variable} cannot be used as a folder: ")
    assert f"Received: {folder!r}. Allowed: " in str(refused.value)
