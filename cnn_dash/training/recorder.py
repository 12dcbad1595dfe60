"""Records a run through the lease of its worker: at once, with checkpoints, heartbeats and requests."""

import contextlib
import logging
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self, TypeVar

from cnn_dash.artifacts.protocol import is_full
from cnn_dash.errors import StoreError
from cnn_dash.recording.metric_recorder import MetricRecorder
from cnn_dash.runs.folder import RunFolder
from cnn_dash.runs.lease import Lease, LeaseLost
from cnn_dash.runs.records import EpochMetrics, StepMetrics
from cnn_dash.runs.status import Request
from cnn_dash.training.checkpoint import write_checkpoint
from cnn_dash.training.listener import Save

log = logging.getLogger(__name__)

Written = TypeVar("Written")

HEARTBEAT_EVERY_S = 0.5
# Within an epoch: not more often than this, and never more than a twentieth of the time.
CHECKPOINT_EVERY_S, CHECKPOINT_SHARE = 10.0, 1 / 20
# A store that is locked, full or away for a while; then the run is left to whoever finds it.
STORE_PATIENCE_S, STORE_RETRY_S = 120.0, 1.0
# How often at most a worker says that it is still doing what it was asked to do.
PROGRESS_EVERY_S = 2.0


class Recorder(MetricRecorder):
    """Records one run through its lease; a context manager, since it sends heartbeats from a thread of its own.

    The loop decides when a batch ends for callbacks (`wants_step_metrics`), so each one is recorded.
    """

    def __init__(self, lease: Lease, folder: RunFolder) -> None:
        super().__init__("batch")
        self._lease = lease
        self._folder = folder
        self._last_checkpoint = time.monotonic()
        self._checkpoint_s = 0.0
        self._save: Save | None = None
        self._named = (lease.run.checkpoint, lease.run.checkpoint_before)
        self._request: Request | None = None
        self._acknowledged: Request | None = None
        self._progress_at = 0.0
        self._done = threading.Event()
        self._lost = threading.Event()
        self._heartbeats = threading.Thread(target=self._send_heartbeats, name="cnn-dash-heartbeats", daemon=True)

    def __enter__(self) -> Self:
        self._heartbeats.start()
        self.usage.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.usage.stop()
        self._done.set()
        self._heartbeats.join()

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
    def wants_checkpoint(self) -> bool:
        """Whether it is time for a checkpoint within an epoch."""
        every = max(CHECKPOINT_EVERY_S, self._checkpoint_s / CHECKPOINT_SHARE)
        return time.monotonic() - self._last_checkpoint >= every

    def log_step(self, step: StepMetrics, *, epoch: int, batch: int) -> None:
        """Record metrics within an epoch, after `epoch` whole epochs and `batch` batches."""
        self.write(lambda: self._lease.log_step(step, epoch=epoch, batch=batch))

    def checkpoint(self, save: Save) -> None:
        """Keep a checkpoint; where the disk is full, the one before it stays."""
        name = self._write_checkpoint(save)
        if name is not None:
            self.write(lambda: self._lease.record_checkpoint(name))
            self._prune(name)

    def prepare_epoch_end(self, seconds: float, save: Save) -> None:
        """Take the time of an epoch, and how to copy the training after it."""
        self.epoch_seconds, self._save = seconds, save

    def log_epoch(self, record: EpochMetrics) -> None:
        """Record a finished epoch together with its checkpoint."""
        name = None if self._save is None else self._write_checkpoint(self._save)
        self.write(lambda: self._lease.log_epoch(record, name))
        self._prune(name)

    def say(self, text: str) -> None:
        """Write a line into the log."""
        log.info("%s", text)

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
