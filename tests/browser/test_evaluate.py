"""The Evaluate page under somebody's hands: a cell, an image, ticks."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from cnn_dash.runs.store import RunStore
from cnn_dash.settings import Settings
from tests.browser.server import Server
from tests.evaluate_page import make_own_run

pytestmark = pytest.mark.browser

CELL = """plot => {
    const box = plot.getBoundingClientRect(), { xaxis, yaxis } = plot._fullLayout
    return [box.x + xaxis._offset + xaxis.c2p(%d), box.y + yaxis._offset + yaxis.c2p(%d)]
}"""


def matrix(page: Page) -> Locator:
    plot = page.locator(".st-key-evaluate_matrix .js-plotly-plot")
    plot.locator(".xy").first.wait_for()
    return plot


def click_cell(page: Page, true: int, predicted: int) -> None:
    matrix(page).scroll_into_view_if_needed()
    x, y = matrix(page).evaluate(CELL % (predicted, true))
    page.mouse.move(x, y)
    page.mouse.click(x, y)


def view(page: Page, name: str) -> Locator:
    return page.locator(".st-key-evaluate_view").get_by_role("radio", name=name, exact=True)


def images(page: Page) -> Locator:
    return page.locator(".st-key-evaluate_grid .open")


def test_a_click_on_a_cell_shows_its_images_and_another_click_all_again(
    server_with_runs: Server, open_page: Callable[..., Page]
) -> None:
    page = open_page(f"{server_with_runs.url}/evaluate")
    expect(page.get_by_text("1 to 10 of 1,000", exact=True)).to_be_visible()
    cell = page.locator(".st-key-evaluate_cell input").first
    click_cell(page, 3, 4)
    expect(page.get_by_text("True class 3, predicted class 4")).to_be_visible()
    expect(images(page).first).to_contain_text("true: 3")
    expect(cell).to_have_value(re.compile(r"^3 → 4 \(\d+\)$"))
    click_cell(page, 3, 4)
    expect(page.get_by_text("1 to 10 of 1,000", exact=True)).to_be_visible()

    # By keyboard, and from there by click to another one, and back to all.
    cell.focus()
    page.keyboard.type("7 → 8")
    page.keyboard.press("Enter")
    expect(page.get_by_text("True class 7, predicted class 8")).to_be_visible()
    expect(page.locator(".st-key-evaluate_matrix .shapelayer path")).to_have_count(1)
    click_cell(page, 3, 4)
    expect(page.get_by_text("True class 3, predicted class 4")).to_be_visible()
    click_cell(page, 3, 4)
    expect(page.get_by_text("1 to 10 of 1,000", exact=True)).to_be_visible()


def test_an_image_opens_with_its_probabilities_and_ticks_stay_over_pages(
    server_with_runs: Server, open_page: Callable[..., Page]
) -> None:
    page = open_page(f"{server_with_runs.url}/evaluate")
    images(page).nth(9).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Image 9 of the test set")
    expect(dialog.get_by_role("img", name="Predicted")).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)

    ticks = page.locator(".st-key-evaluate_grid input[type=checkbox]")
    ticks.nth(0).check()
    ticks.nth(1).check()
    chosen = page.locator(".st-key-evaluate_ticked")
    expect(chosen).to_contain_text("2 images selected")
    page.get_by_role("button", name="Page 2", exact=True).click()
    expect(page.get_by_text("11 to 20 of 1,000", exact=True)).to_be_visible()
    expect(page.locator(".st-key-evaluate_grid input:checked")).to_have_count(0)
    ticks.nth(4).check()
    expect(chosen).to_contain_text("3 images selected")
    page.get_by_role("button", name="Page 1", exact=True).click()
    expect(page.locator(".st-key-evaluate_grid input:checked")).to_have_count(2)
    page.locator(".st-key-evaluate_ticks_clear button").click()
    expect(chosen).to_have_count(0)
    expect(page.locator(".st-key-evaluate_grid input:checked")).to_have_count(0)


@pytest.mark.parametrize("width", [400, 1400])
def test_no_view_is_wider_than_the_screen(server_with_runs: Server, open_page: Callable[..., Page], width: int) -> None:
    page = open_page(f"{server_with_runs.url}/evaluate", width=width)
    for name in ("Classes", "Confidence", "Subsets", "Labels", "Two runs", "Robustness", "Mistakes"):
        view(page, name).click()
        expect(view(page, name)).to_have_attribute("aria-checked", "true")
        expect(page.get_by_test_id("stProgress")).to_have_count(0)
        page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        expect(page.get_by_test_id("stException")).to_have_count(0)


def test_no_click_or_key_on_a_view_is_lost_while_results_arrive(
    server_with_runs: Server, open_page: Callable[..., Page]
) -> None:
    page = open_page(f"{server_with_runs.url}/evaluate?run=1")
    for name in ("Labels", "Classes", "Subsets", "Confidence", "Labels", "Mistakes", "Classes"):
        view(page, name).press("Space")
        expect(view(page, name)).to_have_attribute("aria-checked", "true")
        # Until its progress, or what was there at once: what was asked for ends while the next ones are chosen.
        page.locator("[data-testid=stApp][data-test-script-state=running]").wait_for()
    expect(page.get_by_text("Recall (macro)", exact=True)).to_be_visible()
    view(page, "Confidence").click()
    expect(page.get_by_text("Reliability", exact=True)).to_be_visible()
    expect(page.get_by_text("Recall (macro)", exact=True)).to_have_count(0)
    expect(view(page, "Confidence")).to_have_attribute("aria-checked", "true")


def test_images_are_relabelled_in_a_new_version_to_train_on(
    home: Path, serve: Callable[..., Server], open_page: Callable[..., Page], tmp_path: Path
) -> None:
    environment = {"CNN_DASH_DATA_DIR": str(tmp_path / "data")}
    store = RunStore(Settings.from_environment({"CNN_DASH_HOME": str(home), **environment}))
    make_own_run(store, tmp_path)
    store.close()
    page = open_page(f"{serve(**environment).url}/evaluate")
    ticks = page.locator(".st-key-evaluate_grid input[type=checkbox]")
    ticks.nth(0).check()
    page.locator(".st-key-evaluate_relabel button").first.click()
    dialog = page.get_by_role("dialog")
    page.locator(".st-key-evaluate_relabel_add button").click()
    expect(dialog).to_have_count(0)
    expect(page.locator(".st-key-evaluate_ticked")).to_contain_text("Planned: 1 relabelled")
    ticks.nth(1).check()
    page.locator(".st-key-evaluate_relabel button").first.click()
    dialog.get_by_text("Leave out", exact=True).click()
    expect(dialog).to_contain_text("Planned before: 1 relabelled.")
    page.locator(".st-key-evaluate_relabel_make button").click()
    expect(dialog).to_contain_text("shapes@2 is made: 1 relabelled, 1 left out.")
    page.locator(".st-key-evaluate_relabel_train button").click()
    expect(page.locator("h1")).to_have_text("Train")
    expect(page).to_have_url(re.compile("train_dataset=shapes%402"))
