"""Data that changed after a run was tested on them."""

from dataclasses import replace

import numpy as np
import pytest

from cnn_dash.datasets import catalogue
from cnn_dash.errors import DataError
from cnn_dash.evaluation.changed_data import check_test_images
from cnn_dash.evaluation.report import Report
from cnn_dash.runs.store import RunStore
from tests.factories import make_run


def test_a_data_set_that_changed_is_noticed(store: RunStore) -> None:
    data = catalogue.load("mnist-5k", store.settings.data_dir)
    report = Report(data.test.labels, np.full((len(data.test), 10), 0.1, np.float32))
    run = make_run(store)
    assert check_test_images(run, report, data) is None  # an older version did not record the data
    assert check_test_images(replace(run, data_sha256=data.content_hash), report, data) is None
    warning = check_test_images(replace(run, data_sha256="0" * 64), report, data)
    assert warning is not None
    assert f"has changed since run {run.id} was trained" in warning


def test_without_the_labels_of_the_test_there_is_nothing_to_show(store: RunStore) -> None:
    data = catalogue.load("mnist-5k", store.settings.data_dir)
    run = replace(make_run(store), data_sha256=data.content_hash)
    for labels in (data.test.labels[:-1], (data.test.labels + 1) % 10):
        report = Report(labels, np.full((len(labels), 10), 0.1, np.float32))
        with pytest.raises(DataError, match="no longer those that run"):
            check_test_images(run, report, data)
