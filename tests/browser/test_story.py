"""The whole story, as a new user would live it, in a real browser."""

import io
import re
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from cnn_dash.datasets import catalogue
from tests.browser.server import Server

pytestmark = pytest.mark.browser

LOSS = ".st-key-train_live .plot[data-chart=loss]"
BATCHES = 0  # the line of running figures
TRAINING = 1
END_S = 120


def _drawn(page: Page) -> int:
    """Points of the running loss that are on the screen."""
    return page.locator(LOSS).evaluate(f"plot => plot.data ? plot.data[{BATCHES}].x.length : 0")


def _wait_for_points(page: Page, more_than: int) -> int:
    until = time.monotonic() + END_S
    while time.monotonic() < until:
        if (now := _drawn(page)) > more_than:
            return now
        time.sleep(0.1)
    pytest.fail(f"The curve did not grow beyond {more_than} points.")


def _wait_until_calm(page: Page) -> None:
    """Wait until no run of the page is under way, which may replace what is about to be clicked."""
    page.locator(".stApp[data-test-script-state=notRunning]").wait_for()


def _badge(page: Page) -> str:
    return page.locator(".st-key-train_live .badge").inner_text()


def _open_export(page: Page) -> Locator:
    """Open the dialog that exports the network of the run that the page shows."""
    page.get_by_role("button", name="Export").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("compares its predictions with those of the run")
    return dialog


def _downloaded(page: Page, dialog: Locator, name: str, folder: Path) -> Path:
    """Wait until a file is made and was checked, and download it into a folder as a person does."""
    row = dialog.locator(f".st-key-export_row_{name}")
    said = "Checked on 500 test images: no answer changed, largest difference of a probability"
    expect(row).to_contain_text(said, timeout=END_S * 1000)
    with page.expect_download() as download:
        row.get_by_role("link", name="Download").click()
    file = folder / download.value.suggested_filename
    download.value.save_as(file)
    return file


def _draw_seven(page: Page, canvas: Locator) -> None:
    """Draw a 7 with the mouse, on a canvas of some 280 pixels."""
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 80, box["y"] + 70)
    page.mouse.down()
    for x, y in ((200, 70), (130, 230)):
        page.mouse.move(box["x"] + x, box["y"] + y, steps=8)
    page.mouse.up()


