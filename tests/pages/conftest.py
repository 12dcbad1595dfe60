"""The pages without a browser, over a temporary home."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from cnn_dash.evaluation.report import write_report
from cnn_dash.runs.folder import RunFolder
from cnn_dash.runs.lease import Lease
from cnn_dash.runs.records import EpochRecord, Run, TestResult
from cnn_dash.runs.status import Status
from cnn_dash.runs.store import RunStore, Worker
from cnn_dash.settings import Settings

MAIN = Path(__file__).parents[2] / "cnn_dash" / "ui" / "main.py"


@pytest.fixture
def open_page(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., AppTest]]:
    """Open a page by name, with parameters in its address."""
    for name, value in settings.environment().items():
        monkeypatch.setenv(name, value)
    st.cache_resource.clear()

    def open_named(name: str, **query: str) -> AppTest:
        app = AppTest.from_file(str(MAIN), default_timeout=60).run()
        app.switch_page(f"../../pages/{name}.py")
        for key, value in query.items():
            app.query_params[key] = value
        return app.run()

    yield open_named
    st.cache_resource.clear()


@pytest.fixture
def tested_run(settings: Settings, store: RunStore) -> Callable[..., Run]:
    """Put a finished run with made-up answers into the store: every tenth test picture is wrong."""
    from cnn_dash import presets
    from cnn_dash.datasets import catalogue
    from cnn_dash.runs.submit import submit

    def make() -> Run:
        run = submit(store, presets.get("compact-valid").config())
        lease = Lease.claim(store, Worker("w", 1, "host"))
        assert lease is not None
        lease.record_epoch(EpochRecord(1, 0.5, 0.8, 0.4, 0.9, 0.99, 0.001, 1.0, 3000.0))
        labels = catalogue.load("mnist-5k", settings.data_dir).test.labels
        predicted = np.where(np.arange(len(labels)) % 10 == 0, (labels + 1) % 10, labels)
        folder = RunFolder.of(settings, run.id).result("result-0001")
        folder.path.mkdir(parents=True)
        probabilities = np.full((len(labels), 10), 0.01, np.float32)
        probabilities[np.arange(len(labels)), predicted] = 0.91
        write_report(folder.evaluation, labels, probabilities)
        lease.end(Status.FINISHED, result=TestResult(0.9, 0.3, 1, 5.0, 3000.0, "0" * 64, "result-0001"))
        return store.run(run.id)

    return make
