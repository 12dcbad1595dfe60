"""Seconds from a cold deep link to `/train`, right after the server has started, until the page is there.

`python benchmarks/first_paint.py [--starts 5]`. Each time a new server and a new browser profile. "paint" is the
browser's own first contentful paint, "heading" the page's title, "button" the Train button, from the request on.
Afterwards Home and Runs are opened as well, and the server is asked whether TensorFlow is loaded.
"""

import argparse
import statistics
import tempfile
import time
from pathlib import Path

import common  # noqa: F401  (puts the repository on the path)

from tests.browser.browser import launched_browser
from tests.browser.server import Server


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--starts", type=int, default=5)
    options = parser.parse_args()
    rows = []
    for _ in range(options.starts):
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home, launched_browser() as browser:
            server = Server(Path(home))
            try:
                page = browser.new_page(viewport={"width": 1400, "height": 1000})
                began = time.perf_counter()
                page.goto(f"{server.url}/train", wait_until="commit")
                page.locator("h1").first.wait_for()
                heading = time.perf_counter() - began
                page.locator(".st-key-train_start button").wait_for()
                button = time.perf_counter() - began
                paint = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime") / 1000
                for path in ("", "runs"):
                    page.goto(f"{server.url}/{path}")
                    page.locator("h1").first.wait_for()
                loaded = server.get("/api/server")["tensorflow_loaded"]
            finally:
                server.stop()
        rows.append((paint, heading, button))
        print(f"paint {paint:.2f} s, heading {heading:.2f} s, button {button:.2f} s, TensorFlow loaded: {loaded}")
    for name, values in zip(("paint", "heading", "button"), zip(*rows, strict=True), strict=True):
        print(f"median {name} {statistics.median(values):.2f} s (from {min(values):.2f} to {max(values):.2f})")


if __name__ == "__main__":
    main()
