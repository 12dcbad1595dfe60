"""The running app, in a process of its own."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.waiting import PATIENCE_S

ROOT = Path(__file__).parents[2]


class Server:
    """The running app, started the way a person starts it."""

    def __init__(self, home: Path, *, script: str = "app.py", base_path: str = "", **environment: str) -> None:
        self.home = home
        self.port = free_port()
        self.url = f"http://localhost:{self.port}/{base_path}".rstrip("/")
        self._log = (home / "server.log").open("ab")
        self._process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "streamlit",
                "run",
                script,
                f"--server.port={self.port}",
                f"--server.baseUrlPath={base_path}",
            ],
            cwd=ROOT,
            env=os.environ | {"CNN_DASH_HOME": str(home)} | environment,
            stdout=self._log,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
        )
        self._wait()

    def _wait(self) -> None:
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            assert self._process.poll() is None, self.log
            with contextlib.suppress(OSError):
                if urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=2).read() == b"ok":
                    return
            time.sleep(0.1)
        pytest.fail(f"The server did not start:\n{self.log}")

    @property
    def log(self) -> str:
        return (self.home / "server.log").read_text("utf-8", "replace")

    @property
    def pid(self) -> int:
        """The number of the server's process."""
        return self._process.pid

    def get(self, path: str) -> Any:
        """JSON from the HTTP side."""
        with urllib.request.urlopen(f"{self.url}{path}", timeout=PATIENCE_S) as answer:
            return json.load(answer)

    def interrupt(self) -> None:
        """Press Ctrl-C, and wait until the server has ended; its runs go on."""
        self._process.send_signal(signal.SIGINT)
        self._process.wait(PATIENCE_S)

    def kill(self) -> None:
        """End the server as a crash would; its runs go on."""
        self._process.kill()
        self._process.wait()
        self._log.close()

    def stop(self) -> None:
        """Stop the server, and the workers that would otherwise finish their runs without it."""
        if self._process.poll() is not None:
            return
        training = [
            self.get(f"/api/runs/{run['run_id']}") for run in self.get("/api/runs") if run["status"] == "running"
        ]
        self._process.terminate()
        self._process.wait(PATIENCE_S)
        for run in training:
            with contextlib.suppress(psutil.NoSuchProcess):
                psutil.Process(run["worker_pid"]).kill()
        self._log.close()


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("localhost", 0))
        return int(listener.getsockname()[1])
