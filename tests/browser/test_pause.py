"""A run is paused, found again after a reload, resumed and trained longer, in a real browser."""

import itertools
import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from cnn_dash import presets
from cnn_dash.hyperparameters import override
from cnn_dash.runs import actions
from cnn_dash.runs.store import RunStore
from cnn_dash.runs.submit import submit
from cnn_dash.settings import Settings
from tests.browser.server import Server

pytestmark = pytest.mark.browser

BATCHES, TRAINING, VALIDATION = 0, 1, 2
END_MS = 120_000


def plot(page: Page, chart: str = "loss") -> Locator:
    return page.locator(f".st-key-train_live .plot[data-chart='{chart}']")


def line(page: Page, index: int, chart: str = "loss") -> list[float]:
    """Where the points of a line are, in epochs."""
    found: list[float] = plot(page, chart).evaluate(f"plot => plot.data ? Array.from(plot.data[{index}].x) : []")
    return found


def wait_for(condition: Callable[[], Any], what: str) -> None:
    until = time.monotonic() + END_MS / 1000
    while not condition():
        assert time.monotonic() < until, f"it did not happen: {what}"
        time.sleep(0.1)


def badge(page: Page) -> Locator:
    return page.locator(".st-key-train_live .badge")


def columns(page: Page) -> int:
    """How many plots are side by side."""
    style = page.locator(".st-key-train_live .charts").evaluate("e => getComputedStyle(e).gridTemplateColumns")
    return len(str(style).split())


def press(page: Page, key: str) -> None:
    page.locator(f".st-key-{key} button").click()


def zoom_and_hide_a_line(page: Page) -> list[float]:
    """Zoom into the first epochs of the loss and hide the line of the training; returns the range of epochs."""
    chart = plot(page)
    chart.scroll_into_view_if_needed()
    box = chart.locator(".nsewdrag").first.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 0.05 * box["width"], box["y"] + 0.3 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.8 * box["height"], steps=6)
    page.mouse.up()
    chart.locator(".legendtoggle").nth(TRAINING).click()
    wait_for(lambda: chart.evaluate(f"plot => plot.data[{TRAINING}].visible") == "legendonly", "the line was hidden")
    zoomed: list[float] = chart.evaluate("plot => plot.layout.xaxis.range")
    assert zoomed[0] > 0
    return zoomed


def assert_looks_as_before(page: Page, zoomed: list[float]) -> None:
    assert plot(page).evaluate("plot => plot.layout.xaxis.range") == zoomed
    visible = plot(page).evaluate("plot => plot.data.map((line) => line.visible ?? true)")
    assert visible == [True, "legendonly", True]


def assert_whole(page: Page, epochs: int) -> None:
    """Every epoch is drawn once, and the running figures go on where they had been."""
    wait_for(lambda: line(page, VALIDATION) == list(range(1, epochs + 1)), f"the curve had {epochs} epochs")
    running = line(page, BATCHES)
    assert running == sorted(set(running))
    assert max(later - earlier for earlier, later in itertools.pairwise(running)) <= 1.01


def test_a_run_is_paused_reloaded_resumed_and_trained_longer(
    serve: Callable[..., Server], open_page: Callable[..., Page]
) -> None:
    server = serve()
    other = open_page(server.url)  # somebody else, who has only Home open
    page = open_page(f"{server.url}/train?train_epochs=15")
    press(page, "train_start")
    wait_for(lambda: len(line(page, VALIDATION)) >= 2, "two epochs")
    sidebar = other.locator("[data-testid=stSidebar]")
    expect(sidebar).to_contain_text("Run 1 · compact-valid on mnist-5k", timeout=END_MS)
    expect(sidebar).to_contain_text(re.compile(r"epoch \d+ of 15 · \d+ %"), timeout=END_MS)

    # Paused: by the button, in the store, and for everybody.
    zoomed = zoom_and_hide_a_line(page)
    press(page, "live_pause")
    expect(badge(page)).to_have_text("paused", timeout=END_MS)
    run = server.get("/api/runs/1")
    assert run["status"] == "paused"
    done = run["epochs_done"]
    assert done < 15
    expect(page.locator(".st-key-live_resume button")).to_be_visible(timeout=END_MS)
    expect(page.locator(".st-key-live_pause")).to_have_count(0)
    expect(sidebar).to_contain_text("paused · epoch", timeout=END_MS)

    # It rests, and a reload finds it as it was.
    reloaded = open_page(f"{server.url}/train?run=1")
    expect(badge(reloaded)).to_have_text("paused", timeout=END_MS)
    assert_whole(reloaded, done)
    assert server.get("/api/runs/1")["epochs_done"] == done

    # Resumed: in the page that had it open, and in the one that only watches. A dialog that is open there stays when
    # the run ends.
    other.get_by_role("button", name="Import a model").click()
    dialog = other.get_by_role("dialog")
    expect(dialog).to_be_visible(timeout=END_MS)
    press(page, "live_resume")
    wait_for(lambda: len(line(page, VALIDATION)) > done, "another epoch")
    assert_looks_as_before(page, zoomed)
    expect(badge(page)).to_have_text("finished", timeout=END_MS)
    assert_whole(page, 15)
    assert_looks_as_before(page, zoomed)
    assert [record["epoch"] for record in server.get("/api/runs/1")["metrics"]] == list(range(1, 16))
    expect(badge(reloaded)).to_have_text("finished", timeout=END_MS)
    assert_whole(reloaded, 15)
    toast = other.locator("[data-testid=stToast]")
    expect(toast).to_contain_text("Run 1 · compact-valid on mnist-5k finished: test accuracy 9", timeout=END_MS)
    expect(dialog).to_contain_text("Import a model")

    # Trained longer: the axis follows, but not under the hands of somebody who has zoomed in.
    press(page, "live_longer")
    expect(page.locator(".st-key-live_longer_start")).to_be_visible(timeout=END_MS)
    press(page, "live_longer_start")
    wait_for(lambda: len(line(page, VALIDATION)) == 20, "the five more epochs")
    expect(badge(page)).to_have_text("finished", timeout=END_MS)
    assert_whole(page, 20)
    assert_looks_as_before(page, zoomed)
    assert plot(page, "accuracy").evaluate("plot => plot.layout.xaxis.range") == [0, 20]
    plot(page).locator(".nsewdrag").first.dblclick()
    wait_for(lambda: plot(page).evaluate("plot => plot.layout.xaxis.range") == [0, 20], "the axis followed")
    assert server.get("/api/runs/1")["settings"]["train"]["stages"] == "15/15"


