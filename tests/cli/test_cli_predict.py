import io
import json
import os

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


def test_most_test_digits_are_recognised_and_several_are_several_boxes_from_left_to_right(trained, digits, tmp_path):
    page = Image.new("L", (600, 240), 255)
    for place, label in enumerate("105"):
        page.paste(Image.open(digits[label]), (30 + 160 * place, 50))
    page.save(tmp_path / "number.png")
    *found, number = trained[0].json("predict", "latest", *digits.values(), tmp_path / "number.png")
    assert [one["file"] for one in found] == [str(file) for file in digits.values()]
    for one in found:
        assert set(one) == {"file", "pages", "label", "confidence", "doubt", "boxes", "probabilities"}
        assert len(one["probabilities"]) == 10
        assert sum(one["probabilities"]) == pytest.approx(1, abs=1e-5)
        assert one["confidence"] == max(one["probabilities"])
        assert one["label"] == str(np.argmax(one["probabilities"]))
        assert one["doubt"] in (None, "strange", "undecided")
        (box,) = one["boxes"]
        assert {name: box[name] for name in ("label", "confidence", "doubt")} == {
            name: one[name] for name in ("label", "confidence", "doubt")
        }
        assert 0 <= box["box"]["left"] < box["box"]["right"] <= 140
        assert 0 <= box["box"]["top"] < box["box"]["bottom"] <= 140
    assert sum(one["label"] == label for one, label in zip(found, digits, strict=True)) >= 5  # after a single epoch

    assert set(number) == {"file", "pages", "label", "confidence", "doubt", "boxes"}
    boxes = number["boxes"]
    assert len(boxes) == 3
    assert number["label"] == "".join(box["label"] for box in boxes)
    assert number["confidence"] == min(box["confidence"] for box in boxes)
    assert number["doubt"] == next((box["doubt"] for box in boxes if box["doubt"]), None)
    for place, box in enumerate(boxes):
        assert 30 + 160 * place <= box["box"]["left"] < box["box"]["right"] <= 30 + 160 * place + 140


def test_files_that_cannot_be_read_do_not_spoil_the_others(trained, digits, tmp_path):
    broken, blank, missing = tmp_path / "broken.png", tmp_path / "blank.png", tmp_path / "missing.png"
    broken.write_bytes(digits["3"].read_bytes()[:200])
    Image.new("L", (50, 50), 255).save(blank)
    files = (digits["1"], broken, blank, missing, "nobody\x1b[31m.png", "-", digits["0"])
    out, _ = trained[0]("predict", 1, *files, "--json", code=1)
    found = json.loads(out)
    assert [("label" in one, "error" in one) for one in found] == [(True, False), *[(False, True)] * 5, (True, False)]
    assert "broken.png is damaged or cut short" in found[1]["error"]
    assert "nothing to be seen" in found[2]["error"]
    assert "missing.png cannot be read" in found[3]["error"]
    assert found[5]["file"] == "-"
    assert found[5]["error"].startswith("standard input is empty. Received: 0 bytes. Allowed: ")


def test_a_folder_is_all_pictures_in_it_and_below(trained, digits, tmp_path):
    folder = tmp_path / "pictures"
    (folder / "below").mkdir(parents=True)
    (folder / ".thumbnails").mkdir()
    for name in ("b.png", "below/a.png", ".thumbnails/a.png", "no ending", "._b.png"):
        (folder / name).write_bytes(digits["1"].read_bytes())
    (folder / "cut.png").write_bytes(digits["1"].read_bytes()[:300])
    (folder / "empty.heic").touch()
    (folder / "notes.txt").write_text("PNG")
    (folder / "below" / "program").write_bytes(b"\x7fELF" + bytes(500))
    os.mkfifo(folder / "pipe.png")  # opening it would wait for ever
    (tmp_path / "nothing").mkdir()

    out, err = trained[0]("predict", 1, folder, tmp_path / "nothing", digits["0"], "--json", code=1)

    found = json.loads(out)
    names = ["b.png", "below/a.png", "cut.png", "empty.heic", "no ending"]
    assert [one["file"] for one in found] == [
        *(str(folder / name) for name in names),
        str(digits["0"]),
        str(tmp_path / "nothing"),
    ]
    assert ["error" in one for one in found] == [False, False, True, True, False, False, True]
    assert (
        found[-1]["error"] == f"{tmp_path / 'nothing'} holds no pictures. Received: 0 other files. Name another folder."
    )
    assert "3 files skipped" in err
    assert "6/6 pictures" in err


def test_a_picture_may_come_through_standard_input(trained, digits):
    with digits["1"].open("rb") as picture:
        out, err = trained[0]("predict", 1, "-", digits["1"], "--json", stdin=picture)
    piped, named = json.loads(out)
    assert piped["file"] == "-"
    assert piped["label"] == named["label"]
    assert "pictures" not in err  # progress is for more than a few


def test_answers_for_people():
    sure = {"label": "お", "confidence": 0.98765, "doubt": None, "pages": 1}
    found = [
        {"file": "a [1].png", **sure},
        {"file": "\x1b[31m\udcff.png", **sure, "doubt": "undecided"},
        {"file": "b.png", "error": "b.png is empty."},
        {"file": "c.pdf", **sure, "pages": 7},
    ]
    console = Console(file=io.StringIO(), width=100, markup=False)
    console.print(answers_table(found))
    lines = console.file.getvalue().splitlines()
    assert lines[1].split() == ["a", "[1].png", "お", "98.77", "%"]
    assert lines[2].split() == ["[31m.png", "お", "98.77", "%", "doubtful:", "several", "classes", "fit"]
    assert lines[3].split() == ["b.png", "–", "–", "b.png", "is", "empty."]
    assert lines[4].split() == ["c.pdf", "お", "98.77", "%", "page", "1", "of", "7"]
