"""Pictures whose class a person has told."""

import hashlib
import json
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cnn_dash.datasets import corrections as module
from cnn_dash.datasets.corrections import Correction, Corrections
from cnn_dash.datasets.corrections_zip import folder_name, write_zip
from cnn_dash.errors import DataError

DIGITS = tuple("0123456789")
REPOSITORY = Path(__file__).parents[3]


@pytest.fixture
def kept(tmp_path):
    return Corrections(tmp_path / "home" / "corrections")


def add(kept: Corrections, shade: int = 0, label: int = 7, **changes: object) -> Correction:
    """Keep a grey picture whose shade tells it from others."""
    given = {
        "picture": np.full((40, 60, 3), shade % 256, np.uint8),
        "model_input": np.full((28, 28, 1), shade % 256, np.uint8),
        "label": label,
        "class_names": DIGITS,
        "run_id": 3,
        "answer": 1,
        "confidence": 0.75,
    }
    return kept.add(**(given | changes))


def test_a_correction_is_found_again_with_its_two_images(kept):
    made = add(kept, 90)

    assert Corrections(kept.folder).all() == [made]
    assert (made.label, made.answer, made.confidence, made.run_id, made.class_names) == ("7", "1", 0.75, 3, DIGITS)
    assert made.sha256 == hashlib.sha256(kept.picture(made).read_bytes()).hexdigest()
    assert np.asarray(Image.open(kept.picture(made))).tolist() == np.full((40, 60, 3), 90).tolist()
    assert np.asarray(Image.open(kept.model_input(made))).tolist() == np.full((28, 28), 90).tolist()


def test_nothing_is_there_before_the_first(kept):
    assert kept.all() == []
    assert not kept.folder.exists()


def test_one_that_is_taken_back_is_gone_with_its_files(kept):
    first, second = add(kept, 1), add(kept, 2)
    kept.remove(first)
    kept.remove(first)
    assert kept.all() == [second]
    assert [file.name for file in kept.folder.glob("*/*.png")] == [second.file] * 2


def test_of_the_same_picture_the_last_word_counts_until_it_is_taken_back(kept):
    seven = add(kept, label=7)
    four = add(kept, label=4)
    assert kept.all() == [four]
    kept.remove(four)
    assert kept.all() == [seven]


def test_a_large_picture_is_scaled_down(kept):
    made = add(kept, picture=np.zeros((3000, 4000), np.uint8))
    assert Image.open(kept.picture(made)).size == (1600, 1200)


def test_the_oldest_comes_first(kept):
    assert [one.label for one in (add(kept, 1, 3), add(kept, 2, 1), add(kept, 3, 2))] == ["3", "1", "2"]
    assert [one.label for one in kept.all()] == ["3", "1", "2"]


@pytest.mark.parametrize(("label", "answer"), [(10, 0), (-1, 0), (0, 10)])
def test_a_class_that_is_not_there_is_refused(kept, label, answer):
    with pytest.raises(DataError, match=r"Received: .*Allowed: 0 to 9"):
        add(kept, label=label, answer=answer)
    assert not kept.folder.exists()


def test_there_is_a_limit_to_their_number(kept, monkeypatch):
    monkeypatch.setattr(module, "MOST", 2)
    add(kept, 1)
    second = add(kept, 2)
    with pytest.raises(DataError, match=r"No more corrections.*Received: 2 so far.*Allowed: 2, .*delete the folder"):
        add(kept, 3)
    kept.remove(second)
    add(kept, 3)


def test_there_is_a_limit_to_what_they_take(kept, monkeypatch):
    monkeypatch.setattr(module, "MOST_BYTES", 100_000)
    noise = np.random.default_rng(1).integers(256, size=(150, 150, 3), dtype=np.uint8)  # 68 kB as PNG
    add(kept, picture=noise)
    with pytest.raises(DataError, match=r"No more corrections"):
        add(kept, picture=noise)
    assert len(list(kept.folder.glob("*/*.png"))) == 2


def test_lines_that_are_cut_off_or_not_ours_are_passed_over(kept):
    first = add(kept, 1)
    outside = json.loads(json.dumps(vars(first))) | {"file": "../../secret.png"}
    with (kept.folder / "index.jsonl").open("ab") as index:
        index.write(
            json.dumps(outside).encode() + b"\n\xff\xfe\n[]\n" + b"[" * 100_000 + b'\n{"removed": 3}\n{"file": "0'
        )
    second = add(kept, 2)
    assert kept.all() == [first, second]


def test_a_file_outside_the_folder_is_not_deleted(kept, tmp_path):
    secret = tmp_path / "home" / "secret.png"
    made = add(kept)
    secret.write_bytes(b"mine")
    kept.remove(replace(made, file="../../secret.png"))
    assert secret.read_bytes() == b"mine"


def test_a_folder_that_cannot_be_written_is_told_of(kept):
    kept.folder.parent.mkdir()
    kept.folder.write_text("a file stands where the folder should be")
    with pytest.raises(DataError, match=r"cannot be .*Received: "):
        add(kept)


ADD_MANY = """
import sys
from pathlib import Path
import numpy as np
from cnn_dash.datasets.corrections import Corrections
for shade in range(int(sys.argv[2]), int(sys.argv[2]) + 40):
    pixels = np.full((28, 28, 1), shade, np.uint8)
    Corrections(Path(sys.argv[1])).add(pixels[..., 0], pixels, 7, tuple("0123456789"), 3, 1, 0.75)
"""


def test_two_processes_may_add_at_once(kept):
    processes = [
        subprocess.Popen([sys.executable, "-c", ADD_MANY, str(kept.folder), shade], cwd=REPOSITORY)
        for shade in ("0", "100")
    ]
    assert [process.wait(60) for process in processes] == [0, 0]
    found = kept.all()
    assert len(found) == 80
    for one in found:
        assert hashlib.sha256(kept.picture(one).read_bytes()).hexdigest() == one.sha256


def test_the_archive_has_a_folder_for_each_class(kept):
    made = [add(kept, 1, 7), add(kept, 2, 7), add(kept, 3, 0, class_names=("../../T-shirt", "Bag"))]
    gone = add(kept, 4)
    kept.picture(gone).unlink()

    with write_zip(kept) as file, zipfile.ZipFile(file) as archive:
        index = [json.loads(line) for line in archive.read("index.jsonl").decode().splitlines()]
        assert archive.testzip() is None
        names = set(archive.namelist())

    shirt = folder_name("../../T-shirt")
    places = [f"7/{made[0].file}", f"7/{made[1].file}", f"{shirt}/{made[2].file}"]
    assert names == {"index.jsonl", *(f"{kind}/{place}" for kind in ("pictures", "inputs") for place in places)}
    assert [one["picture"] for one in index] == [f"pictures/{place}" for place in places]
    assert [one["label"] for one in index] == ["7", "7", "../../T-shirt"]


def test_no_class_name_is_trusted_as_a_path():
    names = [
        "7",
        "お",
        "t-shirt",
        "T-shirt",
        "..",
        ".",
        "",
        "a/b",
        "a\\b",
        "a:b",
        "con",
        "nul",
        "x" * 300,
        "7 ",
        "a\0",
        "a\n",
    ]
    made = [folder_name(name) for name in names]
    assert made[:3] == ["7", "お", "t-shirt"]
    assert len({name.lower() for name in made}) == len(names)
    for name in made:
        assert name
        assert len(name) <= 70
        assert not set(name) & set('/\\:*?"<>|\0\n')
        assert name.strip(" .") == name
        assert name not in ("con", "nul")
