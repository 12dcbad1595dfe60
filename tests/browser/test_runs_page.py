"""What only a browser shows of the Runs page: ticks in the table, that they follow their runs, and dialogs."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from cnn_dash.runs.schema import runs
from cnn_dash.runs.status import Status
from cnn_dash.runs.store import RunStore
from cnn_dash.settings import Settings
from tests.browser.server import Server
from tests.factories import make_run

pytestmark = pytest.mark.browser

HEAD_PX, ROW_PX = 38, 35


@pytest.fixture
def runs_store(home: Path) -> Iterator[RunStore]:
    """Five tested runs in the home of the server; the second and the fourth are tagged."""
    store = RunStore(Settings.from_environment({"CNN_DASH_HOME": str(home)}))
    for number in range(1, 6):
        tags = ["even"] if number % 2 == 0 else []
        make_run(store, accuracy=0.9 + number / 100, tags=tags, file_bytes=1_000_000)
    yield store
    store.close()


def _wait_until_calm(page: Page) -> None:
    page.wait_for_timeout(300)  # the table sends its ticks after a moment
    page.locator(".stApp[data-test-script-state=notRunning]").wait_for()


def _numbers(page: Page) -> Locator:
    """Numbers of the runs in the table, as it describes itself to those who do not see it."""
    return page.locator(".st-key-runs_table [role=grid] tbody tr td:nth-child(2)")


def _expect_runs(page: Page, *run_ids: int) -> None:
    expect(_numbers(page)).to_have_text([str(run_id) for run_id in run_ids])


def _expect_view(page: Page, **query: str) -> None:
    """Wait until the address says exactly this."""
    page.wait_for_url(lambda url: dict(parse_qsl(urlsplit(url).query)) == query)


def _tick(page: Page, run_id: int) -> None:
    _wait_until_calm(page)
    row = _numbers(page).all_text_contents().index(str(run_id))
    table = page.locator(".st-key-runs_table .dvn-scroller")
    table.click(position={"x": 16, "y": HEAD_PX + ROW_PX * (row + 0.5)})
    _wait_until_calm(page)


def test_runs_are_ticked_found_tagged_deleted_and_brought_back(
    serve: Callable[..., Server], open_page: Callable[..., Page], runs_store: RunStore
) -> None:
    # A worker counts as alive for long, so that nobody takes the run over that one only pretends to train here.
    server = serve(CNN_DASH_TAKEOVER_S="3600")
    page = open_page(f"{server.url}/runs")
    _expect_runs(page, 5, 4, 3, 2, 1)

    # Ticks are in the address, and stay with their runs when rows move.
    _tick(page, 4)
    _expect_view(page, selected="4")
    page.locator(".st-key-runs_direction").get_by_text("Ascending").click()
    _expect_view(page, sort="run", selected="4")
    _expect_runs(page, 1, 2, 3, 4, 5)  # drawn after the page is calm: else a row of the old order is ticked
    _tick(page, 1)
    _expect_view(page, sort="run", selected="4,1")
    expect(page.locator(".st-key-runs_panel")).to_contain_text("Runs 4 and 1")

    # A search hides one of them; another is ticked in what it finds. It is a link for somebody else.
    search = page.locator(".st-key-runs_search input")
    search.fill("tag=nowhere")
    expect(page.get_by_text("No runs match")).to_be_visible()
    search.fill("tag=even")
    expect(page.get_by_text("2 of 5 runs. 1 selected is not among them.")).to_be_visible()
    _expect_runs(page, 2, 4)
    _tick(page, 2)
    _expect_view(page, search="tag=even", sort="run", selected="4,1,2")
    other = open_page(page.url)
    expect(other.locator(".st-key-runs_panel")).to_contain_text("Runs 4, 1 and 2")
    expect(other.locator(".st-key-runs_search input")).to_have_value("tag=even")
    search.fill("")
    expect(page.get_by_text("5 runs.")).to_be_visible()
    _expect_runs(page, 1, 2, 3, 4, 5)

    # A run begins: the table looks again by itself, and the ticks move along.
    page.locator(".st-key-runs_direction").get_by_text("Descending").click()
    _expect_runs(page, 5, 4, 3, 2, 1)
    running = make_run(runs_store, Status.RUNNING)
    page.reload()
    _expect_runs(page, 6, 5, 4, 3, 2, 1)
    make_run(runs_store)
    with runs_store.transaction() as connection:
        connection.execute(runs.update().where(runs.c.id == running.id).values(epoch=3))
    expect(page.locator(".st-key-runs_table [role=grid]")).to_contain_text("3 of 5")
    _expect_runs(page, 7, 6, 5, 4, 3, 2, 1)
    _tick(page, 1)
    _expect_view(page, selected="4,2")

    # Deleting asks, says how much, and can be undone.
    page.locator(".st-key-runs_delete button").click()
    expect(page.get_by_role("dialog")).to_contain_text("Runs 4 and 2")
    expect(page.get_by_role("dialog")).to_contain_text("2.0 MB")
    page.locator(".st-key-runs_delete_confirm button").click()
    expect(page.get_by_text("Runs 4 and 2 are in the trash.")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    _expect_runs(page, 7, 6, 5, 3, 1)
    page.get_by_text("Trash (2)").click()
    page.locator(".st-key-runs_restore_2 button").click()
    expect(page.get_by_text("Run 2 is back.")).to_be_visible()
    assert [run.id for run in runs_store.deleted()] == [4]
    _expect_runs(page, 7, 6, 5, 3, 2, 1)  # else a row of the old order is ticked
    _tick(page, 5)
    _expect_view(page, selected="5")
    page.locator(".st-key-runs_delete button").click()
    page.locator(".st-key-runs_delete_confirm button").click()
    page.locator(".st-key-runs_undo button").click()
    expect(page.get_by_text("Run 5 is back.")).to_be_visible()

    # A name and a tag of its own.
    _expect_runs(page, 7, 6, 5, 3, 2, 1)
    _tick(page, 3)
    _expect_view(page, selected="3")
    page.locator(".st-key-runs_title input").fill("The third")
    page.locator(".st-key-runs_title input").press("Enter")
    expect(page.locator(".st-key-runs_table [role=grid]")).to_contain_text("The third")
    tags = page.locator(".st-key-runs_tags input")
    tags.fill("mine")
    tags.press("Enter")
    expect(page.locator(".st-key-runs_table [role=grid]")).to_contain_text("mine")
    assert (runs_store.run(3).name, runs_store.run(3).tags) == ("The third", ("mine",))

    # The run ends: what follows from it is there without anybody's doing, and the page looks no more.
    with runs_store.transaction() as connection:
        connection.execute(runs.update().where(runs.c.id == running.id).values(status=Status.STOPPED))
    expect(page.locator(".st-key-runs_table [role=grid]")).not_to_contain_text("running")

    # Clone leaves for Train.
    page.locator(".st-key-runs_clone button").click()
    page.locator(".st-key-train_start button").wait_for()
    expect(page).to_have_url(re.compile(r"/train\?train_preset=compact-valid"))
