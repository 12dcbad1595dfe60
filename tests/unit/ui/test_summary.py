"""The answers for many pictures as cards and as a table."""

import csv
import io

import numpy as np
import pytest
from PIL import Image

from cnn_dash.inference import CENTRED, Steps
from cnn_dash.inference.model_input import ModelInput
from cnn_dash.ui.predict.summary import Summary, as_csv, most_doubtful_first, summarize
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


def png(*, ink: bool = True) -> bytes:
    pixels = np.full((60, 60), 255, np.uint8)
    if ink:
        pixels[10:50, 28:34] = 0
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def test_a_picture_is_summarized_with_the_place_of_its_character() -> None:
    summary = summarize(Seven(), png(), "one.png", Steps(), None)
    assert (summary.name, summary.answer, summary.doubt, summary.error) == ("one.png", "7", None, "")
    assert summary.confidence == pytest.approx(1)
    ((top, left, bottom, right),) = summary.boxes
    assert (abs(top - 10) <= 2, abs(left - 28) <= 2, abs(bottom - 50) <= 2, abs(right - 34) <= 2) == (True,) * 4
    assert summary.picture.startswith("data:image/png")
    assert summary.model_input.startswith("data:image/png")


@pytest.mark.parametrize(
    ("data", "said", "shown"),
    [(png()[:60], "damaged", False), (b"", "empty", False), (png(ink=False), "nothing", True)],
)
def test_a_picture_that_cannot_be_read_has_its_sentence(data: bytes, said: str, shown: bool) -> None:
    summary = summarize(Seven(), data, "one.png", Steps(), None)
    assert said in summary.error
    assert (summary.answer, bool(summary.picture)) == ("", shown)


def test_a_network_with_broken_weights_answers_nothing() -> None:
    summary = summarize(Seven(np.nan), png(), "one.png", Steps(), None)
    assert (summary.answer, "broken" in summary.error) == ("", True)


def test_doubtful_answers_come_first_then_errors_then_names() -> None:
    names = [("b", Summary("b.png")), ("A", Summary("A.png")), ("e", Summary("e.png", error="damaged"))]
    keyed = [*names, ("d", Summary("d.png", doubt="strange"))]
    assert [key for key, _ in most_doubtful_first(keyed)] == ["d", "e", "A", "b"]


def test_the_table_says_all_and_no_name_is_a_formula() -> None:
    answers = [
        Summary("=1+1.png", answer="12", confidence=0.98765, doubt="undecided", boxes=((1, 2, 3, 4), (5, 6, 7, 8))),
        Summary("b.png", error="b.png is damaged."),
    ]
    data = as_csv(answers)
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert rows[0] == {
        "file": "'=1+1.png",
        "answer": "12",
        "confidence": "0.9877",
        "doubt": "several classes fit",
        "boxes": "1 2 3 4; 5 6 7 8",
        "error": "",
    }
    assert (rows[1]["answer"], rows[1]["confidence"], rows[1]["error"]) == ("", "", "b.png is damaged.")


def test_what_was_not_used_for_the_longest_time_is_forgotten() -> None:
    kept: LastUsed[int] = LastUsed(2)
    kept.put("a", 1)
    kept.put("b", 2)
    assert kept.get("a") == 1
    kept.put("c", 3)
    assert [kept.get(key) for key in "abc"] == [1, None, 3]
