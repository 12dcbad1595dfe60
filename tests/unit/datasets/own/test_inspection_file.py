"""An upload looked into by the program that the page starts."""

import dataclasses
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from cnn_dash.datasets.own.inspection import inspect
from cnn_dash.datasets.own.inspection_file import read_inspection
from cnn_dash.datasets.own.manifest import MOST_LISTED
from cnn_dash.errors import DataError
from tests.class_folders import files, pack


def looked_into(upload: Path, found: Path) -> dict[str, object]:
    program = [sys.executable, "-m", "cnn_dash.datasets.own.inspecting", str(upload), "Shapes.zip", str(found)]
    done = subprocess.run(program, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout))


def test_what_the_program_finds_is_read_back_whole(tmp_path: Path) -> None:
    others = {f"notes/{number}.txt": b"" for number in range(MOST_LISTED + 5)}
    upload = pack(tmp_path / "upload.zip", files(20) | others | {"bar/bad.png": b"x"})
    assert looked_into(upload, tmp_path / "found.npz") == {"done": True}
    found, expected = read_inspection(tmp_path / "found.npz"), inspect(upload, "Shapes.zip")
    assert (len(found.passed_over), found.passed_over_count) == (MOST_LISTED, MOST_LISTED + 5)
    for field in dataclasses.fields(found):
        if field.name != "samples":
            assert getattr(found, field.name) == getattr(expected, field.name), field.name
    assert len(found.samples) == len(expected.samples) > 0
    for one, other in zip(found.samples, expected.samples, strict=True):
        assert (one.label, one.file, one.width, one.height) == (other.label, other.file, other.width, other.height)
        np.testing.assert_array_equal(one.pixels, other.pixels)


def test_what_cannot_be_imported_is_said_as_a_sentence(tmp_path: Path) -> None:
    upload = tmp_path / "upload"
    upload.write_bytes(b"PK\x03\x04 and nothing more")
    told = looked_into(upload, tmp_path / "found.npz")
    assert "Shapes.zip" in str(told["error"])
    assert "Received: " in str(told["error"])
    assert not (tmp_path / "found.npz").exists()


@pytest.mark.parametrize("damage", ["nothing", "text", "pickle", "pixels"])
def test_a_file_that_is_not_what_the_program_writes_is_refused(tmp_path: Path, damage: str) -> None:
    """A hostile upload may have got the better of the process that wrote it."""
    file = tmp_path / "found.npz"
    if damage == "text":
        file.write_text("found")
    elif damage == "pickle":
        np.savez(file, found=np.array([{"found": {}}], object))
    elif damage == "pixels":
        upload = pack(tmp_path / "upload.zip", files(12))
        looked_into(upload, file)
        with np.load(file) as archive:
            arrays = {name: archive[name] for name in archive.files}
        np.savez(file, **arrays | {"sample0": np.zeros((4, 4, 4, 4))})
        assert zipfile.is_zipfile(file)
    with pytest.raises(DataError, match="cannot be read"):
        read_inspection(file)