def test_the_machine_is_beside_the_curves_and_nothing_asks_when_nothing_runs_and_a_phone_has_one_column(
    serve: Callable[..., Server], open_page: Callable[..., Page]
) -> None:
    server = serve()
    page = open_page(f"{server.url}/train?train_epochs=2")
    press(page, "train_start")
    expect(badge(page)).to_have_text("finished", timeout=END_MS)
    memory = plot(page, "system/memory").evaluate("plot => plot.data[0].y.filter((value) => value !== null)")
    assert memory
    assert all(50 < value < 20_000 for value in memory)  # MB
    used = plot(page, "system/usage").evaluate("plot => plot.data[0].y.filter((value) => value !== null)")
    assert used
    assert all(0 <= value <= 1 for value in used)
    assert columns(page) == 3
    expect(page.locator("[data-testid=stSidebar]")).to_contain_text("Nothing is training.", timeout=END_MS)
    page.wait_for_timeout(3000)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    page.on("websocket", lambda socket: sent.append(socket.url))
    page.wait_for_timeout(6000)
    assert sent == []

    phone = open_page(f"{server.url}/train?run=1", width=400)
    expect(badge(phone)).to_have_text("finished", timeout=END_MS)
    wait_for(lambda: columns(phone) == 1, "the plots were below each other")
    assert phone.evaluate("() => document.scrollingElement.scrollWidth - innerWidth") <= 0


def test_the_panel_asks_again_after_an_answer_that_was_an_error(
    server_with_runs: Server, open_page: Callable[..., Page]
) -> None:
    page = open_page(server_with_runs.url)
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        if len(asked) == 1:  # as a proxy says it while the server behind it restarts
            route.fulfill(status=502, body="Bad gateway")
        else:
            route.continue_()

    page.route("**/events", answer)
    page.goto(f"{server_with_runs.url}/train?run=2")
    expect(badge(page)).to_have_text("finished", timeout=END_MS)
    assert len(asked) == 2


def test_the_panel_of_a_run_that_was_deleted_meanwhile_says_so(
    server_with_runs: Server, open_page: Callable[..., Page]
) -> None:
    page = open_page(server_with_runs.url)
    page.route("**/api/runs/1**", lambda route: route.fulfill(status=404))
    page.goto(f"{server_with_runs.url}/train?run=1")
    expect(page.locator(".st-key-train_live .message")).to_have_text("This run has been deleted.", timeout=END_MS)


def test_progress_line_a_run_is_follows_without_drawing_the_page_again(
    serve: Callable[..., Server], open_page: Callable[..., Page]
) -> None:
    server = serve()
    page = open_page(server.url)
    sent: list[str | bytes] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    page.reload()
    store = RunStore(Settings.from_environment({"CNN_DASH_HOME": str(server.home)}))
    run = submit(store, override(presets.get("compact-valid").config(), {"train.epochs": 1000}))
    sidebar = page.locator("[data-testid=stSidebar]")
    expect(sidebar).to_contain_text(re.compile(r"epoch [1-9]\d* of 1000"), timeout=END_MS)
    page.wait_for_timeout(1000)  # the redraw for its beginning
    sent.clear()
    for _ in range(2):
        epoch = store.run(run.id).epoch + 3
        wait_for(lambda epoch=epoch: _said_epoch(sidebar) > epoch, f"the sidebar said an epoch after {epoch}")
    assert _said_epoch(page.locator("[data-testid=stMain]")) > 3
    assert sent == []
    actions.stop(store, run.id)
    expect(sidebar).to_contain_text("Nothing is training.", timeout=END_MS)
    assert sent
    store.close()


def _said_epoch(place: Locator) -> int:
    found = re.search(r"epoch (\d+) of", place.locator(".words").first.text_content() or "")
    return int(found[1]) if found else 0
