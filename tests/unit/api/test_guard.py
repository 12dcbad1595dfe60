"""Who is answered over HTTP: the server's own names alone, on every route."""

import asyncio

import pytest
import requests

from cnn_dash.api.guard import host_name, is_own
from cnn_dash.api.routes import Api
from cnn_dash.errors import StoreError
from cnn_dash.runs.store import RunStore
from cnn_dash.settings import Settings
from tests.unit.api.conftest import serving

PATHS = [
    "/api/runs", "/api/runs.csv", "/api/runs.json", "/api/curves.csv", "/api/curves.json", "/api/runs/1",
    "/api/runs/1/events", "/api/runs/1/log", "/api/corrections.zip", "/api/activity", "/api/server", "/api/plotly.js",
    "/api/runs/1/exports", "/api/runs/1/exports/onnx", "/api/runs/1/images", "/api/datasets/digits.npz",
]  # fmt: skip


def test_every_route_is_among_those_that_are_tried_here(store: RunStore) -> None:
    reading = {route.path for route in Api(lambda: store).routes() if "POST" not in (route.methods or ())}
    assert reading == {
        path.replace("/1", "/{run_id}").replace("/onnx", "/{format}").replace("digits.npz", "{file}") for path in PATHS
    }


@pytest.mark.parametrize("path", PATHS)
def test_no_route_answers_to_a_foreign_name(server: str, path: str) -> None:
    answer = requests.get(server + path, headers={"Host": "evil.example"}, timeout=30)
    assert answer.status_code == 421
    assert answer.json()["error"].startswith(
        "This server does not accept that host name. Received: Host 'evil.example'."
    )
    assert "CNN_DASH_HOSTS" in answer.json()["error"]


@pytest.mark.parametrize("path", ["/api/runs", "/api/runs/1/metrics"])
def test_no_writing_route_answers_to_a_foreign_name(server: str, path: str) -> None:
    assert requests.post(server + path, headers={"Host": "evil.example"}, json={}, timeout=30).status_code == 421


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost", 200), ("localhost:8501", 200), ("LOCALHOST.", 200), ("a.localhost:1", 200), ("127.0.0.1", 200),
        ("127.8.9.1:80", 200), ("[::1]:8501", 200), ("evil.example", 421), ("localhost.evil.example", 421),
        ("127.0.0.1.evil.example", 421), ("10.0.0.5", 421), ("[::2]", 421), ("", 421), ("evil.example:8501", 421),
        ("localhost@evil.example", 421), ("[::1", 421), ("0.0.0.0", 421),
    ],
)  # fmt: skip
def test_loopback_names_are_answered(server: str, host: str, status: int) -> None:
    assert requests.get(f"{server}/api/server", headers={"Host": host}, timeout=30).status_code == status


def test_names_of_the_server_and_of_the_setting_are_answered(settings: Settings) -> None:
    store = RunStore(settings.model_copy(update={"hosts": " CNN.example.org, other.example.org. "}))
    names = {
        "box.example:8501": 200,
        "cnn.example.org": 200,
        "other.example.org": 200,
        "example.org": 421,
        "0.0.0.0": 421,
    }
    with serving(lambda: store, ["box.example", None, "0.0.0.0"]) as server:
        for host, status in names.items():
            answer = requests.get(f"{server}/api/server", headers={"Host": host}, timeout=30)
            assert answer.status_code == status, host
    store.close()


@pytest.mark.parametrize(
    ("name", "server", "own", "answered"),
    [
        ("192.168.1.5", "192.168.1.5", (), True),  # called by the address at which it was reached
        ("192.168.1.5", "192.168.1.6", (), False),
        ("box", "192.168.1.5", (), False),
        ("box", None, ("*",), True),
    ],
)  # fmt: skip
def test_an_address_of_the_machine_is_a_name_of_its_own(
    name: str, server: str | None, own: tuple[str, ...], answered: bool
) -> None:
    assert is_own(name, server, own) is answered


def test_a_host_header_may_be_anything() -> None:
    names = {"[::1]:8501": "::1", "LocalHost.": "localhost", "my_box:80": "my_box", " box ": "box", "a:": "a"}
    assert {one: host_name(one) for one in names} == names


@pytest.mark.parametrize(
    "header",
    [
        "", "/", "\0", "x y", "a:b:c", "a:80x", "[::1", "[evil]", "evil.example@localhost", "localhost@evil.example",
        "localhost/evil.example", "localhost?x", "localhost#x", "localhost,evil.example", "evil\\localhost",
        "localhost%00",
    ],
)  # fmt: skip
def test_what_is_no_name_with_a_port_is_none_of_the_servers(header: str) -> None:
    assert not is_own(host_name(header), "127.0.0.1", {"box"})


def test_a_server_whose_store_cannot_be_opened_still_knows_its_names() -> None:
    def away() -> RunStore:
        raise StoreError("The run store cannot be opened.")

    with serving(away) as server:
        assert requests.get(f"{server}/api/server", timeout=30).status_code == 200
        assert requests.get(f"{server}/api/runs", timeout=30).status_code == 503
        assert requests.get(f"{server}/api/runs", headers={"Host": "evil.example"}, timeout=30).status_code == 421


@pytest.mark.parametrize("kind", ["http", "websocket"])
@pytest.mark.parametrize(("host", "passed"), [(b"localhost:8501", True), (b"evil.example", False)])
def test_pages_and_their_connections_are_guarded_too(store: RunStore, kind: str, host: bytes, passed: bool) -> None:
    reached: list[str] = []
    sent: list[dict[str, object]] = []

    async def page(scope: dict[str, object], _receive: object, _send: object) -> None:
        reached.append(str(scope["type"]))

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    api = Api(lambda: store)
    api.routes()
    (guard,) = api.middleware()
    scope = {"type": kind, "headers": [(b"host", host)], "path": "/", "server": ("127.0.0.1", 1)}
    asyncio.run(guard.cls(page, **guard.kwargs)(scope, None, send))
    assert reached == ([kind] if passed else [])
    refusals = {"http": ["http.response.start", "http.response.body"], "websocket": ["websocket.close"]}
    assert [message["type"] for message in sent] == ([] if passed else refusals[kind])
