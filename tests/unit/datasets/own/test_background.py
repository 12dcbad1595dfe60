import io
import time

import numpy as np
import pytest

from cnn_dash.datasets import catalogue
from cnn_dash.datasets.own import library
from cnn_dash.datasets.own.background import (
    cancel_import,
    forget,
    import_status,
    jobs,
    receive,
    start_import,
    upload_of,
)
from cnn_dash.datasets.own.inspection import inspect, preview
from cnn_dash.datasets.own.job import folder_of
from cnn_dash.datasets.own.manifest import ImportOptions
from cnn_dash.errors import ConfigError, DataError, DataNotFound
from tests.class_folders import SHAPES, files, pack, picture
from tests.waiting import comes_true


def upload(tmp_path, contents):
    with pack(tmp_path / "shapes.zip", contents).open("rb") as stream:
        return receive(stream, tmp_path / "data")


def test_an_upload_is_looked_at_imported_and_gone(tmp_path):
    data_dir = tmp_path / "data"
    job = upload(tmp_path, files(20) | {"bar/bad.png": b"x", "readme.txt": b""})
    found = inspect(upload_of(job, data_dir), "Shapes.zip")
    assert (found.class_names, found.counts["train"], found.total) == (SHAPES, (21, 20, 20), 61)
    assert (found.suggested_name, found.suggested) == ("shapes", ImportOptions(28, "grey"))
    assert {one.label for one in found.samples} == set(SHAPES)
    assert found.samples[0].pixels.shape == (8, 8, 3)
    assert preview(found.samples[0], ImportOptions(32, "rgb")).shape == (32, 32, 3)
    assert [one.file for one in found.passed_over] == ["readme.txt"]
    start_import(job, data_dir, "Shapes.zip", "shapes", ImportOptions(size=8), title="Shapes")
    assert comes_true(lambda: import_status(job, data_dir).ended)
    status = import_status(job, data_dir)
    assert (status.state, status.result, status.done, status.total) == ("done", "shapes", 61, 61)
    assert status.message == "2 files were skipped."
    assert catalogue.get("shapes", data_dir).title == "Shapes"
    assert not upload_of(job, data_dir).exists()
    assert jobs(data_dir) == [job]
    forget(job, data_dir)
    assert jobs(data_dir) == []
    with pytest.raises(DataNotFound, match="no such import"):
        import_status(job, data_dir)


def test_one_that_is_cancelled_leaves_nothing(tmp_path):
    data_dir = tmp_path / "data"
    large = picture("bar", 1, (900, 900))
    contents = {f"{label}/{number}.png": large for label in SHAPES for number in range(80)}
    job = upload(tmp_path, contents)
    start_import(job, data_dir, "shapes.zip", "shapes")
    assert comes_true(lambda: import_status(job, data_dir).done > 0)
    cancel_import(job, data_dir)
    assert import_status(job, data_dir).state == "cancelled"
    assert [one.name for one in folder_of(job, data_dir).iterdir() if one.suffix != ".json"] == []
    time.sleep(0.1)
    assert not library.taken("shapes", data_dir)


def test_what_cannot_be_imported_is_said(tmp_path):
    data_dir = tmp_path / "data"
    job = upload(tmp_path, {"1.png": picture("bar", 1)})
    start_import(job, data_dir, "shapes.zip", "shapes")
    assert comes_true(lambda: import_status(job, data_dir).ended)
    assert import_status(job, data_dir).state == "failed"
    assert "single folder" in import_status(job, data_dir).message
    with pytest.raises(DataError, match="already"):
        start_import(job, data_dir, "shapes.zip", "shapes")


def test_a_name_is_checked_before_a_process_is_started(tmp_path):
    job = receive(io.BytesIO(b"x"), tmp_path / "data")
    with pytest.raises(ConfigError, match="called so"):
        start_import(job, tmp_path / "data", "a.zip", "A b")
    assert import_status(job, tmp_path / "data").state == "uploaded"


@pytest.mark.parametrize("job", ["", "../..", "0" * 16, "x" * 16])
def test_an_id_is_no_path(job, tmp_path):
    with pytest.raises(DataNotFound):
        import_status(job, tmp_path)


def test_classes_of_very_different_sizes_are_said(tmp_path):
    contents = files(30)
    few = {path: content for path, content in contents.items() if not path.startswith("bar/") or path[4] in "01"}
    contents = {path: content for path, content in few.items() if not path.startswith("bar/1")}
    found = inspect(pack(tmp_path / "a.zip", contents))
    assert any("unbalanced: 30 pictures of dash, 1 of bar" in note for note in found.notes)
    assert np.array(found.counts["train"]).tolist() == [1, 30, 30]
