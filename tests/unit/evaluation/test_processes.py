"""The process that runs a network over many images, and what it leaves with the run."""

import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from cnn_dash import job_process, presets
from cnn_dash.datasets import catalogue
from cnn_dash.errors import StoreError
from cnn_dash.evaluation.kept import kept_file
from cnn_dash.evaluation.nearest import Nearest
from cnn_dash.evaluation.processes import run_task
from cnn_dash.evaluation.robustness import Robustness
from cnn_dash.evaluation.run_images import at_positions
from cnn_dash.hyperparameters import override
from cnn_dash.jobs import Job, Jobs
from cnn_dash.runs.folder import ResultFolder
from cnn_dash.runs.store import RunStore
from tests.factories import make_external_run, make_tested_run
from tests.trained import train
from tests.waiting import PATIENCE_S

SMALL = {"train.epochs": 1, "train.batch_size": 64, "model.dense.0.units": 16} | {
    f"model.blocks.{block}.filters": 8 for block in range(3)
}


def test_a_trained_network_is_tested_on_disturbed_images_and_its_nearest_images_are_found(store: RunStore) -> None:
    run = train(store, override(presets.get("compact-valid").config(), SMALL))
    assert run.result is not None
    folder = ResultFolder.of(store.settings, run)

    job: Job[None] = Job()
    run_task(job, store.settings, run.id, "robustness")
    robustness = Robustness.read(kept_file(folder, "robustness.json"))
    assert robustness is not None
    assert robustness.images == 1000
    assert robustness.accuracies["noise"][0] == pytest.approx(run.result.accuracy, abs=0.002)
    assert min(robustness.accuracies["shift"]) < run.result.accuracy
    assert job.share > 0.9
    assert job.step == "Inversion"

    run_task(Job(), store.settings, run.id, "nearest")
    nearest = Nearest.read(kept_file(folder, "nearest.npz"))
    assert nearest is not None
    assert nearest.indices.shape == (1000, 8)
    data = catalogue.load("mnist-5k", store.settings.data_dir)
    alike = at_positions(data, nearest.indices[:, 0])
    # Neighbours in the network's own features are mostly of the class that it predicts, whatever that is.
    assert (alike.labels == data.test.labels).mean() > 0.6
    assert (np.diff(nearest.similarities, axis=1) <= 0).all()


def test_a_run_whose_network_cannot_be_read_says_so(store: RunStore) -> None:
    run = make_tested_run(store)
    with pytest.raises(StoreError, match="network"):
        run_task(Job(), store.settings, run.id, "robustness")


def test_a_run_of_another_program_that_left_no_network_says_so(store: RunStore) -> None:
    run = make_external_run(store).run
    with pytest.raises(StoreError, match="no trained network"):
        run_task(Job(), store.settings, run.id, "robustness")


def test_the_process_ends_with_the_server(store: RunStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    began = tmp_path / "began"
    program = tmp_path / "waits.py"
    program.write_text(
        f"import pathlib, sys, time\npathlib.Path({str(began)!r}).touch()\n"
        'print(\'{"step": "Waiting for the test", "share": 0.5}\', flush=True)\ntime.sleep(300)\n'
    )
    real = job_process.subprocess.Popen
    monkeypatch.setattr(
        job_process.subprocess, "Popen", lambda _command, **options: real([sys.executable, str(program)], **options)
    )
    jobs = Jobs("test")
    told = threading.Event()

    class Told(Job[None]):
        def tell(self, step: str, share: float) -> None:
            super().tell(step, share)
            if step == "Waiting for the test":
                told.set()

    ended = threading.Event()

    def work(job: Job[None]) -> None:
        inner = Told()
        monkeypatch.setattr(inner, "stop_with", job.stop_with)
        try:
            run_task(inner, store.settings, 1, "nearest")
        finally:
            ended.set()

    job = jobs.start("key", work)
    assert told.wait(PATIENCE_S)
    jobs.close()
    assert ended.wait(PATIENCE_S)
    with pytest.raises(StoreError, match="server ends"):
        job.future.result(PATIENCE_S)
