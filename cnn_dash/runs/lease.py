"""A worker's right to write into the run it holds.

Every write names the claim it belongs to (`attempt`), in the same transaction. When the run has been given to
somebody else, or ended, no row matches and the worker is told by `LeaseLost`: it must not write any more. Files are
fenced the same way: each claim has names of its own, and only those that the store names count.
"""

import time
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa

from cnn_dash.errors import StoreError
from cnn_dash.runs.records import EpochRecord, Run, StepMetrics, TestResult
from cnn_dash.runs.schema import epochs, points, runs, summary_columns
from cnn_dash.runs.status import Request, Status, check
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

    def record_heartbeat(self) -> Request | None:
        """Say that the worker is alive; returns what was asked of the run."""
        with self.store.transaction() as connection:
            return self._write(connection)

    def acknowledge_request(self) -> Request | None:
        """Say that the worker has heard what was asked and is about to do it.

        From then on it cannot be taken back. Returns what is asked in this moment: None if it was taken back before.
        """
        heard_at = sa.case((runs.c.request.is_not(None), time.time()), else_=None)
        with self.store.transaction() as connection:
            return self._write(connection, heard_at=heard_at)

    def set_message(self, message: str | None) -> None:
        """Tell whoever watches what the worker is doing, while it is not training yet."""
        with self.store.transaction() as connection:
            self._write(connection, message=message)

    def begin(self, *, train_images: int, batches: int, epoch: int = 0, batch: int = 0) -> None:
        """Record the size of the work (training pictures, batches an epoch) and the place from which it goes on.

        What was recorded behind that place is dropped: the worker trains it again and records the same.
        """
        with self.store.transaction() as connection:
            self._write(connection, train_images=train_images, batches=batches, message=None, epoch=epoch, batch=batch)
            step = epoch * batches + batch
            connection.execute(epochs.delete().where(epochs.c.run_id == self.run.id, epochs.c.epoch > epoch))
            connection.execute(points.delete().where(points.c.run_id == self.run.id, points.c.step > step))
            self._judge(connection)

    def log_step(self, point: StepMetrics, *, epoch: int, batch: int) -> None:
        """Record running figures: `epoch` epochs and `batch` batches are done."""
        with self.store.transaction() as connection:
            self._write(
                connection,
                epoch=epoch,
                batch=batch,
                images_per_second=point.images_per_second,
                first_metric_at=sa.func.coalesce(runs.c.first_metric_at, time.time()),
            )
            same = sa.and_(points.c.run_id == self.run.id, points.c.step == point.step)
            connection.execute(points.delete().where(same))  # a commit may have got through although it failed here
            connection.execute(points.insert().values(run_id=self.run.id, **asdict(point)))

    def log_epoch(self, record: EpochRecord, checkpoint: str | None = None) -> None:
        """Record a finished epoch, and the checkpoint that was written right after it."""
        values: dict[str, Any] = {"epoch": record.epoch, "batch": 0, "images_per_second": record.images_per_second}
        with self.store.transaction() as connection:
            self._write(connection, **values, **_going_on_from(checkpoint))
            same = sa.and_(epochs.c.run_id == self.run.id, epochs.c.epoch == record.epoch)
            connection.execute(epochs.delete().where(same))
            connection.execute(epochs.insert().values(run_id=self.run.id, **asdict(record)))
            self._judge(connection)

    def record_checkpoint(self, checkpoint: str) -> None:
        """Let the run go on from this file, should the worker vanish."""
        with self.store.transaction() as connection:
            self._write(connection, **_going_on_from(checkpoint))

    def end(self, status: Status, *, message: str | None = None, result: TestResult | None = None) -> None:
        """End the worker's part: the run has finished, was stopped or paused, or failed."""
        check(Status.RUNNING, status)
        values: dict[str, Any] = {
            "status": status,
            "message": message,
            "ended_at": time.time(),
            "request": None,
            "requested_at": None,
        }
        if status is Status.PAUSED:  # who has changed their mind meanwhile wants it stopped: somebody has to test it
            stop = runs.c.request == Request.STOP
            values |= {
                "status": sa.case((stop, Status.QUEUED.value), else_=status.value),
                "request": sa.case((stop, Request.STOP.value), else_=None),
            }
        if result is not None:
            values |= {
                "test_accuracy": result.accuracy,
                "test_loss": result.loss,
                "best_epoch": result.best_epoch,
                "seconds": result.seconds,
                "images_per_second": result.images_per_second,
                "weights_sha256": result.weights_sha256,
                "result_folder": result.folder,
                "result_steps": result.steps,
            }
        with self.store.transaction() as connection:
            self._write(connection, **values)

    def _judge(self, connection: sa.Connection) -> None:
        """Bring the last and the best figures of the run up to its epochs."""
        connection.execute(runs.update().where(runs.c.id == self.run.id).values(summary_columns()))

    def _write(self, connection: sa.Connection, **values: Any) -> Request | None:
        """Update the run's row if it is still ours; returns what was asked of it."""
        ours = sa.and_(
            runs.c.id == self.run.id,
            runs.c.attempt == self.run.attempt,
            runs.c.worker_id == self.run.worker_id,
            runs.c.status == Status.RUNNING,
        )
        statement = runs.update().where(ours).values(heartbeat_at=time.time(), **values)
        row = connection.execute(statement.returning(runs.c.request)).one_or_none()
        if row is None:
            raise LeaseLost(f"Run {self.run.id} no longer belongs to this worker; what it does now is not recorded.")
        return None if row.request is None else Request(row.request)


def _going_on_from(checkpoint: str | None) -> dict[str, Any]:
    """The new checkpoint, and the one before it, which serves if the new one turns out to be damaged."""
    if checkpoint is None:
        return {}
    return {"checkpoint": checkpoint, "checkpoint_before": runs.c.checkpoint, "crashes": 0}
