"""Runs that other programs record over HTTP."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests

from cnn_dash.config import RunConfig
from cnn_dash.runs import actions
from cnn_dash.runs.status import Source, Status
from cnn_dash.runs.store import RunStore
from cnn_dash.settings import Settings
from tests.factories import make_external_run
from tests.unit.api.conftest import serving

TOKEN = "a long secret"


@pytest.fixture
def open_store(settings: Settings) -> Iterator[RunStore]:
    """A store whose settings have a token."""
    store = RunStore(settings.model_copy(update={"token": TOKEN}))
    yield store
    store.close()


@pytest.fixture
def address(open_store: RunStore) -> Iterator[str]:
    with serving(lambda: open_store) as server:
        yield server


@dataclass(frozen=True)
class Client:
    """A program that records runs."""

    server: str
    headers: dict[str, str] = field(default_factory=lambda: {"Authorization": f"Bearer {TOKEN}"})

    def post(self, path: str, headers: dict[str, str] | None = None, **body: Any) -> requests.Response:
        return requests.post(self.server + path, headers=self.headers | (headers or {}), timeout=30, **body)


@pytest.fixture
def client(address: str) -> Client:
    return Client(address)


def post(client: Client, path: str, body: Any, status: int = 200) -> Any:
    answer = client.post(f"/api/runs{path}", json=body)
    assert answer.status_code == status, answer.text
    return answer.json()


def test_a_run_is_begun_recorded_and_ended(client: Client, open_store: RunStore) -> None:
    told = {
        "name": "torch",
        "config": {"opt": {"lr": 0.1}},
        "tags": ["t"],
        "notes": "n",
        "epochs": 2,
        "steps_per_epoch": 4,
    }
    assert post(client, "", told, 201) == {"run_id": 1, "request": None}
    for step in range(1, 5):
        post(client, "/1/metrics", {"step": step, "metrics": {"loss": 1 / step}})
    assert post(client, "/1/metrics", {"epoch": 1, "metrics": {"loss": 0.5, "val_loss": "NaN"}}) == {
        "run_id": 1, "request": None,
    }  # fmt: skip
    run = open_store.run(1)
    assert (run.source, run.status, run.name, run.tags, run.notes, run.epochs, run.batches) == (
        Source.EXTERNAL, Status.RUNNING, "torch", ("t",), "n", 2, 4,
    )  # fmt: skip
    assert run.settings == {"opt.lr": 0.1}
    post(client, "/1/metrics", {"end": "finished", "message": "Done."})
    changes = open_store.changes(1)
    assert (changes.run.status, changes.run.message) == (Status.FINISHED, "Done.")
    assert [(one.step, one.position) for one in changes.steps] == [(1, 0.25), (2, 0.5), (3, 0.75), (4, 1.0)]
    assert math.isnan(changes.epochs[0].metrics["val_loss"])


def test_without_epochs_each_step_has_a_place_in_tables(client: Client, open_store: RunStore) -> None:
    post(client, "", {}, 201)
    post(client, "/1/metrics", [{"step": step, "metrics": {"loss": 1.0 - step / 10}} for step in range(3)])
    changes = open_store.changes(1)
    assert [one.step for one in changes.steps] == [one.epoch for one in changes.epochs] == [0, 1, 2]
    assert changes.run.metrics["loss"].last == 0.8


def test_what_is_asked_on_the_page_is_in_the_answer(client: Client, open_store: RunStore) -> None:
    post(client, "", {}, 201)
    actions.pause(open_store, 1)
    assert post(client, "/1/metrics", {})["request"] == "pause"
    assert open_store.run(1).held
    actions.stop(open_store, 1)
    assert post(client, "/1/metrics", {})["request"] == "stop"
    post(client, "/1/metrics", {"end": "stopped"})
    assert "has ended" in post(client, "/1/metrics", {"step": 1, "metrics": {"loss": 1}}, 400)["error"]


@pytest.mark.parametrize("path", ["", "/1/metrics"])
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401), ({"Authorization": "Bearer wrong"}, 401), ({"Authorization": TOKEN}, 401),
        ({"Authorization": f"Basic {TOKEN}"}, 401),
        ({"Authorization": f"Bearer {TOKEN}", "Origin": "http://evil.example"}, 403),
        ({"Authorization": f"Bearer {TOKEN}", "Origin": "http://localhost:1234"}, 403),
        ({"Authorization": f"Bearer {TOKEN}", "Origin": "null"}, 403),
        ({"Authorization": f"Bearer {TOKEN}", "Origin": "http://[evil"}, 403), ({"Origin": "http://[evil"}, 403),
    ],
)  # fmt: skip
def test_who_may_not_write_is_refused(
    address: str, open_store: RunStore, path: str, headers: dict[str, str], status: int
) -> None:
    assert "Received: " in post(Client(address, headers), path, {}, status)["error"]
    assert open_store.runs() == []


def test_a_page_of_the_server_itself_may_write(client: Client, address: str) -> None:
    post(Client(address, client.headers | {"Origin": address}), "", {}, 201)


def test_without_a_token_nobody_writes(server: str) -> None:
    for headers in ({}, {"Authorization": "Bearer "}, {"Authorization": "Bearer x"}):
        assert "CNN_DASH_TOKEN" in post(Client(server, headers), "", {}, 403)["error"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("", {"color": "red"}), ("", {"epochs": 0}), ("", {"epochs": True}), ("", {"config": "x"}), ("", [1]),
        ("/1/metrics", {"step": 1, "metrics": {"loss": 10**400}}),
        ("", {"epochs": 10**30}), ("", {"tags": ["x" * 1000]}),
        ("/1/metrics", {"step": 1, "metrics": {"loss": "low"}}), ("/1/metrics", {"metrics": {"loss": 1}}),
        ("/1/metrics", {"step": -1, "metrics": {"loss": 1}}), ("/1/metrics", {"step": "1", "metrics": {"loss": 1}}),
        ("/1/metrics", {"end": "queued"}), ("/1/metrics", {"loss": 1}), ("/1/metrics", {"step": 1, "metrics": [1]}),
        ("/1/metrics", {"step": 1e300, "metrics": {"loss": 1}}), ("/1/metrics", {"step": 1, "metrics": {"": 1}}),
        ("/1/metrics", "x"), ("/1/metrics", {"end": ["finished"]}),
    ],
)  # fmt: skip
def test_what_cannot_be_recorded_is_refused_with_a_sentence(client: Client, path: str, body: Any) -> None:
    post(client, "", {}, 201)
    error = post(client, path, body, 400)["error"]
    assert "Received: " in error
    assert "Allowed: " in error or "Shorten" in error


def test_a_run_that_is_refused_is_not_begun(client: Client, open_store: RunStore) -> None:
    post(client, "", {"tags": [f"tag {number}" for number in range(21)]}, 400)
    post(client, "", {"notes": "x" * 10_001}, 400)
    assert not open_store.select()


@pytest.mark.parametrize("body", [b"{", b"\xff", b"[" * 100_000])
def test_what_is_no_json_is_refused(client: Client, body: bytes) -> None:
    answer = client.post("/api/runs", data=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, "no JSON" in answer.json()["error"]) == (400, True)


def test_a_form_and_too_much_are_refused(client: Client) -> None:
    assert client.post("/api/runs", data={"name": "x"}).status_code == 400
    assert "1,000,000 bytes" in post(client, "", {"notes": "x" * 1_100_000}, 400)["error"]


def test_only_runs_that_were_begun_over_http_are_recorded_so(client: Client, open_store: RunStore) -> None:
    open_store.create(RunConfig(), parameters=1, multiply_adds=1)
    make_external_run(open_store)
    for run_id in (1, 2):
        assert (
            "is not recorded over HTTP" in post(client, f"/{run_id}/metrics", {"epoch": 1, "metrics": {}}, 400)["error"]
        )
    post(client, "/7/metrics", {}, 404)


def test_the_token_is_not_shown(open_store: RunStore) -> None:
    assert TOKEN not in repr(open_store.settings)
