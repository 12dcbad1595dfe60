"""A worker's right to write into the run it holds.

Every write names the claim it belongs to (`attempt`), in the same transaction. When the run has been given to
somebody else, or ended, no row matches and the worker is told by `LeaseLost`: it must not write any more. Files are
fenced the same way: each claim has names of its own, and only those that the store names count.
"""

import time
from typing import Any

import sqlalchemy as sa

from cnn_dash.errors import StoreError
from cnn_dash.runs.metric_rows import drop_after, last_step, write_epoch, write_step
from cnn_dash.runs.records import EpochMetrics, Run, StepMetrics, TestResult
from cnn_dash.runs.schema import runs
from cnn_dash.runs.status import Request, Source, Status, check
from cnn_dash.runs.store import IN_TURN, WAITS, RunStore, Worker


class LeaseLost(StoreError):
    """The run was taken away from this worker."""


class Lease:
    """The right to record the run that this process trains."""

    def __init__(self, store: RunStore, run: Run) -> None:
        self.store = store
        self.run = run

    @classmethod
    def claim(cls, store: RunStore, worker: Worker) -> "Lease | None":
        """Take the first run of the queue, or None. Of several workers exactly one gets it.

        A run whose worker has vanished keeps its place; it is given away when its last sign of life is
        `settings.takeover_s` old. A run of another program is never given away.
        """
        now = time.time()
        ready = sa.or_(runs.c.status == Status.QUEUED, runs.c.heartbeat_at <= now - store.settings.takeover_s)
        with store.transaction() as connection:
            first = sa.select(runs.c.id, runs.c.attempt).where(WAITS, ready).order_by(*IN_TURN).limit(1)
            found = connection.execute(first).one_or_none()
            if found is None:
                return None
            begun = {"status": Status.RUNNING, "message": None, "acknowledged_at": None, "ended_at": None}
            # The condition on status and attempt is what makes this atomic: whoever comes second changes no row.
            claimed = connection.execute(
                runs.update()
                .where(runs.c.id == found.id, runs.c.attempt == found.attempt, WAITS)
                .values(begun | worker.holds(now) | {"attempt": found.attempt + 1})
                .returning(*runs.c)
            ).one_or_none()
            if claimed is None:
                return None
            try:
                return cls(store, store.read_rows(connection, [claimed])[0])
            except StoreError as error:  # it would be claimed again and again
                ended = {"status": Status.FAILED, "message": str(error), "ended_at": now}
                connection.execute(runs.update().where(runs.c.id == found.id).values(ended))
                return None

    def record_heartbeat(self) -> Request | None:
        """Record that the worker is alive, and return what was asked of the run."""
        with self.store.transaction() as connection:
            return self.write(connection)

    def acknowledge_request(self) -> Request | None:
        """Record that the worker has read the request and is about to do it.

        From then on it cannot be taken back. Returns what is asked in this moment: None if it was taken back before.
        """
        acknowledged_at = sa.case((runs.c.request.is_not(None), time.time()), else_=None)
        with self.store.transaction() as connection:
            return self.write(connection, acknowledged_at=acknowledged_at)

    def set_message(self, message: str | None) -> None:
        """Say what the worker is doing while it is not training yet."""
        with self.store.transaction() as connection:
            self.write(connection, message=message)

    def begin(
        self,
        *,
        train_images: int | None,
        batches: int | None,
        epoch: int = 0,
        batch: int = 0,
        data_sha256: str | None = None,
    ) -> None:
        """Record the size of the work (training images, batches an epoch), its data, and where the run resumes.

        What was recorded beyond that place is dropped: the worker trains it again and records the same.
        """
        size = {"train_images": train_images, "batches": batches, "data_sha256": data_sha256}
        with self.store.transaction() as connection:
            self.write(connection, message=None, epoch=epoch, batch=batch, **size)
            step = epoch * batches + batch if batches else last_step(connection, self.run.id, epoch)
            drop_after(connection, self.run.id, epoch=epoch, step=step)

    def log_step(self, step: StepMetrics, *, epoch: int, batch: int) -> None:
        """Record metrics within an epoch, after `epoch` whole epochs and `batch` batches."""
        with self.store.transaction() as connection:
            self.write_step(connection, step, epoch=epoch, batch=batch)

    def write_step(self, connection: sa.Connection, step: StepMetrics, *, epoch: int, batch: int) -> None:
        """Record metrics within an epoch, within a transaction."""
        self.write(
            connection,
            epoch=epoch,
            batch=batch,
            images_per_second=step.metrics.get("images_per_second"),
            first_metric_at=sa.func.coalesce(runs.c.first_metric_at, time.time()),
        )
        write_step(connection, self.run.id, step)

    def log_epoch(self, epoch: EpochMetrics, checkpoint: str | None = None) -> None:
        """Record a finished epoch, and the checkpoint that was written right after it."""
        speed = epoch.metrics.get("images_per_second")
        with self.store.transaction() as connection:
            self.write(
                connection,
                epoch=epoch.epoch,
                batch=0,
                images_per_second=speed,
                first_metric_at=sa.func.coalesce(runs.c.first_metric_at, time.time()),
                **_resume_from(checkpoint),
            )
            write_epoch(connection, self.run.id, epoch)

    def record_checkpoint(self, checkpoint: str) -> None:
        """Let the run resume from this file, should the worker vanish."""
        with self.store.transaction() as connection:
            self.write(connection, **_resume_from(checkpoint))

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
            self.write(connection, **values)

    def write(self, connection: sa.Connection, **values: Any) -> Request | None:
        """Update the run's row within a transaction, if it is still ours; returns what was asked of it.

        An external run that was taken for dead goes on: nobody else can have got it meanwhile.
        """
        held = runs.c.status == Status.RUNNING
        if self.run.source is Source.EXTERNAL:
            silent = sa.and_(runs.c.status == Status.INTERRUPTED, runs.c.deleted_at.is_(None))
            held |= silent
            revived = {name: sa.case((silent, None), else_=runs.c[name]) for name in ("message", "ended_at")}
            values = {"status": Status.RUNNING} | revived | values
        ours = sa.and_(
            runs.c.id == self.run.id, runs.c.attempt == self.run.attempt, runs.c.worker_id == self.run.worker_id, held
        )
        statement = runs.update().where(ours).values(heartbeat_at=time.time(), **values)
        row = connection.execute(statement.returning(runs.c.request)).one_or_none()
        if row is None:
            raise LeaseLost(f"Run {self.run.id} no longer belongs to this worker; what it does now is not recorded.")
        return None if row.request is None else Request(row.request)


def _resume_from(checkpoint: str | None) -> dict[str, Any]:
    """Return the columns of the new checkpoint, and of the one before it, in case the new one is damaged."""
    if checkpoint is None:
        return {}
    return {"checkpoint": checkpoint, "checkpoint_before": runs.c.checkpoint, "crashes": 0}
