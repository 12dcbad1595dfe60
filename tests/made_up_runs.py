"""Runs that nobody trained, with answers made up."""

import numpy as np

from cnn_dash import presets
from cnn_dash.datasets import catalogue
from cnn_dash.evaluation.report import write_report
from cnn_dash.runs.folder import RunFolder
from cnn_dash.runs.lease import Lease
from cnn_dash.runs.records import EpochRecord, Run, TestResult
from cnn_dash.runs.status import Status
from cnn_dash.runs.store import RunStore, Worker
from cnn_dash.runs.submit import submit


def put_tested_run(store: RunStore, status: Status = Status.FINISHED, wrong_every: int = 10) -> Run:
    """Put a tested run into the store: one epoch, every tenth test picture wrong, no network."""
    run = submit(store, presets.get("compact-valid").config())
    lease = Lease.claim(store, Worker("w", 1, "host"))
    assert lease is not None
    lease.record_epoch(EpochRecord(1, 0.5, 0.8, 0.4, 0.9, 0.99, 0.001, 1.0, 3000.0))
    labels = catalogue.load("mnist-5k", store.settings.data_dir).test.labels
    predicted = np.where(np.arange(1, len(labels) + 1) % wrong_every == 0, (labels + 1) % 10, labels)
    folder = RunFolder.of(store.settings, run.id).result(".")
    folder.path.mkdir(parents=True)
    probabilities = np.full((len(labels), 10), 0.01, np.float32)
    probabilities[np.arange(len(labels)), predicted] = 0.91
    write_report(folder.evaluation, labels, probabilities)
    lease.end(status, result=TestResult(0.9, 0.3, 1, 5.0, 3000.0, "0" * 64))
    return store.run(run.id)
