"""A real server and a real browser, with a temporary home for the runs."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from cnn_dash.runs.status import Status
from cnn_dash.runs.store import RunStore
from cnn_dash.settings import Settings
from tests.browser.browser import launched_browser
from tests.browser.server import Server
from tests.factories import make_tested_run

# On a machine that trains meanwhile; nothing here is measured with it.
PATIENCE_MS = 60_000
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@pytest.fixture
def serve(home: Path) -> Iterator[Callable[..., Server]]:
    """Start servers over this test's home; they are stopped when it ends."""
    with contextlib.ExitStack() as running:

        def start(**environment: str) -> Server:
            server = Server(home, **environment)
            running.callback(server.stop)
            return server

        yield start


@pytest.fixture(scope="module")  # not longer: Playwright keeps an event loop running in this thread
def browser() -> Iterator[Browser]:
    with launched_browser() as opened:
        yield opened


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open addresses in tabs of their own. Errors on a page, and requests to anywhere else, fail the test."""
    trouble: list[str] = []
    with contextlib.ExitStack() as opened:

        def open_url(url: str, *, width: int = 1400, dark: bool = False, touch: bool = False) -> Page:
            scheme = "dark" if dark else "light"
            context = browser.new_context(
                viewport={"width": width, "height": 1000}, color_scheme=scheme, has_touch=touch
            )
            opened.callback(context.close)
            page = context.new_page()
            page.set_default_timeout(PATIENCE_MS)
            page.on("pageerror", lambda error: trouble.append(f"script error: {error}"))
            page.on(
                "request", lambda request: None if _local(request.url) else trouble.append(f"went to {request.url}")
            )
            page.goto(url)
            page.locator("h1").first.wait_for()
            return page

        yield open_url
    assert not trouble


def _local(url: str) -> bool:
    return url.startswith(("http://localhost:", "blob:", "data:", "ws://localhost:"))


@pytest.fixture(scope="module")
def empty_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server without any run, for tests that start none."""
    server = Server(tmp_path_factory.mktemp("empty"))
    yield server
    server.stop()


@pytest.fixture(scope="module")
def server_with_runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server over a store with made-up runs, for tests that start none."""
    home = tmp_path_factory.mktemp("with-runs")
    store = RunStore(Settings.from_environment({"CNN_DASH_HOME": str(home)}))
    for status in (Status.STOPPED, Status.FINISHED):
        make_tested_run(store, status)
    store.close()
    server = Server(home)
    yield server
    server.stop()
