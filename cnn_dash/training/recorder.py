"""Between the training loop and the store: heartbeat, requests, thinned step metrics, checkpoints."""

import contextlib
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, replace
from types import TracebackType
from typing import Self, TypeVar

import psutil

from cnn_dash.artifacts.protocol import is_full
from cnn_dash.errors import StoreError
from cnn_dash.runs.folder import RunFolder
from cnn_dash.runs.lease import Lease, LeaseLost
from cnn_dash.runs.records import EpochMetrics, StepMetrics
from cnn_dash.runs.status import Request
from cnn_dash.training.checkpoint import write_checkpoint
from cnn_dash.training.fit import Save
from cnn_dash.training.resource_usage import ResourceMonitor, ResourceUsage

log = logging.getLogger(__name__)

Written = TypeVar("Written")

HEARTBEAT_EVERY_S = 0.5
MEASURE_USAGE_EVERY_S = 1.0
# The first moments are watched closely; a long run has thousands of steps all the same.
DENSE_FOR_S, DENSE_EVERY_S, SPARSE_EVERY_S = 30.0, 0.2, 0.5
# Within an epoch: not more often than this, and never more than a twentieth of the time.
CHECKPOINT_EVERY_S, CHECKPOINT_SHARE = 10.0, 1 / 20
# A store that is locked, full or away for a while; then the run is left to whoever finds it.
STORE_PATIENCE_S, STORE_RETRY_S = 120.0, 1.0
# How often at most a worker says that it is still doing what it was asked to do.
PROGRESS_EVERY_S = 2.0


class Recorder:
    """Records one run through its lease; a context manager, since it sends heartbeats from a thread of its own."""

    def __init__(self, lease: Lease, folder: RunFolder) -> None:
        self._lease = lease
        self._folder = folder
        self._began = self._last_checkpoint = time.monotonic()
        self._checkpoint_s = 0.0
        self._last_step_s = 0.0
        self._named = (lease.run.checkpoint, lease.run.checkpoint_before)
        self._usage = ResourceUsage()
        self._request: Request | None = None
        self._acknowledged: Request | None = None
        self._progress_at = 0.0
        self._done = threading.Event()
        self._lost = threading.Event()
        self._threads = [
            threading.Thread(target=work, name=work.__name__, daemon=True)
            for work in (self._send_heartbeats, self._measure_usage)
        ]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        for thread in self._threads:
            thread.join()

    def pending_request(self) -> Request | None:
        """Return what was asked of this run, and acknowledge it, so that nobody ends the worker for not hearing it.

        Raises:
            LeaseLost: If the run no longer belongs to this worker.
        """
        if self._lost.is_set():
            raise LeaseLost(f"Run {self._lease.run.id} was given to another worker.")
        request = self._request
        if request is not None and request is not self._acknowledged:
            # It may have been taken back since the last heartbeat.
            request = self._acknowledged = self.write(self._lease.acknowledge_request)
            self._progress_at = time.monotonic()
        return request

    def show_progress(self) -> None:
        """Say that what was asked is still being done: whoever says so no longer is taken to hang, and ended.

        To be called after each part of the work that follows a request; heartbeats continue even if that work hangs.

        Raises:
            LeaseLost: If the run no longer belongs to this worker.
        """
        if self._acknowledged is not None and time.monotonic() - self._progress_at >= PROGRESS_EVERY_S:
            self.write(self._lease.acknowledge_request)
            self._progress_at = time.monotonic()

    @property
    def wants_step_metrics(self) -> bool:
        """Whether it is time for step metrics."""
        now = time.monotonic()
        every = DENSE_EVERY_S if now - self._began < DENSE_FOR_S else SPARSE_EVERY_S
        return now - self._last_step_s >= every

    @property
    def wants_checkpoint(self) -> bool:
        """Whether it is time for a checkpoint within an epoch."""
        every = max(CHECKPOINT_EVERY_S, self._checkpoint_s / CHECKPOINT_SHARE)
        return time.monotonic() - self._last_checkpoint >= every

    def log_step(self, step: StepMetrics, *, epoch: int, batch: int) -> None:
        """Record metrics within an epoch, after `epoch` whole epochs and `batch` batches, and the resource usage."""
        usage = {name: value for name, value in asdict(self._usage).items() if value is not None}
        step = replace(step, metrics={**step.metrics, **usage})
        self.write(lambda: self._lease.log_step(step, epoch=epoch, batch=batch))
        self._last_step_s = time.monotonic()

    def checkpoint(self, save: Save) -> None:
        """Keep a checkpoint; where the disk is full, the one before it stays."""
        name = self._write_checkpoint(save)
        if name is not None:
            self.write(lambda: self._lease.record_checkpoint(name))
            self._prune(name)

    def log_epoch(self, record: EpochMetrics, save: Save) -> None:
        """Record a finished epoch together with its checkpoint, and write it into the log."""
        name = self._write_checkpoint(save)
        self.write(lambda: self._lease.log_epoch(record, name))
        self._prune(name)
        values = ", ".join(f"{name} {value:.5g}" for name, value in record.metrics.items())
        log.info("epoch %d: %s, %.1f s", record.epoch, values, record.seconds)

    def write(self, write: Callable[[], Written]) -> Written:
        """Write into the store, again and again for a while if it cannot be written, and return what `write` does.

        Raises:
            LeaseLost: If the run no longer belongs to this worker, or the store could not be written for
                `STORE_PATIENCE_S`: then it is left to whoever finds it.
        """
        until = time.monotonic() + STORE_PATIENCE_S
        while True:
            try:
                return write()
            except LeaseLost:
                raise
            except StoreError as error:
                if time.monotonic() >= until:
                    raise LeaseLost(str(error)) from error
                log.warning("%s It is repeated.", error)
                time.sleep(STORE_RETRY_S)

    def _write_checkpoint(self, save: Save) -> str | None:
        began = time.monotonic()
        checkpoint = save()
        name = self._folder.checkpoint_name(self._lease.run.attempt, checkpoint.epoch, checkpoint.batch)
        try:
            self._folder.checkpoint(name).put(lambda file: write_checkpoint(file, checkpoint))
        except OSError as error:
            if not is_full(error):
                raise
            log.warning("The disk is full: the checkpoint before this one stays, until there is space again.")
            return None
        finally:
            self._last_checkpoint = time.monotonic()
            self._checkpoint_s = self._last_checkpoint - began
        self.show_progress()
        return name

    def _prune(self, name: str | None) -> None:
        """Delete the checkpoints that the store no longer names, now that it was told of `name`."""
        if name is not None:
            self._named = (name, self._named[0])
            with contextlib.suppress(OSError):
                self._folder.keep_checkpoints(*self._named)

    def _send_heartbeats(self) -> None:
        while not self._done.wait(HEARTBEAT_EVERY_S):
            try:
                self._request = self._lease.record_heartbeat()
            except LeaseLost:
                self._lost.set()
                return
            except StoreError as error:  # the next one may get through
                log.warning("%s", error)

    def _measure_usage(self) -> None:
        """Measure the resource usage, in a thread of its own: a slow answer of a GPU must hold up no heartbeat."""
        with contextlib.suppress(OSError, psutil.Error):  # a container may hide what is asked: then nothing is recorded
            monitor = ResourceMonitor()
            while not self._done.wait(MEASURE_USAGE_EVERY_S):
                self._usage = monitor.measure()
