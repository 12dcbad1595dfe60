"""A person brings pictures, and chooses what is meant on them: with the mouse, a finger and the keyboard."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.server import Server

GIVE = """([event, kind, name]) => {
    const canvas = document.createElement("canvas")
    canvas.width = canvas.height = 40
    return new Promise((done) => canvas.toBlob((blob) => {
        const given = new DataTransfer()
        given.items.add(new File([blob], name, { type: "image/png" }))
        const init = { bubbles: true, cancelable: true, clipboardData: given, dataTransfer: given }
        document.querySelector("h1").dispatchEvent(new window[kind](event, init))
        done()
    }))
}"""
"""Paste or drop a picture on the title of the page."""

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home: Path = tmp_path_factory.mktemp("pictures")
    server = Server(home, script="tests/browser/pictures_page.py")
    yield server
    server.kill()  # it trains nothing


def chosen(page: Page, box: str) -> None:
    expect(page.get_by_text(f"Chosen: {box}", exact=True)).to_be_visible()


def corner(page: Page) -> tuple[float, float, float]:
    """Where the picture is on the page, and how large a pixel of it is."""
    box = page.locator(".st-key-boxes .picture").bounding_box()
    assert box is not None
    return box["x"], box["y"], box["width"] / 600


def test_mouse_and_keys_choose_what_is_read(server: Server, open_page: Callable[..., Page]) -> None:
    page = open_page(server.url)
    boxes = page.locator(".st-key-boxes button.box")
    expect(boxes).to_have_count(3)
    assert [box.inner_text() for box in boxes.all()] == ["4", "2 ?", ""]
    chosen(page, "None")
    page.get_by_role("button", name="Read what is here instead").click()
    chosen(page, "(250, 400, 350, 460)")
    expect(boxes).to_have_count(1)  # the one that is read cannot be chosen again
    page.keyboard.press("Escape")
    chosen(page, "None")

    page.get_by_role("button", name="Read only this one: 2 ?").focus()
    page.keyboard.press("Enter")
    chosen(page, "(100, 140, 200, 200)")
    page.keyboard.press("Escape")
    chosen(page, "None")

    left, top, scale = corner(page)
    page.mouse.move(left + 50 * scale, top + 90 * scale)  # begins on a box, which is not clicked by it
    page.mouse.move(left + 70 * scale, top + 110 * scale)
    page.mouse.down()
    page.mouse.move(left + 300 * scale, top + 300 * scale, steps=5)
    page.mouse.move(left + 900 * scale, top + 320 * scale, steps=5)  # beyond the edge
    page.mouse.up()
    expect(page.get_by_text("Chosen: (1")).to_be_visible()
    said = page.get_by_text("Chosen:").inner_text()
    box = [int(side) for side in said.removeprefix("Chosen: (").removesuffix(")").split(", ")]
    assert all(abs(side - meant) <= 2 for side, meant in zip(box, (110, 70, 320, 600), strict=True)), said

    page.mouse.move(left + 50 * scale, top + 50 * scale)
    page.mouse.down()
    page.mouse.move(left + 200 * scale, top + 300 * scale, steps=5)
    page.keyboard.press("Escape")  # changed their mind: what was chosen before stays
    page.mouse.up()
    page.wait_for_timeout(500)
    chosen(page, said.removeprefix("Chosen: "))


def test_a_finger_draws_and_nothing_scrolls_sideways(server: Server, open_page: Callable[..., Page]) -> None:
    page = open_page(server.url, width=400, touch=True, dark=True)
    page.get_by_role("button", name="Read what is here instead").tap()
    chosen(page, "(250, 400, 350, 460)")
    left, top, scale = corner(page)
    session = page.context.new_cdp_session(page)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        at = [{"x": left + x * scale, "y": top + y * scale} for x, y in points]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})

    touch("touchStart", (100, 50))
    touch("touchMove", (150, 150))
    touch("touchMove", (300, 250))
    touch("touchEnd")
    expect(page.get_by_text("Chosen: (50, 100, 250, 300)")).to_be_visible()
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 400


def test_a_card_says_which_was_clicked(server: Server, open_page: Callable[..., Page]) -> None:
    page = open_page(server.url)
    cards = page.locator(".st-key-cards .card")
    expect(cards).to_have_count(40)
    cards.nth(7).click()
    expect(page.get_by_text("Asked for: 7", exact=True)).to_be_visible()
    cards.nth(39).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Asked for: 39", exact=True)).to_be_visible()


def until(act: Callable[[], object], expected: Callable[[], None]) -> None:
    """Act until what is expected comes: the page may not listen yet when all that can be seen is there."""
    for _ in range(12):
        act()
        with contextlib.suppress(AssertionError):
            return expected()
    act()
    return expected()


def test_pictures_are_pasted_and_dropped_anywhere(server_with_runs: Server, open_page: Callable[..., Page]) -> None:
    page = open_page(f"{server_with_runs.url}/predict")
    page.locator(".st-key-predict_canvas canvas").last.wait_for()
    uploads = page.locator(".st-key-predict_upload")
    until(
        lambda: page.evaluate(GIVE, ["paste", "ClipboardEvent", "image.png"]),
        lambda: expect(uploads).to_contain_text("pasted ", timeout=5_000),
    )
    expect(page.get_by_role("tab", name="Upload")).to_have_attribute("aria-selected", "true")

    page.evaluate(GIVE, ["dragover", "DragEvent", "dropped.png"])
    invitation = page.get_by_text("Drop pictures, or a folder of them")
    expect(invitation).to_be_visible()
    page.evaluate(GIVE, ["drop", "DragEvent", "dropped.png"])
    expect(uploads).to_contain_text("dropped.png")
    expect(invitation).to_be_hidden()


def test_keys_choose_the_pen_unless_somebody_types(server_with_runs: Server, open_page: Callable[..., Page]) -> None:
    page = open_page(f"{server_with_runs.url}/predict")
    page.locator(".st-key-predict_canvas canvas").last.wait_for()
    tools = page.locator(".st-key-predict_tool")
    width = page.locator(".st-key-predict_width input[type=range]")
    expect(tools.get_by_role("radio", name="Pen")).to_be_checked()
    until(
        lambda: page.keyboard.press("e"),
        lambda: expect(tools.get_by_role("radio", name="Eraser")).to_be_checked(timeout=5_000),
    )
    before = width.input_value()
    page.keyboard.press("+")
    expect(width).not_to_have_value(before)
    page.locator(".st-key-predict_run input").click()
    page.keyboard.press("p")
    page.wait_for_timeout(1000)
    page.keyboard.press("Escape")  # closes the list, which hides all else
    expect(tools.get_by_role("radio", name="Eraser")).to_be_checked()


def test_nobody_is_asked_for_the_camera_before_its_tab_is_open(
    server_with_runs: Server, open_page: Callable[..., Page]
) -> None:
    page = open_page(f"{server_with_runs.url}/predict")
    page.locator(".st-key-predict_canvas canvas").last.wait_for()
    expect(page.locator(".st-key-predict_camera")).to_have_count(0)
    page.get_by_role("tab", name="Camera").click()
    expect(page.locator(".st-key-predict_camera")).to_be_visible()
    expect(page.locator(".st-key-predict_answer")).to_contain_text("No photo yet")
