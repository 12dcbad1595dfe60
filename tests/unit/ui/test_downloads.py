import pytest

from cnn_dash.ui.components import downloads


@pytest.mark.parametrize(
    ("base", "url"),
    [
        (None, "/api/runs.csv"),
        ("", "/api/runs.csv"),
        ("/", "/api/runs.csv"),
        ("team/cnn", "/team/cnn/api/runs.csv"),
        ("/a/", "/a/api/runs.csv"),
    ],
)
def test_a_file_is_asked_for_below_the_path_of_the_server(monkeypatch, base, url):
    monkeypatch.setattr(downloads.st, "get_option", {"server.baseUrlPath": base}.get)
    assert downloads.api_url("runs.csv") == url
