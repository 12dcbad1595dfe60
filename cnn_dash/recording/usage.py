"""Measures the machine while a program trains, in a thread of its own: a slow answer of a GPU holds up nothing."""

import threading

from cnn_dash.training.resource_usage import ResourceMonitor, ResourceUsage

MEASURE_EVERY_S = 1.0


class UsageMeter:
    """Keeps the last measurement while it runs."""

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
