"""What hands do to the pages: quick keys, Back, strokes that outlive the canvas."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.server import Server

pytestmark = pytest.mark.browser

SLOW_MS = 60_000  # on a machine that has other things to do

INK = """canvas => {
    const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data
    let dark = 0
    for (let i = 0; i < pixels.length; i += 4) if (pixels[i] < 100 && pixels[i + 3] > 100) dark++
    return dark
}"""


def _calm(page: Page) -> None:
    page.wait_for_timeout(250)  # what was just done has to reach the server first
    page.locator(".stApp[data-test-script-state=notRunning]").wait_for()


def _ink(page: Page) -> int:
    """How many dark pixels are on the canvas."""
    _calm(page)
    return int(page.locator(".st-key-predict_canvas .dc-canvas").first.evaluate(INK))


def test_quick_keys_are_all_followed_and_move_nothing(empty_server: Server, open_page: Callable[..., Page]) -> None:
    page = open_page(f"{empty_server.url}/train")
    page.get_by_role("tab", name="Training").click()
    slider = page.locator(".st-key-train_learning_rate input[type=range]")
    slider.focus()
    _calm(page)
    before = page.locator(".st-key-train_learning_rate").bounding_box()
    for _ in range(12):
        page.keyboard.press("ArrowLeft")
        page.wait_for_timeout(30)
    expect(page).to_have_url(re.compile("train_learning_rate=5e-06"), timeout=SLOW_MS)
    page.wait_for_timeout(2000)
    expect(slider).to_have_value("3")  # from the 15th stop
    assert page.locator(".st-key-train_learning_rate").bounding_box() == before


def test_back_goes_to_the_settings_of_before(empty_server: Server, open_page: Callable[..., Page]) -> None:
    page = open_page(f"{empty_server.url}/train")
    blocks = page.locator(".st-key-train_blocks input[type=range]")
    blocks.focus()
    for count in ("2", "1"):
        page.keyboard.press("ArrowLeft")
        expect(page).to_have_url(re.compile(f"train_blocks={count}"), timeout=SLOW_MS)
        _calm(page)
    page.go_back()
    expect(page.get_by_text("block 3 left out")).to_be_visible(timeout=SLOW_MS)
    expect(page.get_by_text("block 2 left out")).not_to_be_visible()
    expect(page).to_have_url(re.compile("train_blocks=2"), timeout=SLOW_MS)


def test_a_drawing_outlives_a_look_at_another_tab_and_page(
    server_with_runs: Server, open_page: Callable[..., Page]
) -> None:
    page = open_page(f"{server_with_runs.url}/predict")
    canvas = page.locator(".st-key-predict_canvas canvas").last
    canvas.wait_for()
    _calm(page)
    box = canvas.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 80, box["y"] + 70)
    page.mouse.down()
    page.mouse.move(box["x"] + 200, box["y"] + 200, steps=8)
    page.mouse.up()
    expect(page.locator(".st-key-predict_undo button")).to_be_enabled(timeout=SLOW_MS)
    drawn = _ink(page)
    assert drawn > 1000
    expect(page.locator(".st-key-predict_canvas .dc-toolbar").first).to_be_hidden()

    page.get_by_role("tab", name="Upload").click()
    _calm(page)
    page.get_by_role("tab", name="Draw").click()
    assert _ink(page) == drawn
    page.get_by_role("link", name="Evaluate").click()
    page.locator(".st-key-evaluate_grid img").first.wait_for()
    page.get_by_role("link", name="Predict").click()
    page.locator(".st-key-predict_canvas canvas").last.wait_for()
    assert _ink(page) == drawn
    page.locator(".st-key-predict_clear button").click()
    expect(page.locator(".st-key-predict_undo button")).to_be_disabled(timeout=SLOW_MS)
    assert _ink(page) == 0
