import io
import zipfile

import numpy as np
import pytest
import requests

from cnn_dash import __version__
from cnn_dash.api.routes import Api
from cnn_dash.config import RunConfig
from cnn_dash.datasets.corrections import Corrections
from cnn_dash.errors import StoreError
from cnn_dash.runs import epoch_images
from cnn_dash.runs.folder import RunFolder
from cnn_dash.runs.lease import Lease
from cnn_dash.runs.store import RunStore
from cnn_dash.settings import Settings
from tests.factories import epoch_metrics


def test_runs_are_listed_newest_first(server: str, lease: Lease) -> None:
    lease.store.create(RunConfig(), parameters=1, multiply_adds=1)
    answer = requests.get(f"{server}/api/runs", timeout=30)
    assert answer.headers["content-type"] == "application/json"
    assert [(run["run_id"], run["status"]) for run in answer.json()] == [(2, "queued"), (1, "running")]


def test_an_empty_store_is_an_empty_list(server: str) -> None:
    assert requests.get(f"{server}/api/runs", timeout=30).json() == []


def test_a_run_has_its_settings_and_epochs(server: str, lease: Lease) -> None:
    lease.log_epoch(epoch_metrics(1, 0.5, 0.8, 0.4, 0.9, None, 0.001, 1.5, 3000.0))
    run = requests.get(f"{server}/api/runs/1", timeout=30).json()
    assert run["settings"] == RunConfig().model_dump(mode="json")
    assert [(epoch["epoch"], epoch["val_loss"], epoch["val_auc"]) for epoch in run["metrics"]] == [(1, 0.4, None)]


@pytest.mark.parametrize("number", ["7", str(10**25), "9" * 5000, "seven", "-1"])
@pytest.mark.parametrize("path", ["/api/runs/{}", "/api/runs/{}/log", "/api/runs/{}/images", "/api/runs/{}/events"])
def test_an_unknown_run_is_not_found_and_said_so_in_json(server: str, lease: Lease, path: str, number: str) -> None:
    answer = requests.get(server + path.format(number), timeout=30)
    assert answer.status_code == 404
    assert answer.json()["error"].startswith("There is no such run. Received: ")


def test_the_log_is_text_and_empty_at_first(server: str, lease: Lease, settings: Settings) -> None:
    assert requests.get(f"{server}/api/runs/1/log", timeout=30).text == ""
    RunFolder.of(settings, 1).log.append("epoch 1: größer\n".encode())
    answer = requests.get(f"{server}/api/runs/1/log", timeout=30)
    assert answer.text == "epoch 1: größer\n"
    assert answer.headers["content-type"].startswith("text/plain")


def test_the_images_of_the_last_epoch_are_sent_as_they_were_written(
    server: str, lease: Lease, settings: Settings
) -> None:
    address = f"{server}/api/runs/1/images"
    assert requests.get(address, timeout=30).status_code == 204
    epoch_images.write(RunFolder.of(settings, 1), 1, 1, b'{"epoch": 1}')
    assert requests.get(address, timeout=30).status_code == 204  # the epoch is not recorded yet
    lease.log_epoch(epoch_metrics(1, 0.5, 0.8, 0.4, 0.9, None, 0.001, 1.5, 3000.0))
    assert requests.get(address, timeout=30).json() == {"epoch": 1}


def test_corrections_are_one_archive(server: str, settings: Settings) -> None:
    pixels = np.zeros((28, 28, 1), np.uint8)
    made = Corrections(settings.corrections_dir).add(pixels[..., 0], pixels, 7, tuple("0123456789"), 3, 1, 0.75)
    answer = requests.get(f"{server}/api/corrections.zip", timeout=30)
    assert answer.headers["content-disposition"] == 'attachment; filename="corrections.zip"'
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.namelist() == [f"pictures/7/{made.file}", f"inputs/7/{made.file}", "index.jsonl"]


def test_the_drawing_library_is_served_whole(server: str) -> None:
    answer = requests.get(f"{server}/api/plotly.js", timeout=30)
    assert answer.headers["content-type"].startswith("text/javascript")
    assert len(answer.content) > 1_000_000
    assert b"extendTraces" in answer.content


def test_the_server_says_its_version(server: str) -> None:
    answer = requests.get(f"{server}/api/server", timeout=30).json()
    assert answer["version"] == __version__
    assert isinstance(answer["tensorflow_loaded"], bool)


@pytest.mark.parametrize("path", ["/api/runs", "/api/runs/1", "/api/runs/1/events", "/api/runs/1/log"])
def test_a_store_that_cannot_be_used_is_said_so_in_json(
    server: str, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    def locked(*_: object, **__: object) -> None:
        raise StoreError("The run store could not be used: locked.")

    for method in ("run", "transaction", "changes"):
        monkeypatch.setattr(RunStore, method, locked)
    answer = requests.get(server + path, timeout=30)
    assert (answer.status_code, answer.json()) == (503, {"error": "The run store could not be used: locked."})


@pytest.mark.parametrize(
    ("base", "path"),
    [("", "/api/runs"), ("/", "/api/runs"), ("team/cnn", "/team/cnn/api/runs"), ("/a/", "/a/api/runs")],
)
def test_the_routes_stand_below_the_path_of_the_server(store: RunStore, base: str, path: str) -> None:
    assert path in [route.path for route in Api(lambda: store).routes(base)]


def test_nothing_can_be_written(server: str, lease: Lease) -> None:
    for method in ("POST", "PUT", "DELETE"):
        assert requests.request(method, f"{server}/api/runs/1", timeout=30).status_code == 405
