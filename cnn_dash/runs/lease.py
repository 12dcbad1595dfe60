"""A worker's right to write into the run it holds.

Every write names the claim it belongs to (`attempt`), in the same transaction. When the run has been given to
somebody else, or ended, no row matches and the worker is told by `LeaseLost`: it must not write any more.
"""

import time
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa

from cnn_dash.errors import StoreError
from cnn_dash.runs.records import EpochRecord, Point, Run, TestResult
from cnn_dash.runs.schema import epochs, points, runs
from cnn_dash.runs.status import Status, check
from cnn_dash.runs.store import RunStore, Worker


class LeaseLost(StoreError):
    """The run was taken away from this worker."""


class Lease:
    """The run that this process trains."""

    def __init__(self, store: RunStore, run: Run) -> None:
        self.store = store
        self.run = run

    @classmethod
    def claim(cls, store: RunStore, worker: Worker) -> "Lease | None":
        """Take the next waiting run, or None."""
        run = store.claim_next(worker)
        return None if run is None else cls(store, run)

    def beat(self) -> bool:
        """Say that the worker is alive; True if the run was asked to stop."""
        with self.store.transaction() as connection:
            return self._write(connection)

    def say(self, message: str | None) -> None:
        """Tell whoever watches what the worker is doing, while it is not training yet."""
        with self.store.transaction() as connection:
            self._write(connection, message=message)

    def begin(self, *, train_images: int, batches: int) -> None:
        """Record the size of the work: training pictures and batches an epoch."""
        with self.store.transaction() as connection:
            self._write(connection, train_images=train_images, batches=batches, message=None)

    def record_point(self, point: Point, *, epoch: int, batch: int) -> None:
        """Record running figures: `epoch` epochs and `batch` batches are done."""
        with self.store.transaction() as connection:
            self._write(
                connection,
                epoch=epoch,
                batch=batch,
                images_per_second=point.images_per_second,
                first_metric_at=sa.func.coalesce(runs.c.first_metric_at, time.time()),
            )
            connection.execute(points.insert().values(run_id=self.run.id, **asdict(point)))

    def record_epoch(self, record: EpochRecord) -> None:
        """Record a finished epoch."""
        with self.store.transaction() as connection:
            self._write(connection, epoch=record.epoch, batch=0, images_per_second=record.images_per_second)
            connection.execute(epochs.insert().values(run_id=self.run.id, **asdict(record)))

    def end(self, status: Status, *, message: str | None = None, result: TestResult | None = None) -> None:
        """End the run: finished, stopped or failed."""
        check(Status.RUNNING, status)
        values: dict[str, Any] = {"status": status, "message": message, "ended_at": time.time()}
        if result is not None:
            values |= {
                "test_accuracy": result.accuracy,
                "test_loss": result.loss,
                "best_epoch": result.best_epoch,
                "seconds": result.seconds,
                "images_per_second": result.images_per_second,
                "weights_sha256": result.weights_sha256,
            }
        with self.store.transaction() as connection:
            self._write(connection, **values)

    def _write(self, connection: sa.Connection, **values: Any) -> bool:
        """Update the run's row if it is still ours; True if it was asked to stop."""
        ours = sa.and_(runs.c.id == self.run.id, runs.c.attempt == self.run.attempt, runs.c.status == Status.RUNNING)
        statement = runs.update().where(ours).values(heartbeat_at=time.time(), **values)
        asked = connection.execute(statement.returning(runs.c.stop_requested)).scalar_one_or_none()
        if asked is None:
            raise LeaseLost(f"Run {self.run.id} no longer belongs to this worker; what it does now is not recorded.")
        return bool(asked)
