"""The answers for many pictures in short."""

import io

import numpy as np
import pytest
from PIL import Image

from cnn_dash.inference import CENTRED, Steps
from cnn_dash.inference.model_input import ModelInput
from cnn_dash.ui.predict.summary import Summary, summarize
from cnn_dash.ui.session.last_used import LastUsed


class Seven:
    """A network that takes everything for a 7."""

    model_input = ModelInput(tuple("0123456789"), (28, 28, 1), CENTRED)
    familiarity = None

    def __init__(self, confidence: float = 1.0) -> None:
        self.confidence = confidence

    def outputs(self, images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        probabilities = np.full((len(images), 10), (1 - self.confidence) / 9, np.float32)
        probabilities[:, 7] = self.confidence
        return probabilities, np.ones((len(images), 4), np.float32)


def read(network: Seven, data: bytes) -> Summary:
    return summarize({3: network}, data, "one.png", Steps(), None)[3]


def png(*, ink: bool = True) -> bytes:
    pixels = np.full((60, 60), 255, np.uint8)
    if ink:
        pixels[10:50, 28:34] = 0
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def test_a_picture_is_summarized_with_the_place_of_its_character() -> None:
    summary = read(Seven(), png())
    assert (summary.name, summary.answer, summary.doubt, summary.error) == ("one.png", "7", None, "")
    assert summary.confidence == pytest.approx(1)
    ((top, left, bottom, right),) = summary.boxes
    assert (abs(top - 10) <= 2, abs(left - 28) <= 2, abs(bottom - 50) <= 2, abs(right - 34) <= 2) == (True,) * 4
    assert summary.picture.startswith("data:image/png")
    (model_input,) = summary.model_inputs
    assert model_input.startswith("data:image/png")


def test_several_networks_answer_for_one_file() -> None:
    said = summarize({3: Seven(), 5: Seven(np.nan)}, png(), "one.png", Steps(), None)
    assert {run_id: one.answer for run_id, one in said.items()} == {3: "7", 5: ""}
    assert "broken" in said[5].error


@pytest.mark.parametrize(
    ("data", "said", "shown"),
    [(png()[:60], "damaged", False), (b"", "empty", False), (png(ink=False), "nothing", True)],
)
def test_a_picture_that_cannot_be_read_has_its_sentence(data: bytes, said: str, shown: bool) -> None:
    summary = read(Seven(), data)
    assert said in summary.error
    assert (summary.answer, bool(summary.picture)) == ("", shown)


def test_a_network_with_broken_weights_answers_nothing() -> None:
    summary = read(Seven(np.nan), png())
    assert (summary.answer, "broken" in summary.error) == ("", True)


def test_what_was_not_used_for_the_longest_time_is_forgotten() -> None:
    kept: LastUsed[int] = LastUsed(2)
    kept.put("a", 1)
    kept.put("b", 2)
    assert kept.get("a") == 1
    kept.put("c", 3)
    assert [kept.get(key) for key in "abc"] == [1, None, 3]
