"""The Predict page with networks that always give the same answer, so that none has to be built."""

import io
import json
import re
from collections.abc import Callable
from concurrent.futures import Future
from hashlib import sha256
from html import unescape
from typing import Any

import numpy as np
import pytest
import streamlit as st
from PIL import Image
from streamlit.testing.v1 import AppTest

from cnn_dash.datasets.corrections import Corrections
from cnn_dash.errors import StoreError
from cnn_dash.inference import CENTRED
from cnn_dash.inference.model_input import ModelInput
from cnn_dash.runs.records import Run
from cnn_dash.settings import Settings
from cnn_dash.ui.predict import many, network
from cnn_dash.ui.predict import upload as upload_page
from cnn_dash.ui.predict.choice import Choice
from cnn_dash.ui.predict.summary import summarize
from cnn_dash.ui.session import resources

Open = Callable[..., AppTest]


class Stubborn:
    """A network that predicts the same digit for every picture."""

    model_input = ModelInput(tuple("0123456789"), (28, 28, 1), CENTRED)
    familiarity = None

    def __init__(self, digit: int) -> None:
        self.digit = digit

    def outputs(self, images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return np.eye(10, dtype=np.float32)[[self.digit] * len(images)], np.ones((len(images), 4), np.float32)


@pytest.fixture
def broken() -> set[int]:
    """Runs whose network cannot be opened."""
    return set()


@pytest.fixture
def open_predict(
    open_page: Open, tested_run: Callable[[], Run], monkeypatch: pytest.MonkeyPatch, broken: set[int]
) -> Callable[..., AppTest]:
    """Open Predict over two runs, each of which answers with its own number."""

    @st.cache_resource
    def predictor(run_id: int, _folder: str) -> Future[Stubborn]:
        loaded: Future[Stubborn] = Future()
        if run_id in broken:
            loaded.set_exception(StoreError("The network of this run cannot be opened."))
        else:
            loaded.set_result(Stubborn(run_id))
        return loaded

    for module in (resources, network):
        monkeypatch.setattr(module, "predictor", predictor)
    tested_run()
    tested_run()
    return lambda **query: open_page("predict", **query)


def png() -> bytes:
    pixels = np.full((60, 60), 255, np.uint8)
    pixels[10:50, 28:34] = 0
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def test_canvas_uploads_and_answer_are_always_there(open_predict: Open) -> None:
    app = open_predict()
    assert app.get_by_key("predict_canvas")
    assert app.get_by_key("predict_upload")
    assert "Nothing drawn yet" in app.get_by_key("predict_answer").caption[0].value


def test_the_chosen_run_answers_for_an_upload(open_predict: Open) -> None:
    app = open_predict()
    app.file_uploader(key="predict_upload").upload("one.png", png(), "image/png").run()
    assert not app.exception
    assert [metric.value for metric in app.get_by_key("predict_answer").metric] == ["2"]  # the latest run
    app.selectbox(key="predict_run").select(1).run()
    assert [metric.value for metric in app.get_by_key("predict_answer").metric] == ["1"]
    assert app.query_params["run"] == "1"


def cards(app: AppTest) -> list[dict[str, Any]]:
    """The cards on the page, as they are sent to the browser."""
    found = [one.proto.json for one in app.get("bidi_component") if "picture_cards" in one.proto.component_name]
    return [card for data in found for card in json.loads(data)["cards"]]


def answers(card: dict[str, Any]) -> list[str]:
    return [said["answer"] for said in card["said"]]


def boxes(app: AppTest) -> dict[str, Any]:
    """The picture with boxes on the page, as it is sent to the browser."""
    (found,) = [one.proto.json for one in app.get("bidi_component") if "picture_boxes" in one.proto.component_name]
    return json.loads(found)


def upload(app: AppTest, **files: bytes) -> AppTest:
    uploads = app.file_uploader(key="predict_upload")
    for name, data in files.items():
        uploads.upload(f"{name}.png", data, "image/png")
    return uploads.run()


def test_many_uploads_are_cards_and_a_broken_one_has_its_sentence(open_predict: Open) -> None:
    app = upload(open_predict(), two=png(), broken=png()[:60], one=png())
    assert not app.exception
    answer = app.get_by_key("predict_answer")
    assert [(metric.label, metric.value) for metric in answer.metric] == [
        ("Pictures", "3"),
        ("Not sure", "0"),
        ("Not read", "1"),
    ]
    assert [(card["name"], answers(card)) for card in cards(app)] == [
        ("broken.png", []),
        ("one.png", ["2"]),
        ("two.png", ["2"]),
    ]
    assert cards(app)[0]["note"].startswith("broken.png")
    app.file_uploader(key="predict_upload").clear().run()
    assert "Nothing uploaded yet" in app.get_by_key("predict_answer").caption[0].value


def test_a_picture_is_read_once_for_each_run_and_choice(open_predict: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    def counted(networks: Any, data: bytes, name: str, *asked: Any) -> Any:
        read.extend([name] * len(networks))
        return summarize(networks, data, name, *asked)

    monkeypatch.setattr(many, "summarize", counted)
    app = upload(open_predict(), one=png(), two=png())
    app.run()
    assert sorted(read) == ["one.png", "two.png"]
    app.session_state["predict_step_choose"] = False
    app.run()
    assert len(read) == 4
    app.multiselect(key="predict_other_runs").select(1).run()
    assert len(read) == 6  # what the first run said is known


def side_by_side(app: AppTest) -> list[str]:
    """The rows of the answers side by side, as text."""
    (html,) = [one.proto.body for one in app.get("html") if "Model input of run" in one.proto.body]
    return [" ".join(unescape(re.sub("<[^>]*>", " ", row)).split()) for row in html.split("<b>")[1:]]


def test_several_runs_answer_side_by_side_and_the_url_says_which(open_predict: Open) -> None:
    app = upload(open_predict(), one=png())
    assert "with" not in app.query_params
    app.multiselect(key="predict_other_runs").select(1).run()
    assert not app.exception
    assert app.query_params["with"] == "1"
    first, second = side_by_side(app)
    assert (first[:5], first[-9:]) == ("Run 2", "2 >99.9 %")
    assert (second[:5], second[-9:]) == ("Run 1", "1 >99.9 %")
    assert any("runs disagree" in one.value for one in app.markdown)
    assert [metric.value for metric in app.metric] == ["2"]  # details are those of the chosen run
    app.selectbox(key="predict_run").select(1).run()
    assert "with" not in app.query_params  # a run is not compared with itself
    assert app.multiselect(key="predict_other_runs").value == []


def test_the_url_brings_the_runs_and_what_it_says_wrongly_is_said(open_predict: Open) -> None:
    app = open_predict(run="1", **{"with": "2,77,1,x"})
    assert not app.exception
    assert app.multiselect(key="predict_other_runs").value == [2]
    assert "Not all of these runs can answer beside run 1." in app.warning[0].value
    assert app.query_params["with"] == "2"


@pytest.mark.parametrize(("which", "others"), [(1, "2 >99.9 %"), (2, "1 >99.9 %")])
def test_a_broken_network_is_a_sentence_and_the_others_answer(
    open_predict: Open, broken: set[int], which: int, others: str
) -> None:
    broken.add(which)
    app = upload(open_predict(run="2", **{"with": "1"}), one=png())
    assert not app.exception
    rows = side_by_side(app)
    assert sum("cannot be opened" in row for row in rows) == 1
    assert sum(row.endswith(others) for row in rows) == 1
    app = upload(open_predict(run="2", **{"with": "1"}), one=png(), two=png())
    assert not app.exception
    assert f"The network of run {which} cannot be loaded." in app.error[0].value
    assert [answers(card) for card in cards(app)] == [[others[0]]] * 2


def test_cards_say_what_each_run_reads(open_predict: Open) -> None:
    app = upload(open_predict(run="2", **{"with": "1"}), one=png(), two=png())
    assert [(said["run"], said["answer"], said["differs"]) for said in cards(app)[0]["said"]] == [
        ("Run 2", "2", False),
        ("Run 1", "1", True),
    ]
    assert [(metric.label, metric.value) for metric in app.metric] == [
        ("Pictures", "2"),
        ("Not sure", "0"),
        ("Disagree", "2"),
    ]
    assert any("then those on which the runs disagree" in caption.value for caption in app.caption)


def test_what_is_beyond_the_limit_is_said(open_predict: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload_page, "MAX_FILES", 2)
    app = upload(open_predict(), one=png(), two=png(), three=png())
    assert "Only the first 2 pictures are read. Received: 3." in app.warning[0].value
    assert len(cards(app)) == 2


def test_a_card_opens_the_details(open_predict: Open) -> None:
    app = upload(open_predict(), one=png(), two=png())
    app.session_state["predict_open"] = cards(app)[1]["key"]
    app.run()
    assert not app.exception
    assert [metric.label for metric in app.metric] == ["Pictures", "Not sure", "Prediction"]


def test_what_was_chosen_is_read_until_the_whole_is_asked_for(open_predict: Open) -> None:
    pixels = np.full((120, 120), 255, np.uint8)
    pixels[20:60, 20:26] = pixels[80:90, 70:110] = 0
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    app = open_predict()
    app.session_state["predict_choices"] = {sha256(file.getvalue()).hexdigest(): Choice((75, 65, 95, 115))}
    upload(app, one=file.getvalue())
    (read,) = boxes(app)["read"]
    assert np.abs(np.subtract(read["box"], (80, 70, 90, 110))).max() <= 2
    app.button(key="predict_whole_upload").click().run()
    assert boxes(app)["byHand"] is None
    assert all(button.key != "predict_whole_upload" for button in app.button)


def test_a_step_that_is_off_is_said_and_can_be_switched_on_again(open_predict: Open) -> None:
    app = upload(open_predict(), one=png())
    switches = [toggle.key for toggle in app.toggle]
    assert switches == [f"predict_step_{name}" for name in ("even_ground", "remove_lines", "choose", "frame")]
    assert all(toggle.value for toggle in app.toggle)
    app.toggle(key="predict_step_frame").set_value(False).run()
    assert any("Switched off: frame it" in caption.value for caption in app.caption)
    app.button(key="predict_steps_on").click().run()
    assert app.toggle(key="predict_step_frame").value is True
    assert not any("Switched off" in caption.value for caption in app.caption)


def test_a_turned_photo_is_shown_as_brought_and_upright(open_predict: Open) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    file = io.BytesIO()
    with Image.open(io.BytesIO(png())) as picture:
        picture.save(file, "PNG", exif=exif)
    app = upload(open_predict(), one=file.getvalue())
    assert not app.exception
    assert app.toggle[0].key == "predict_step_upright"
    assert stages(app)[:2] == ["as brought", "upright"]
    app.toggle(key="predict_step_upright").set_value(False).run()
    assert not app.exception
    assert stages(app)[:2] == ["as brought", "even ground"]
    assert any("Switched off: turn it upright" in caption.value for caption in app.caption)


def test_a_document_with_several_pages_says_which_is_read(open_predict: Open) -> None:
    file = io.BytesIO()
    with Image.open(io.BytesIO(png())) as page:
        page.save(file, "TIFF", save_all=True, append_images=[page, page])
    app = open_predict()
    app.file_uploader(key="predict_upload").upload("scan.tif", file.getvalue(), "image/tiff").run()
    assert not app.exception
    assert any("Page 1 of 3 is read." in caption.value for caption in app.caption)
    uploads = open_predict().file_uploader(key="predict_upload")
    app = uploads.upload("scan.tif", file.getvalue(), "image/tiff").upload("a.png", png(), "image/png").run()
    assert [card["note"] for card in cards(app)] == ["", "Page 1 of 3"]


def stages(app: AppTest) -> list[str]:
    """The titles of the steps that are shown."""
    return [title for one in app.get("html") for title in re.findall('alt="Stage ([^"]*)"', one.proto.body)]


def test_a_blank_upload_is_not_told_to_draw(open_predict: Open) -> None:
    file = io.BytesIO()
    Image.new("L", (60, 60), 255).save(file, "PNG")
    app = open_predict()
    app.file_uploader(key="predict_upload").upload("blank.png", file.getvalue(), "image/png").run()
    said, hint = app.get_by_key("predict_answer").caption
    assert "nothing to be seen on this picture" in said.value
    assert "Drag a rectangle" in hint.value


def test_each_digit_of_a_number_is_corrected_and_kept_cut_out(open_predict: Open, settings: Settings) -> None:
    pixels = np.full((100, 200), 255, np.uint8)
    for left in (40, 90, 140):
        pixels[30:70, left : left + 6] = 0
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    app = upload(open_predict(), number=file.getvalue())
    assert [metric.value for metric in app.metric] == ["222"]
    assert [pills.label for pills in app.pills] == [f"Character {number} was a …" for number in (1, 2, 3)]
    app.pills[1].set_value(1).run()
    assert not app.exception
    kept = Corrections(settings.corrections_dir)
    (one,) = kept.all()
    assert (one.label, one.answer) == ("1", "2")
    with Image.open(kept.picture(one)) as cut_out:
        assert 40 <= cut_out.height <= 80  # the digit and a margin, without its neighbours
        assert 6 <= cut_out.width <= 50
    assert len(app.pills) == 2
    (undo,) = (button for button in app.button if button.label == "Undo" and button.key != "predict_undo")
    undo.click().run()
    assert kept.all() == []
    assert len(app.pills) == 3
