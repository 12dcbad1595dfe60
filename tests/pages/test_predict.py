"""The Predict page with networks that always give the same answer, so that none has to be built."""

import io
from collections.abc import Callable
from concurrent.futures import Future

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from cnn_dash.inference import CENTRED
from cnn_dash.inference.model_input import ModelInput
from cnn_dash.runs.records import Run
from cnn_dash.ui.predict import network
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
def open_predict(
    open_page: Open, tested_run: Callable[[], Run], monkeypatch: pytest.MonkeyPatch
) -> Callable[[], AppTest]:
    """Open Predict over two runs, each of which answers with its own number."""

    def predictor(run_id: int, _folder: str) -> Future[Stubborn]:
        loaded: Future[Stubborn] = Future()
        loaded.set_result(Stubborn(run_id))
        return loaded

    for module in (resources, network):
        monkeypatch.setattr(module, "predictor", predictor)
    tested_run()
    tested_run()
    return lambda: open_page("predict")


def png() -> bytes:
    pixels = np.full((60, 60), 255, np.uint8)
    pixels[10:50, 28:34] = 0
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def test_canvas_uploads_and_answer_are_always_there(open_predict: Callable[[], AppTest]) -> None:
    app = open_predict()
    assert app.get_by_key("predict_canvas")
    assert app.get_by_key("predict_upload")
    assert "Nothing drawn yet" in app.get_by_key("predict_answer").caption[0].value


def test_the_chosen_run_answers_for_an_upload(open_predict: Callable[[], AppTest]) -> None:
    app = open_predict()
    app.file_uploader(key="predict_upload").upload("one.png", png(), "image/png").run()
    assert not app.exception
    assert [metric.value for metric in app.get_by_key("predict_answer").metric] == ["2"]  # the latest run
    app.selectbox(key="predict_run").select(1).run()
    assert [metric.value for metric in app.get_by_key("predict_answer").metric] == ["1"]
    assert app.query_params["run"] == "1"


def test_each_upload_has_its_answer_and_a_broken_one_its_sentence(open_predict: Callable[[], AppTest]) -> None:
    app = open_predict()
    uploads = app.file_uploader(key="predict_upload")
    uploads.upload("one.png", png(), "image/png").upload("broken.png", png()[:60], "image/png")
    uploads.upload("two.png", png(), "image/png").run()
    assert not app.exception
    answer = app.get_by_key("predict_answer")
    assert [metric.value for metric in answer.metric] == ["2", "2"]
    assert [error.value.partition(" ")[0] for error in answer.error] == ["broken.png"]
    app.file_uploader(key="predict_upload").clear().run()
    assert "Nothing uploaded yet" in app.get_by_key("predict_answer").caption[0].value


def test_a_blank_upload_is_not_told_to_draw(open_predict: Callable[[], AppTest]) -> None:
    file = io.BytesIO()
    Image.new("L", (60, 60), 255).save(file, "PNG")
    app = open_predict()
    app.file_uploader(key="predict_upload").upload("blank.png", file.getvalue(), "image/png").run()
    (said,) = app.get_by_key("predict_answer").caption
    assert "nothing to be seen on this picture" in said.value
