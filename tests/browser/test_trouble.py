"""What a person sees of a server whose surroundings are not well, and what becomes of it when they are again."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from cnn_dash import presets
from cnn_dash.hyperparameters import override
from cnn_dash.runs.store import RunStore
from cnn_dash.runs.submit import submit
from cnn_dash.settings import Settings
from tests.browser.server import Server

pytestmark = pytest.mark.browser

END_MS = 120_000


def test_a_store_that_comes_up_later_is_served_without_a_restart(
    tmp_path: Path, serve: Callable[..., Server], browser: Browser
) -> None:
    later = tmp_path / "later"
    later.write_text("in the place of a folder")
    environment = {"CNN_DASH_DATABASE_URL": f"sqlite:///{later / 'runs.db'}"}
    server = serve(**environment)
    page = browser.new_page()
    page.goto(server.url)
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("The run store cannot be opened", timeout=END_MS)
    expect(alert).to_contain_text("It needs a folder it may write to and a database it can reach.")

    later.unlink()
    page.reload()
    expect(page.locator("h1")).to_have_text("Train a network, watch it learn", timeout=END_MS)
    store = RunStore(Settings.from_environment({"CNN_DASH_HOME": str(server.home)} | environment))
    submit(store, override(presets.get("compact-valid").config(), {"train.epochs": 1}))
    expect(page.get_by_test_id("stToast")).to_contain_text("finished: test accuracy", timeout=END_MS)
    store.close()
    page.close()
