"""Resource usage while a program trains: CPU, its memory, a GPU where there is one."""

import shutil
import subprocess
import threading
from dataclasses import asdict, dataclass

import psutil

ASK_TIMEOUT_S = 2.0
MEASURE_EVERY_S = 1.0


@dataclass(frozen=True)
class ResourceUsage:
    """Usage of the whole machine's CPU and of its busiest GPU, 0–1, and the program's memory in bytes."""

    cpu: float | None = None
    gpu: float | None = None
    memory_bytes: int | None = None

    def metrics(self) -> dict[str, float]:
        """Return what is known, by name."""
        return {name: value for name, value in asdict(self).items() if value is not None}


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


class UsageMeter:
    """Keeps the last measurement while it runs, in a thread of its own: a slow answer of a GPU holds up nothing."""

    def __init__(self) -> None:
        self._done = threading.Event()
        self._thread: threading.Thread | None = None
        self.now = ResourceUsage()

    def start(self) -> None:
        """Measure from now on."""
        if self._thread is None:
            self._done = threading.Event()
            self._thread = threading.Thread(target=self._measure, name="cnn-dash-usage", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Measure no longer."""
        self._done.set()
        self._thread = None

    def _measure(self) -> None:
        done = self._done
        try:
            monitor = ResourceMonitor()
            while not done.wait(MEASURE_EVERY_S):
                self.now = monitor.measure()
        except Exception:  # a container may hide what is asked: then nothing is recorded
            return
