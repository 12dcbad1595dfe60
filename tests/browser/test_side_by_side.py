"""Two networks, trained for this, answer side by side in a real browser; digits are corrected, and drawn by touch."""

import io
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from cnn_dash import presets
from cnn_dash.datasets import catalogue
from cnn_dash.datasets.corrections import Corrections
from cnn_dash.hyperparameters import override
from cnn_dash.runs.store import RunStore
from cnn_dash.settings import Settings
from tests.browser.server import Server
from tests.trained import train

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("side-by-side")
    settings = Settings.from_environment({"CNN_DASH_HOME": str(home)})
    store = RunStore(settings)
    for seed in (1, 2):
        train(store, override(presets.get("compact-valid").config(), {"train.epochs": 3, "train.seed": seed}))
    store.close()
    server = Server(home)
    yield server
    server.stop()


def picture(server: Server, number: str) -> bytes:
    """A number of test digits, dark on light, as a PNG."""
    test = catalogue.load("mnist-5k", server.home).test
    page = np.full((280, 200 * len(number) + 80), 255, np.uint8)
    for place, digit in enumerate(number):
        pixels = 255 - test.images[int(np.flatnonzero(test.labels == int(digit))[0]), ..., 0]
        page[40:240, 200 * place + 40 : 200 * place + 240] = Image.fromarray(pixels).resize((200, 200))
    file = io.BytesIO()
    Image.fromarray(page).save(file, "PNG")
    return file.getvalue()


def upload(page: Page, **pictures: bytes) -> None:
    page.locator(".st-key-predict_upload input[type=file]").set_input_files(
        [{"name": f"{name}.png", "mimeType": "image/png", "buffer": data} for name, data in pictures.items()]
    )


def test_two_runs_answer_for_one_picture_and_for_many(server: Server, open_page: Callable[..., Page]) -> None:
    page = open_page(f"{server.url}/predict?run=1", width=400)
    answer = page.locator(".st-key-predict_answer")
    upload(page, zero=picture(server, "0"))
    expect(answer.locator("[data-testid=stMetricValue]")).to_have_text("0")
    expect(answer.get_by_text("Run 2")).to_have_count(0)

    page.locator(".st-key-predict_other_runs input").click()
    page.get_by_role("option", name="Run 2").click()
    page.keyboard.press("Escape")
    expect(answer.get_by_alt_text("Model input of run 2")).to_be_visible()
    expect(answer.get_by_text("Run 1 in detail")).to_be_visible()
    page.wait_for_url("**/predict?*with=2*")
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 400

    upload(page, seven=picture(server, "7"))
    cards = page.locator(".st-key-predict_cards .card")
    expect(cards).to_have_count(2)
    for card in cards.all():
        assert card.locator(".run").all_inner_texts() == ["Run 1", "Run 2"]
    page.reload()
    expect(page.locator(".st-key-predict_other_runs")).to_contain_text("Run 2")


def test_a_digit_of_a_number_is_corrected_with_a_click(server: Server, open_page: Callable[..., Page]) -> None:
    page = open_page(f"{server.url}/predict?run=1")
    answer = page.locator(".st-key-predict_answer")
    upload(page, number=picture(server, "701"))
    questions = answer.get_by_role("button", name="Right?")
    expect(questions).to_have_count(3)
    questions.nth(1).click()
    page.locator("[data-testid=stPopoverBody]").get_by_text("6", exact=True).click()
    expect(questions).to_have_count(2)
    kept = Corrections(Settings.from_environment({"CNN_DASH_HOME": str(server.home)}).corrections_dir)
    (one,) = kept.all()
    assert one.label == "6"
    with Image.open(kept.picture(one)) as cut_out:
        assert cut_out.width < 300
    answer.get_by_role("button", name="Undo").click()
    expect(questions).to_have_count(3)
    assert kept.all() == []


def test_strokes_are_taken_back_and_cleared_by_touch(server: Server, open_page: Callable[..., Page]) -> None:
    page = open_page(f"{server.url}/predict", width=400, touch=True)
    answer = page.locator(".st-key-predict_answer")
    picture = answer.locator("img").first
    touch_stroke(page, (80, 70), (200, 70))
    one = settled(page, picture)
    touch_stroke(page, (200, 70), (140, 200))  # to a 7
    expect(picture).not_to_have_attribute("src", one)
    settled(page, picture)
    page.locator(".st-key-predict_undo button").tap()
    expect(picture).to_have_attribute("src", one)
    touch_stroke(page, (80, 70), (140, 200))
    expect(picture).not_to_have_attribute("src", one)
    page.locator(".st-key-predict_clear button").tap()
    expect(answer).to_contain_text("Nothing drawn yet")
    expect(page.locator(".st-key-predict_undo button")).to_be_disabled()


def settled(page: Page, picture: Locator) -> str:
    """Return the model input once it stays: on a slow machine, half a stroke may be read before the whole."""
    picture.wait_for(timeout=60_000)
    seen = None
    while (now := picture.get_attribute("src")) != seen:
        seen = now
        page.wait_for_timeout(1000)
    return seen or ""


def touch_stroke(page: Page, begin: tuple[int, int], end: tuple[int, int]) -> None:
    """Draw a line with a finger."""
    page.locator(".stApp[data-test-script-state=notRunning]").wait_for()
    canvas = page.locator(".st-key-predict_canvas canvas").last
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    finger = page.context.new_cdp_session(page)
    places = [(begin[0] + (end[0] - begin[0]) * i / 8, begin[1] + (end[1] - begin[1]) * i / 8) for i in range(9)]
    for index, (x, y) in enumerate(places):
        point = {"x": box["x"] + x, "y": box["y"] + y}
        kind = "touchStart" if index == 0 else "touchMove"
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
