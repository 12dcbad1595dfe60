"""Between the training loop and the store: says that the worker lives, hears requests, thins the figures."""

import logging
import threading
import time
from types import TracebackType
from typing import Self

from cnn_dash.errors import StoreError
from cnn_dash.runs.lease import Lease, LeaseLost
from cnn_dash.runs.records import EpochRecord, Point

log = logging.getLogger(__name__)

BEAT_EVERY_S = 0.5
# The first moments are watched closely; a long run has thousands of points all the same.
DENSE_FOR_S, DENSE_EVERY_S, SPARSE_EVERY_S = 30.0, 0.2, 0.8


class Recorder:
    """Records one run through its lease; a context manager, since it beats in a thread of its own."""

    def __init__(self, lease: Lease) -> None:
        self._lease = lease
        self._began = time.monotonic()
        self._last_point = 0.0
        self._done = threading.Event()
        self._stop = threading.Event()
        self._lost = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="heartbeat", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        self._thread.join()

    @property
    def stop_requested(self) -> bool:
        """Whether somebody asked for this run to end.

        Raises:
            LeaseLost: If the run no longer belongs to this worker.
        """
        if self._lost.is_set():
            raise LeaseLost(f"Run {self._lease.run.id} was given to another worker.")
        return self._stop.is_set()

    @property
    def wants_point(self) -> bool:
        """Whether it is time for running figures."""
        now = time.monotonic()
        every = DENSE_EVERY_S if now - self._began < DENSE_FOR_S else SPARSE_EVERY_S
        return now - self._last_point >= every

    def point(self, point: Point, *, epoch: int, batch: int) -> None:
        """Record running figures after `epoch` whole epochs and `batch` batches."""
        self._lease.record_point(point, epoch=epoch, batch=batch)
        self._last_point = time.monotonic()

    def epoch(self, record: EpochRecord) -> None:
        """Record a finished epoch and write it into the log."""
        self._lease.record_epoch(record)
        auc = "" if record.val_auc is None else f", AUC {record.val_auc:.5f}"
        log.info(
            "epoch %d: loss %.4f, accuracy %.4f; validation loss %.4f, accuracy %.4f%s; "
            "rate %.3g, %.1f s, %.0f images/s",
            *(record.epoch, record.loss, record.accuracy, record.val_loss, record.val_accuracy, auc),
            *(record.learning_rate, record.seconds, record.images_per_second),
        )

    def _beat(self) -> None:
        while not self._done.wait(BEAT_EVERY_S):
            try:
                if self._lease.beat():
                    self._stop.set()
            except LeaseLost:
                self._lost.set()
                return
            except StoreError as error:  # the next beat may get through
                log.warning("%s", error)
