"""Take the screenshots of the README from the running app: `python scripts/screenshots.py [FOLDER]`.

Starts a server over a temporary home, trains, evaluates and draws as a person would, and saves what is on the screen.
"""

import argparse
import re
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, expect

REPOSITORY = Path(__file__).parents[1]
sys.path.insert(0, str(REPOSITORY))

from tests.browser.browser import launched_browser  # noqa: E402
from tests.browser.server import Server  # noqa: E402

SEVEN = ((75, 75), (205, 72), (135, 235))


def shoot(page: Page, file: Path) -> None:
    """Save the window once nothing moves any more."""
    page.locator(".stApp[data-test-script-state=notRunning]").wait_for()
    page.mouse.move(5, 995)
    page.wait_for_timeout(1200)
    page.screenshot(path=file)


def take(server: Server, page: Page, folder: Path) -> None:
    """Walk through the app and save its screenshots."""
    page.goto(f"{server.url}/train")
    page.locator(".st-key-train_start button").wait_for()
    shoot(page, folder / "train.png")
    page.locator(".st-key-train_start button").click()
    badge = page.locator(".st-key-train_live .badge")
    expect(page.locator(".st-key-train_live .detail")).to_contain_text(re.compile("epoch [345]"), timeout=120_000)
    expect(page.locator(".st-key-train_live .plot[data-chart=loss]")).to_be_in_viewport()
    page.screenshot(path=folder / "live.png")
    expect(badge).to_have_text("finished", timeout=120_000)
    page.get_by_role("button", name="Show mistakes").click()
    page.get_by_text("Mistakes only").click()
    expect(page.locator(".st-key-evaluate_grid").get_by_text("✗").first).to_be_visible()
    shoot(page, folder / "evaluate.png")
    page.get_by_role("link", name="Predict").click()
    draw(page, SEVEN)
    expect(page.locator("[data-testid=stMetricValue]")).to_have_text(re.compile("."), timeout=60_000)
    shoot(page, folder / "predict.png")
    page.goto(f"{server.url}/train?train_learning_rate=0.003&train_optimizer=adam")
    page.locator(".st-key-train_start button").click()
    expect(page.locator(".st-key-train_live")).to_contain_text("epoch 1 of 5", timeout=120_000)  # no longer of run 1
    expect(badge).to_have_text("finished", timeout=120_000)
    page.goto(f"{server.url}/runs?selected=1,2&runs_figures=Loss&runs_figures=Accuracy")
    page.set_viewport_size({"width": 1400, "height": 1250})
    page.locator(".st-key-runs_overlay [data-chart=loss] .nsewdrag").wait_for(state="attached")
    shoot(page, folder / "runs.png")


def draw(page: Page, corners: tuple[tuple[int, int], ...]) -> None:
    """Draw a line through some corners of the canvas."""
    canvas = page.locator(".st-key-predict_canvas canvas").last
    canvas.wait_for()
    page.wait_for_timeout(1000)
    box = canvas.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + corners[0][0], box["y"] + corners[0][1])
    page.mouse.down()
    for x, y in corners[1:]:
        page.mouse.move(box["x"] + x, box["y"] + y, steps=10)
    page.mouse.up()


def main() -> None:
    """See the text at the top."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=REPOSITORY / "docs" / "images")
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home, launched_browser() as browser:
        server = Server(Path(home))
        try:
            page = browser.new_page(viewport={"width": 1400, "height": 1000})
            page.set_default_timeout(60_000)
            take(server, page, folder)
        finally:
            server.stop()


if __name__ == "__main__":
    main()