def test_a_new_user_trains_watches_reloads_evaluates_draws_uploads_and_exports(
    serve: Callable[..., Server], open_page: Callable[..., Page], tmp_path: Path
) -> None:
    server = serve()
    page = open_page(server.url)
    page.get_by_role("link", name="Choose my own settings").click()

    # Settings: their consequences and the address follow.
    page.get_by_role("tab", name="Training").click()
    _wait_until_calm(page)
    epochs = page.locator(".st-key-train_epochs input[type=range]")
    epochs.focus()
    for _ in range(7):
        epochs.press("ArrowRight")
    expect(page).to_have_url(re.compile("train_epochs=15"))
    expect(page.get_by_text("epochs 5 → 15")).to_be_visible()
    expect(page.get_by_text("93,322 parameters")).to_be_visible()

    # The run, its curve growing.
    page.locator(".st-key-train_start button").click()
    expect(page).to_have_url(re.compile("run=1"))
    first = _wait_for_points(page, 1)
    expect(page.locator(".st-key-train_live .detail")).to_contain_text("of 15")
    expect(page.locator(LOSS)).to_be_in_viewport()

    # Zoom and a hidden line stay while it grows.
    plot = page.locator(LOSS)
    plot.scroll_into_view_if_needed()
    box = plot.locator(".nsewdrag").first.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 0.3 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.7 * box["width"], box["y"] + 0.8 * box["height"], steps=6)
    page.mouse.up()
    plot.locator(".legendtoggle").nth(TRAINING).click()
    page.wait_for_timeout(600)  # plotly waits whether a second click follows
    zoomed = plot.evaluate("plot => plot.layout.xaxis.range")
    assert zoomed[0] > 1
    grown = _wait_for_points(page, first + 3)
    assert plot.evaluate("plot => plot.layout.xaxis.range") == zoomed
    assert plot.evaluate(f"plot => plot.data[{TRAINING}].visible") == "legendonly"

    # A reload in the middle finds the run again, and so does another tab.
    page.reload()
    _wait_for_points(page, grown - 1)
    assert _badge(page) == "running"
    other = open_page(f"{server.url}/train?run=1")
    _wait_for_points(other, grown - 1)
    other.close()

    expect(page.locator(".st-key-train_live .badge")).to_have_text("finished", timeout=END_S * 1000)
    run = server.get("/api/runs/1")
    assert run["status"] == "finished"
    assert run["test_accuracy"] > 0.9
    assert len(run["metrics"]) == 15
    assert page.locator(LOSS).evaluate(f"plot => plot.data[{TRAINING}].x.length") == 15

    # What its last epoch looked like: 8 validation images at either end, and 16 of a training batch.
    images = page.locator(".st-key-train_live .images")
    expect(images.locator("summary")).to_have_text("Images of epoch 15")
    expect(images.get_by_role("img")).to_have_count(32)
    expect(images.get_by_role("img").first).to_have_attribute("aria-label", re.compile(r"^Class \d, "))

    # Its network as files: they are made while the story goes on.
    dialog = _open_export(page)
    for name in ("onnx", "html"):
        dialog.locator(f".st-key-export_make_{name} button").click()
        expect(dialog.locator(f".st-key-export_row_{name} [role=progressbar]")).to_be_visible()
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_have_count(0)
    _wait_until_calm(page)

    # What it got wrong.
    page.get_by_role("button", name="Show mistakes").click()
    grid = page.locator(".st-key-evaluate_grid")
    expect(grid.locator("img")).to_have_count(10)
    page.get_by_text("Mistakes only").click()
    expect(grid.get_by_text("✗")).to_have_count(10)
    wrong = 1000 - round(1000 * run["test_accuracy"])
    expect(page.get_by_text(f"1 to 10 of {wrong}", exact=True)).to_be_visible()

    # A seven, drawn with the mouse.
    page.get_by_role("link", name="Predict").click()
    canvas = page.locator(".st-key-predict_canvas canvas").last
    answer = page.locator(".st-key-predict_answer")
    expect(answer).to_contain_text("Nothing drawn yet")
    _draw_seven(page, canvas)
    expect(answer.locator("[data-testid=stMetricValue]")).to_have_text("7", timeout=60_000)
    expect(answer.locator("img").first).to_be_visible()

    # A picture from the disk.
    test = catalogue.load("mnist-5k", server.home).test
    index = int(np.flatnonzero(test.labels == 0)[0])
    file = io.BytesIO()
    Image.fromarray(255 - test.images[index, ..., 0]).resize((280, 280)).save(file, "PNG")
    expect(page.get_by_role("tab", name="Draw")).to_have_attribute("aria-selected", "true")
    uploader = page.locator(".st-key-predict_upload input[type=file]")
    uploader.set_input_files({"name": "zero.png", "mimeType": "image/png", "buffer": file.getvalue()})
    expect(answer.locator("[data-testid=stMetricValue]")).to_have_text("0")
    expect(page.get_by_role("tab", name="Upload")).to_have_attribute("aria-selected", "true")

    # With a second one there are cards, and the details of the first are a click away.
    uploader.set_input_files({"name": "broken.png", "mimeType": "image/png", "buffer": file.getvalue()[:100]})
    cards = page.locator(".st-key-predict_cards .card")
    expect(cards).to_have_count(2)
    expect(cards.first).to_contain_text("Received")
    cards.last.click()
    details = page.get_by_role("dialog")
    expect(details.locator("[data-testid=stMetricValue]")).to_have_text("0")
    expect(details.locator(".picture")).to_be_visible()
    page.keyboard.press("Escape")
    expect(details).to_have_count(0)
    page.get_by_role("tab", name="Draw").click()
    expect(answer.locator("[data-testid=stMetricValue]").first).to_have_text("7")

    # The files, taken away: they work without the app.
    dialog = _open_export(page)
    session = onnxruntime.InferenceSession(_downloaded(page, dialog, "onnx", tmp_path).read_bytes())
    (probabilities,) = session.run(["probabilities"], {"pixels": test.images})
    assert (probabilities.argmax(axis=1) == test.labels).mean() == pytest.approx(run["test_accuracy"])
    alone = page.context.new_page()
    alone.goto(_downloaded(page, dialog, "html", tmp_path).as_uri())
    _draw_seven(alone, alone.locator("#canvas"))
    expect(alone.locator("#name")).to_have_text("7")


