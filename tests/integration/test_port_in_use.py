"""A second server on a port that is taken says so, and leaves the first one and the store alone."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from cnn_dash.settings import Settings

ROOT = Path(__file__).parents[2]


def start(settings: Settings, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "streamlit", "run", "app.py", *arguments],
        cwd=ROOT,
        env=os.environ | settings.environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize("database", ["sqlite"])
def test_a_port_that_is_taken_is_named_and_nothing_is_started(settings: Settings) -> None:
    with socket.socket() as taken:
        taken.bind(("localhost", 0))
        taken.listen()
        port = taken.getsockname()[1]
        second = start(settings, f"--server.port={port}")
    assert second.returncode != 0
    assert f"Port {port} is not available" in second.stdout + second.stderr
    assert "Traceback" not in second.stdout + second.stderr
    assert not (settings.home / "worker.log").exists()
