"""Print the path of a Chromium or Chrome that starts on this machine; install one if there is none.

In this order: the one that `CNN_DASH_TEST_BROWSER` names; one that is installed; Playwright's own, downloaded where its
server can be reached; the distribution's package `chromium`, where this may install it (as root, or by sudo without a
password). The tests that drive a browser take what this prints.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

VARIABLE = "CNN_DASH_TEST_BROWSER"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PLACES = (  # where macOS and Windows put it, which is not on the path
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
)
START_TIMEOUT_S = 60
DOWNLOAD_TIMEOUT_S = 900


def starts(browser: str) -> bool:
    """Whether it shows a page: a file may be there and lack libraries, or be only a hint at another package."""
    marker = "<title>it starts</title>"
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
        command = [browser, *options, f"--user-data-dir={profile}", "--dump-dom", f"data:text/html,{marker}"]
        try:
            done = subprocess.run(command, capture_output=True, timeout=START_TIMEOUT_S)
        except (OSError, subprocess.TimeoutExpired):
            return False
    return marker.encode() in done.stdout


def installed() -> Iterator[str]:
    """Browsers that are on the path or where the system puts them."""
    yield from filter(None, map(shutil.which, NAMES))
    yield from (place for place in PLACES if Path(place).is_file())


def playwrights() -> Iterator[str]:
    """Playwright's own Chromium, downloaded if it is not there yet."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.executable_path
    if not Path(browser).is_file():
        run(sys.executable, "-m", "playwright", "install", "chromium")
    if Path(browser).is_file():
        yield browser


def packaged() -> Iterator[str]:
    """Debian's Chromium. On Ubuntu that package is only a hint at a snap, which `starts` then finds out."""
    if not shutil.which("apt-get"):
        return
    root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    install = [*root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "-y", "--no-install-recommends"]
    if run(*root, "apt-get", "update") and run(*install, "chromium"):
        yield from installed()


def run(*command: str) -> bool:
    """Run a command with its output on stderr, as stdout is for the answer; whether it succeeded."""
    sys.stderr.write(f"No browser for the tests yet: {' '.join(command)}\n")
    try:
        return subprocess.run(command, stdout=sys.stderr, timeout=DOWNLOAD_TIMEOUT_S).returncode == 0
    except (OSError, subprocess.TimeoutExpired) as error:
        sys.stderr.write(f"{error}\n")
        return False


def find() -> str:
    """Return the first browser that starts.

    Raises:
        SystemExit: If there is none and none can be installed, or the one that was named does not start.
    """
    named = os.environ.get(VARIABLE)
    if named:
        if starts(named):
            return named
        sys.exit(f"The browser for the tests does not start. Received: {VARIABLE}={named!r}. Allowed: a Chromium.")
    for source in (installed, playwrights, packaged):
        for browser in source():
            if starts(browser):
                return browser
    sys.exit(
        "There is no Chromium or Chrome that starts here, and none could be installed; why is said above. "
        f"Next: install one, or name it: {VARIABLE}=/path/to/chromium make test"
    )


if __name__ == "__main__":
    sys.stdout.write(f"{find()}\n")