def test_the_server_ends_at_once_and_the_run_goes_on_until_it_is_stopped_with_what_it_learned(
    serve: Callable[..., Server], open_page: Callable[..., Page]
) -> None:
    server = serve()
    page = open_page(f"{server.url}/train?train_epochs=1000")
    page.locator(".st-key-train_start button").click()
    _wait_for_points(page, 2)
    server.interrupt()  # fails if an open page holds it up
    expect(page.locator(".st-key-train_live .detail")).to_contain_text("connection lost")
    epochs = (again := serve()).get("/api/runs/1")["epochs_done"]
    page = open_page(f"{again.url}/train")
    _wait_for_points(page, 2)
    run = again.get("/api/runs/1")
    assert run["status"] == "running"
    assert run["epochs_done"] >= epochs

    _wait_until_calm(page)
    page.locator(".st-key-train_stop button").click()
    expect(page.locator(".st-key-train_live .badge")).to_have_text("stopped", timeout=END_S * 1000)
    expect(page.get_by_text("test accuracy")).to_be_visible()
    assert again.get("/api/runs/1")["test_accuracy"] is not None


NEXT_STEPS = {
    "": "None yet. Press the button above",
    "data": "a folder for each class",
    "train": "Press Train",
    "runs": "Train a network first",
    "evaluate": "Train one first",
    "predict": "Train one first",
}


def _sideways_px(page: Page) -> int:
    """How far the page scrolls sideways. Streamlit scrolls not the document but a part of it."""
    _wait_until_calm(page)
    main = page.locator("[data-testid=stMain]")
    return int(main.evaluate("main => main.scrollWidth - main.clientWidth"))


@pytest.mark.parametrize(("width", "dark"), [(1400, False), (1400, True), (400, False), (400, True)])
@pytest.mark.parametrize("path", NEXT_STEPS)
def test_no_page_scrolls_sideways_or_is_empty(
    empty_server: Server, open_page: Callable[..., Page], path: str, width: int, dark: bool
) -> None:
    page = open_page(f"{empty_server.url}/{path}", width=width, dark=dark)
    expect(page.locator("[data-testid=stMain]")).to_contain_text(NEXT_STEPS[path])
    assert _sideways_px(page) == 0
    ink, ground = page.locator("h1").first.evaluate(
        "h => [getComputedStyle(h).color, getComputedStyle(document.querySelector('.stApp')).backgroundColor]"
    )
    assert (_brightness(ink) > _brightness(ground)) == dark


SHOWN_OF_A_RUN = {
    "": ".st-key-home_runs",
    "data": ".st-key-data_counts",
    "train": ".st-key-train_live .plot .main-svg",
    "runs": ".st-key-runs_table",
    "evaluate": ".st-key-evaluate_grid img",
    "predict": ".st-key-predict_canvas canvas",
}


@pytest.mark.parametrize("width", [1400, 400])
@pytest.mark.parametrize("path", SHOWN_OF_A_RUN)
def test_no_page_scrolls_sideways_with_runs_on_it(
    server_with_runs: Server, open_page: Callable[..., Page], path: str, width: int
) -> None:
    page = open_page(f"{server_with_runs.url}/{path}", width=width)
    page.locator(SHOWN_OF_A_RUN[path]).first.wait_for()
    assert _sideways_px(page) == 0


def _brightness(color: str) -> float:
    return sum(map(float, re.findall(r"[\d.]+", color)[:3]))


def test_tensorflow_stays_out_of_the_server_until_a_network_is_used(
    empty_server: Server, open_page: Callable[..., Page]
) -> None:
    for path in ("", "train", "runs"):
        open_page(f"{empty_server.url}/{path}").wait_for_timeout(500)
    assert empty_server.get("/api/server")["tensorflow_loaded"] is False
