import io
import json

import numpy as np
import pytest
from PIL import Image
from rich.console import Console

from cnn_dash.cli.predict import answers_table
from cnn_dash.datasets import catalogue


@pytest.fixture(scope="module")
def digits(tmp_path_factory):
    """Ten test digits as PNG files, by their label; dark on light, five times as large."""
    folder = tmp_path_factory.mktemp("digits")
    test = catalogue.load("mnist-5k", folder).test
    files = {}
    for label in range(10):
        pixels = 255 - test.images[np.flatnonzero(test.labels == label)[0], ..., 0]
        files[str(label)] = folder / f"digit [{label}].png"
        Image.fromarray(pixels).resize((140, 140), Image.Resampling.BICUBIC).save(files[str(label)])
    return files


def test_most_test_digits_are_recognised(trained, digits):
    found = trained[0].json("predict", "latest", *digits.values())
    assert [one["file"] for one in found] == [str(file) for file in digits.values()]
    for one in found:
        assert set(one) == {"file", "label", "confidence", "probabilities", "doubt", "boxes"}
        assert len(one["boxes"]) == 1
        place = one["boxes"][0]["box"]
        assert 0 <= place["top"] < place["bottom"] <= 140
        assert len(one["probabilities"]) == 10
        assert sum(one["probabilities"]) == pytest.approx(1, abs=1e-5)
        assert one["confidence"] == max(one["probabilities"])
        assert one["label"] == str(np.argmax(one["probabilities"]))
    assert sum(one["label"] == label for one, label in zip(found, digits, strict=True)) >= 5  # after a single epoch


def test_files_that_cannot_be_read_do_not_spoil_the_others(trained, digits, tmp_path):
    broken, blank, missing = tmp_path / "broken.png", tmp_path / "blank.png", tmp_path / "missing.png"
    broken.write_bytes(digits["3"].read_bytes()[:200])
    Image.new("L", (50, 50), 255).save(blank)
    files = (digits["1"], broken, blank, missing, tmp_path, digits["0"])
    out, _ = trained[0]("predict", 1, *files, "--json", code=1)
    found = json.loads(out)
    assert [("label" in one, "error" in one) for one in found] == [(True, False), *[(False, True)] * 4, (True, False)]
    assert "broken.png is damaged or cut short" in found[1]["error"]
    assert "nothing to be seen" in found[2]["error"]
    assert "missing.png cannot be read" in found[3]["error"]


def test_answers_for_people():
    found = [{"file": "a [1].png", "label": "お", "confidence": 0.98765}, {"file": "b.png", "error": "b.png is empty."}]
    console = Console(file=io.StringIO(), width=80, markup=False)
    console.print(answers_table(found))
    lines = console.file.getvalue().splitlines()
    assert lines[1].split() == ["a", "[1].png", "お", "98.77", "%"]
    assert lines[2].split() == ["b.png", "–", "–", "b.png", "is", "empty."]
