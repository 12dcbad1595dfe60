from pathlib import Path

import platformdirs
import pytest

from cnn_dash.errors import ConfigError
from cnn_dash.settings import Settings


def test_without_any_variable_everything_is_in_the_persons_data_folder(monkeypatch, tmp_path):
    monkeypatch.setattr(platformdirs, "user_data_dir", lambda name, appauthor: str(tmp_path / name))
    settings = Settings.from_environment({})
    home = tmp_path / "cnn-dash"
    assert (settings.home, settings.data_dir, settings.runs_dir) == (home, home / "data", home / "runs")
    assert settings.database_url == f"sqlite:///{home.as_posix()}/cnn-dash.db"
    assert settings.workers == 1


def test_each_variable_counts(tmp_path):
    environ = {
        "CNN_DASH_HOME": str(tmp_path / "home"),
        "CNN_DASH_DATA_DIR": str(tmp_path / "data"),
        "CNN_DASH_DATABASE_URL": "postgresql+psycopg://me@host/runs",
        "CNN_DASH_WORKERS": "3",
    }
    settings = Settings.from_environment(environ)
    assert settings == Settings(tmp_path / "home", tmp_path / "data", "postgresql+psycopg://me@host/runs", 3)
    assert settings.environment() == environ


def test_a_worker_gets_the_same_settings(tmp_path):
    settings = Settings.from_environment({"CNN_DASH_HOME": str(tmp_path), "CNN_DASH_WORKERS": "2"})
    assert Settings.from_environment(settings.environment()) == settings


def test_an_empty_variable_is_none_and_paths_are_absolute(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    settings = Settings.from_environment({"CNN_DASH_HOME": "here", "CNN_DASH_DATA_DIR": "", "CNN_DASH_WORKERS": ""})
    assert (settings.home, settings.data_dir, settings.workers) == (tmp_path / "here", tmp_path / "here" / "data", 1)
    assert Settings.from_environment({"CNN_DASH_HOME": "~/x"}).home == Path.home() / "x"


@pytest.mark.parametrize("workers", ["0", "65", "-1", "1.5", "two", "²", "9" * 5000])
def test_a_number_of_workers_that_cannot_be_used_is_said(workers):
    with pytest.raises(ConfigError, match=r"CNN_DASH_WORKERS .* Received: '.*\. Allowed: a whole number from 1 to 64"):
        Settings.from_environment({"CNN_DASH_WORKERS": workers})
