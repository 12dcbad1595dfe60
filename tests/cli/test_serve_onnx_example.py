"""The documented server for an ONNX file, as a process of its own."""

import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import requests

from cnn_dash.exporters.source import ExportSource
from cnn_dash.settings import Settings
from tests.browser.server import free_port

EXAMPLES = Path(__file__).parents[2] / "examples"


def test_an_onnx_file_behind_a_server_answers_as_the_run_did(trained, tmp_path):
    line = trained[0]
    line("export", "model", 1, "--format", "onnx", "--output", tmp_path / "digits.onnx")
    source = ExportSource(Settings.from_environment({"CNN_DASH_HOME": str(line.home)}), line.store().run(1))
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "uvicorn", "serve_onnx:app", "--port", str(port), "--log-level", "warning"],
        cwd=EXAMPLES,
        env=os.environ | {"MODEL": str(tmp_path / "digits.onnx"), "PYTHONDONTWRITEBYTECODE": "1"},
    )
    url = f"http://127.0.0.1:{port}/predict"
    try:
        for _ in range(200):
            assert process.poll() is None
            try:
                requests.get(url, timeout=5)
                break
            except requests.ConnectionError:
                time.sleep(0.1)
        told = requests.post(url, json={"images": source.dataset.test.images[:20].tolist()}, timeout=30).json()
        probabilities = [one["probabilities"] for one in told["predictions"]]
        np.testing.assert_allclose(probabilities, source.report.probabilities[:20], atol=1e-5)
        assert [one["label"] for one in told["predictions"]] == [
            str(label) for label in source.report.probabilities[:20].argmax(axis=1)
        ]
        for wrong in ({"images": [[300]]}, {"pixels": []}, {"images": [[1, 2]]}):
            refused = requests.post(url, json=wrong, timeout=30)
            assert refused.status_code == 422
            assert "Send" in refused.json()["error"]
    finally:
        process.terminate()
        process.wait(20)
