"""Data sets as files over HTTP."""

import io
import zipfile

import numpy as np
import pytest
import requests

from cnn_dash.api import datasets
from cnn_dash.errors import StoreError


def test_a_data_set_comes_as_arrays(server):
    answer = requests.get(f"{server}/api/datasets/mnist-5k.npz", timeout=60)
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == 'attachment; filename="mnist-5k.npz"'
    with np.load(io.BytesIO(answer.content)) as arrays:
        assert arrays["x_train"].shape == (4000, 28, 28)
        assert arrays["y_test"].shape == (1000,)


def test_a_data_set_comes_as_class_folders(server):
    answer = requests.get(f"{server}/api/datasets/mnist-5k.zip", timeout=60)
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        names = archive.namelist()
    assert len(names) == 5000
    assert sum(name.startswith("test/7/") for name in names) == 100


def test_the_copy_that_is_sent_has_no_name_in_any_folder(settings, monkeypatch):
    settings.home.mkdir(exist_ok=True)
    before = sorted(settings.home.iterdir())
    stream, _ = datasets.written(settings, "mnist-5k.npz")
    there = {path for path in settings.home.iterdir() if path not in before}
    assert there <= {settings.imported_dir}
    with stream, np.load(stream) as arrays:
        assert arrays["x_test"].shape == (1000, 28, 28)


def test_what_there_is_not_is_said(server):
    for name, says in (
        ("nothing.npz", "There is no such data set. Received: 'nothing'"),
        ("mnist-5k.csv", "Allowed: its name with .npz or .zip"),
        ("mnist-5k", "Allowed: its name with .npz or .zip"),
        ("..%2F..%2Fetc.npz", ""),
    ):
        answer = requests.get(f"{server}/api/datasets/{name}", timeout=60)
        assert answer.status_code in (400, 404)
        assert says in answer.text


def test_a_page_of_another_site_is_refused(server):
    headers = {"Sec-Fetch-Site": "cross-site"}
    assert requests.get(f"{server}/api/datasets/mnist-5k.npz", headers=headers, timeout=60).status_code == 403


def test_a_download_that_has_no_room_is_a_sentence(settings, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setitem(datasets.WRITERS, "npz", (full, "application/octet-stream"))
    with pytest.raises(StoreError, match="No space left on device"):
        datasets.written(settings, "mnist-5k.npz")
