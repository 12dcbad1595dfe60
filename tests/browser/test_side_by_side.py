"""Two networks, trained for this, answer side by side in a real browser; digits of a number are corrected."""

import io
import os
import subprocess
import sys
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from cnn_dash.datasets import catalogue
from cnn_dash.datasets.corrections import Corrections
from cnn_dash.settings import Settings
from tests.browser.server import ROOT, Server

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("side-by-side")
    environment = os.environ | {"CNN_DASH_HOME": str(home)}
    for seed in ("1", "2"):
        train = [sys.executable, "-m", "cnn_dash", "train", "--dataset", "mnist-5k", "--epochs", "3", "--seed", seed]
        subprocess.run(train, env=environment, cwd=ROOT, check=True, capture_output=True, timeout=300)
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
