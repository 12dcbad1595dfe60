"""What the Evaluate page sends to the browser, and a run for it on an own data set."""

import json
from pathlib import Path
from typing import Any

import numpy as np
from streamlit.testing.v1 import AppTest

from cnn_dash import presets
from cnn_dash.datasets import catalogue
from cnn_dash.datasets.own.importing import import_from
from cnn_dash.datasets.own.manifest import ImportOptions
from cnn_dash.datasets.readers.opening import open_reader
from cnn_dash.evaluation.report import write_report
from cnn_dash.hyperparameters import override
from cnn_dash.runs.folder import RunFolder
from cnn_dash.runs.lease import Lease
from cnn_dash.runs.records import Run, TestResult
from cnn_dash.runs.status import Status
from cnn_dash.runs.store import RunStore, Worker
from cnn_dash.runs.submit import submit
from tests.class_folders import files, pack
from tests.factories import epoch_metrics


def grid_images(app: AppTest) -> list[dict[str, Any]]:
    """The images in the grids on the page."""
    found = [one.proto.json for one in app.get("bidi_component") if "image_grid" in one.proto.component_name]
    return [image for data in found for image in json.loads(data)["images"]]


def make_own_run(store: RunStore, folder: Path) -> Run:
    """A tested run on an own data set of three shapes, which takes all test images for the next shape."""
    data_dir = store.settings.data_dir
    import_from(open_reader(pack(folder / "shapes.zip", files())), "shapes", data_dir, ImportOptions(size=28))
    submit(store, override(presets.get("compact-valid").config(), {"data.dataset": "shapes"}))
    lease = Lease.claim(store, Worker("w", 1, "host"))
    assert lease is not None
    lease.log_epoch(epoch_metrics(1, 0.5, 0.8, 0.4, 0.9, 0.99, 0.001, 1.0, 3000.0))
    labels = catalogue.load("shapes", data_dir).test.labels
    probabilities = np.full((len(labels), 3), 0.05, np.float32)
    probabilities[np.arange(len(labels)), (labels + 1) % 3] = 0.9
    result = RunFolder.of(store.settings, lease.run.id).result("result-0001")
    result.evaluation.put(lambda file: write_report(file, labels, probabilities))
    lease.end(Status.FINISHED, result=TestResult(0.0, 3.0, 1, 5.0, 3000.0, "0" * 64, "result-0001"))
    return store.run(lease.run.id)
