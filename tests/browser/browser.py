"""The real browser."""

import contextlib
import os
import shutil
from collections.abc import Iterator

from playwright.sync_api import Browser, sync_playwright

# Chromium as root, as in a container, only runs without its sandbox; what it opens is our own server.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@contextlib.contextmanager
def launched_browser() -> Iterator[Browser]:
    """Chromium, from `CNN_DASH_TEST_BROWSER`, the system or Playwright, in this order."""
    path = os.environ.get("CNN_DASH_TEST_BROWSER") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield browser
        browser.close()
