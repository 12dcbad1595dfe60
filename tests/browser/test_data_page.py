"""The Data page in a real browser: the map's component, and an own data set from the upload to its training."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.server import Server
from tests.coloured_folders import class_folders

pytestmark = pytest.mark.browser


def open_map(page: Page) -> None:
    page.locator(".st-key-data_part button", has_text="Map").click()
    page.locator(".st-key-data_map .legend span").first.wait_for()


def drag_around(page: Page, share: float) -> None:
    """Draw a lasso around so much of the map."""
    box = page.locator(".st-key-data_map .map > canvas").bounding_box()
    assert box is not None
    left, top = box["x"] + box["width"] * (1 - share) / 2, box["y"] + box["height"] * (1 - share) / 2
    right, bottom = left + box["width"] * share, top + box["height"] * share
    page.mouse.move(left, top)
    page.mouse.down()
    for x, y in ((right, top), (right, bottom), (left, bottom)):
        page.mouse.move(x, y, steps=4)
    page.mouse.up()


def test_the_map_shows_the_image_of_a_point_and_the_images_of_a_lasso(
    empty_server: Server, open_page: Callable[..., Page]
) -> None:
    page = open_page(f"{empty_server.url}/data")
    open_map(page)
    canvas = page.locator(".st-key-data_map .map > canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    tip = page.locator(".st-key-data_map .tip")
    expect(tip).to_be_hidden()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(tip).to_be_visible()
    expect(tip).to_contain_text("train")
    bright = tip.locator("canvas").evaluate(
        "one => one.getContext('2d').getImageData(0, 0, one.width, one.height).data"
        ".filter((value, place) => place % 4 < 3 && value > 200).length"
    )
    assert bright > 20  # a digit is drawn on it
    drag_around(page, 0.2)
    chosen = page.get_by_text("chosen image")
    expect(chosen).to_be_visible()
    count = int(chosen.inner_text().split()[0].replace(",", ""))
    assert 1 < count < 5000
    canvas.dblclick(position={"x": 5, "y": 5})
    expect(chosen).to_have_count(0)


def test_the_map_of_a_class_chooses_that_class_alone(empty_server: Server, open_page: Callable[..., Page]) -> None:
    page = open_page(f"{empty_server.url}/data")
    open_map(page)
    page.locator(".st-key-data_map_class input").click()
    page.get_by_role("option", name="7", exact=True).click()
    page.wait_for_timeout(500)
    page.locator(".st-key-data_map .map > canvas").scroll_into_view_if_needed()
    drag_around(page, 0.98)
    expect(page.get_by_text("500 chosen images")).to_be_visible()
    expect(page.get_by_text("7 (500)")).to_be_visible()


@pytest.mark.parametrize("width", [1400, 400])
def test_no_part_scrolls_the_page_sideways(empty_server: Server, open_page: Callable[..., Page], width: int) -> None:
    page = open_page(f"{empty_server.url}/data", width=width)
    for part in ("Images", "Classes", "Map", "Duplicates", "Quality", "Overview"):
        page.locator(".st-key-data_part button", has_text=part).click()
        page.wait_for_timeout(700)
        main = page.locator("[data-testid=stMain]")
        assert main.evaluate("main => main.scrollWidth - main.clientWidth") == 0


def test_an_own_data_set_goes_from_the_upload_to_its_training(
    serve: Callable[..., Server], open_page: Callable[..., Page], tmp_path: Path
) -> None:
    server = serve(CNN_DASH_DATA_DIR=str(tmp_path / "data"))  # never into the data that tests share
    page = open_page(f"{server.url}/data")
    page.locator(".st-key-data_upload input[type=file]").set_input_files(
        [{"name": "Rot.zip", "mimeType": "application/zip", "buffer": class_folders({"dark": 40, "bright": 40})}]
    )
    page.locator(".st-key-data_title input").fill("Red, dark or bright")
    page.locator(".st-key-data_size button", has_text="28").click()
    expect(page.get_by_text("40 × 30 → 28 × 28").first).to_be_visible()
    page.locator(".st-key-data_import button").click()
    expect(page.get_by_text("Red, dark or bright is there")).to_be_visible()
    expect(page.get_by_text("80 colour images of 28×28 pixels in 2 classes")).to_be_visible()
    page.locator(".st-key-data_import_train button").click()
    expect(page.locator("h1")).to_have_text("Train")
    page.locator(".st-key-train_start button").click()
    expect(page.locator(".st-key-train_live .badge")).to_have_text("finished")
    assert server.get("/api/runs/1")["dataset"] == "rot"
