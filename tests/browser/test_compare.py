"""The curves of several runs in a browser: what a person has zoomed and hidden stays while the plots change."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from playwright.sync_api import Page, expect

from cnn_dash.config import RunConfig
from cnn_dash.hyperparameters import override
from cnn_dash.runs.lease import Lease
from cnn_dash.runs.records import EpochMetrics
from cnn_dash.runs.status import Status
from cnn_dash.runs.store import RunStore, Worker
from cnn_dash.settings import Settings
from tests.browser.server import Server
from tests.factories import epoch_metrics

pytestmark = pytest.mark.browser


@pytest.fixture
def second(home: Path) -> Lease:
    """Run 2, which is being trained; run 1 has ended. Both have twenty epochs."""
    store = RunStore(Settings.from_environment({"CNN_DASH_HOME": str(home)}))
    leases = []
    for seed in (1, 2):
        store.create(override(RunConfig(), {"train.seed": seed}), parameters=10, multiply_adds=100)
        lease = Lease.claim(store, Worker("w", 1, "here"))
        assert lease is not None
        for epoch in range(1, 21):
            lease.log_epoch(record(epoch, seed))
        leases.append(lease)
        if seed == 1:
            lease.end(Status.STOPPED)
    return leases[1]


def record(epoch: int, seed: int) -> EpochMetrics:
    return epoch_metrics(epoch, seed / epoch, 0.8, seed / epoch + 0.1, 0.9, 0.99, 0.001, 1.5, 3000.0)


@pytest.fixture
def server(home: Path, second: Lease) -> Iterator[Server]:
    server = Server(home, script="tests/browser/compare_app.py", base_path="team/cnn")
    yield server
    server.stop()


def view(page: Page) -> dict[str, Any]:
    """What the loss plot shows."""
    found: dict[str, Any] = page.locator('[data-chart="loss"]').evaluate(
        """plot => ({
            x: plot.layout.xaxis.range.map((end) => Math.round(10 * end) / 10),
            log: plot.layout.yaxis.type === "log",
            hidden: [...new Set(plot.data.filter((trace) => !trace.visible).map((trace) => trace.legendgroup))],
            points: plot.calcdata.map((line) => line.length),
        })"""
    )
    return found


def test_zoom_and_hidden_runs_outlive_other_options_and_new_epochs(
    server: Server, second: Lease, open_page: Callable[..., Page]
) -> None:
    page = open_page(server.url)
    area = page.locator('[data-chart="loss"] .nsewdrag')
    area.wait_for()
    box = area.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 0.25 * box["width"], box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.75 * box["width"], box["y"] + 120, steps=5)
    page.mouse.up()
    page.locator(".legend button", has_text="Run 1").click()
    expect(page.locator(".legend button", has_text="Run 1")).to_have_attribute("aria-pressed", "false")
    page.wait_for_timeout(300)
    before = view(page)
    assert (before["hidden"], before["log"]) == (["run 1"], False)
    assert 2 < before["x"][0] < before["x"][1] < 18

    page.get_by_text("Log scale").click()
    page.wait_for_url("**runs_log=true")
    second.log_epoch(record(21, 2))
    page.locator(".st-key-runs_results td", has_text="21 of").wait_for()
    page.wait_for_timeout(500)  # the plots are drawn after the table
    after = view(page)
    assert (after["x"], after["hidden"], after["log"]) == (before["x"], ["run 1"], True)
    assert max(after["points"]) == 21


def test_a_link_shows_the_same_view_on_a_phone_and_its_files_can_be_had(
    server: Server, open_page: Callable[..., Page]
) -> None:
    page = open_page(f"{server.url}/?runs_figures=Loss&runs_figures=AUC&runs_axis=Time", width=400, dark=True)
    page.locator('[data-chart="auc"] .main-svg').first.wait_for()
    assert [one.get_attribute("data-chart") for one in page.locator(".plot").all()] == ["loss", "auc"]
    wide = page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
    assert wide <= 400  # the tables scroll in boxes of their own
    assert page.locator(".st-key-runs_differences table").inner_text().split()[-3:] == ["Seed", "1", "2"]
    page.locator(".st-key-runs_export button").click()
    link = page.get_by_role("link", name="Curves, CSV").get_attribute("href")
    assert link == "/team/cnn/api/curves.csv?ids=1,2"
    answer = requests.get(f"http://localhost:{server.port}{link}", timeout=30)
    assert len(answer.text.splitlines()) == 41
