"""Resource usage while a worker trains: CPU, its memory, a GPU where there is one."""

import shutil
import subprocess
from dataclasses import dataclass

import psutil

ASK_TIMEOUT_S = 2.0


@dataclass(frozen=True)
class ResourceUsage:
    """Usage of the whole machine's CPU and of its busiest GPU, 0–1, and the worker's memory in bytes."""

    cpu: float | None = None
    gpu: float | None = None
    memory_bytes: int | None = None


class ResourceMonitor:
    """Measures this process and the machine it runs on."""

    def __init__(self) -> None:
        self._process = psutil.Process()
        # NVIDIA's own tool: it comes with every driver, so that no library of ours need know the card.
        self._nvidia = shutil.which("nvidia-smi")
        psutil.cpu_percent()  # the first call only starts the clock

    def measure(self) -> ResourceUsage:
        """Measure the usage since the last call."""
        return ResourceUsage(psutil.cpu_percent() / 100, self._gpu(), self._process.memory_info().rss)

    def _gpu(self) -> float | None:
        if self._nvidia is None:
            return None
        command = [self._nvidia, "--query-gpu=utilization.gpu", "--format=csv,noheader,nounits"]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=ASK_TIMEOUT_S, check=True)
            return max(float(line) for line in done.stdout.splitlines() if line.strip()) / 100
        except (OSError, subprocess.SubprocessError, ValueError):
            self._nvidia = None  # a driver without a card; it will not come while a run goes
            return None
