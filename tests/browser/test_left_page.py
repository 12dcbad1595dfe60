"""A fragment of the page before asks while the next page is being drawn."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, WebSocketRoute, expect

from tests.browser.server import Server

pytestmark = pytest.mark.browser


def test_the_next_page_stays(browser: Browser, home: Path) -> None:
    server = Server(home, script="tests/browser/left_page_app.py")
    page = browser.new_page()
    sockets: list[WebSocketRoute] = []
    held: list[str | bytes] = []
    holding = False

    def between(socket: WebSocketRoute) -> None:
        sockets.append(socket)
        socket.connect_to_server().on_message(lambda told: held.append(told) if holding else socket.send(told))

    def pass_on(messages: list[str | bytes]) -> None:
        for message in messages:
            sockets[-1].send(message)

    page.route_web_socket("**/_stcore/stream", between)
    try:
        page.goto(server.url)
        page.get_by_text("looking").wait_for()
        # The browser hears late, and after the click on Go, that what Stay started has ended: so it goes on asking.
        holding = True
        page.get_by_role("button", name="Stay").click()
        page.wait_for_timeout(300)
        before = list(held)
        held.clear()
        page.get_by_role("button", name="Go").click()
        pass_on(before)
        page.wait_for_timeout(600)
        holding = False
        pass_on(held)
        expect(page.get_by_text("all of it")).to_be_visible()
        page.wait_for_timeout(1500)
        expect(page.get_by_text("all of it")).to_be_visible()
    finally:
        page.close()
        server.kill()
