"""A person chooses what is meant on a picture: with the mouse, a finger and the keyboard."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.server import Server

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
