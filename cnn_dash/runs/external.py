"""What only a run of another program can do: go on after its end, tell more of itself, hold on while it lives.

Such a run is never queued. Whoever records it may record it again later, from another process too: then it has a new
claim (`attempt`), and what an earlier process still sends is refused.
"""

import os
import socket
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cnn_dash.errors import IllegalTransition, StoreError
from cnn_dash.runs.lease import Lease
from cnn_dash.runs.metric_rows import drop_after, last_step
from cnn_dash.runs.records import Run, StepMetrics
from cnn_dash.runs.rows import external_row
from cnn_dash.runs.schema import runs
from cnn_dash.runs.search_index import index
from cnn_dash.runs.status import Source, Status
from cnn_dash.runs.store import RunStore, Worker


def reopen(store: RunStore, run_id: int, worker: Worker) -> Lease:
    """Let `worker` go on recording a run of another program, whatever it is now; what it has recorded stays.

    Raises:
        IllegalTransition: If CNN Dash trains the run itself, or another process that is alive records it.
        RunNotFound: If there is no such run.
    """
    now = time.time()
    with store.transaction() as connection:
        run = store.get(connection, run_id)
        if run.source is not Source.EXTERNAL:
            raise IllegalTransition(
                f"Run {run_id} cannot be continued by another program. Received: a run that CNN Dash trains itself. "
                "Allowed: one that a program recorded. Resume it on its page, or record a new run."
            )
        _require_silent(store, run, worker, now)
        begun = {"status": Status.RUNNING, "message": None, "ended_at": None, "deleted_at": None}
        nothing_asked = {"request": None, "requested_at": None, "acknowledged_at": None}
        row = connection.execute(
            runs.update()
            .where(runs.c.id == run_id, runs.c.attempt == run.attempt)
            .values(begun | nothing_asked | worker.holds(now) | {"attempt": run.attempt + 1})
            .returning(*runs.c)
        ).one_or_none()
        if row is None:
            raise StoreError(f"Run {run_id} has just changed. Nothing was done; try again.")
        return Lease(store, store.read_rows(connection, [row])[0])


def _require_silent(store: RunStore, run: Run, worker: Worker, now: float) -> None:
    """Refuse a run that another process records at this moment.

    Raises:
        IllegalTransition: If it does.
    """
    if run.status is not Status.RUNNING or run.heartbeat_at is None:
        return
    same_process = (run.worker_pid, run.worker_host) == (worker.pid, worker.host)
    if not same_process and now - run.heartbeat_at.timestamp() < store.settings.takeover_s:
        raise IllegalTransition(
            f"Run {run.id} is being recorded by another program. Received: a run whose process {run.worker_pid} on "
            f"{run.worker_host} was alive {max(0.0, now - run.heartbeat_at.timestamp()):.0f} s ago. Allowed: one that "
            "has ended or fallen silent. End that program first, or record a new run."
        )


def this_process(worker_id: str) -> Worker:
    """Return this process as one that records runs."""
    return Worker(worker_id, os.getpid(), socket.gethostname())


def describe(
    lease: Lease,
    *,
    params: Mapping[str, Any] | None = None,
    layers: Sequence[Mapping[str, Any]] | None = None,
    **columns: Any,
) -> None:
    """Change what a program has told of its run; None leaves as it is.

    Args:
        lease: Of the run.
        params: All its settings.
        layers: All its layers.
        columns: `planned_epochs`, `parameters`, `train_images`, `batches`.
    """
    told = external_row(params or {}, layers or ())
    values = {name: told[name] for name, given in (("params", params), ("layers", layers)) if given is not None}
    values |= {name: value for name, value in columns.items() if value is not None}
    with lease.store.transaction() as connection:
        lease.write(connection, **values)
        if params is not None:
            index(connection, lease.store.get(connection, lease.run.id))


def begin_stage(lease: Lease, *, epoch: int, batches: int | None) -> int:
    """Record that training begins, or goes on, after so many epochs; what was recorded beyond them is dropped.

    Returns:
        The batches before it. While the length of an epoch is not known, those that were recorded.
    """
    with lease.store.transaction() as connection:
        lease.write(connection, message=None, epoch=epoch, batch=0, batches=batches)
        step = last_step(connection, lease.run.id, epoch)
        drop_after(connection, lease.run.id, epoch=epoch, step=step)
        return step


def log_steps(lease: Lease, steps: Sequence[tuple[StepMetrics, int, int]]) -> None:
    """Record several steps in one transaction, each with the whole epochs and batches after which it came."""
    with lease.store.transaction() as connection:
        for step, epoch, batch in steps:
            lease.write_step(connection, step, epoch=epoch, batch=batch)


@dataclass(frozen=True)
class Kept:
    """What a program has left of its network, and what that reached.

    Attributes:
        folder: Folder within that of the run, with network, predictions, or both.
        best_epoch: The epoch whose network it is.
        steps: Batches that the network was trained with.
        seconds: Time from the beginning of the run.
        weights_sha256: SHA-256 over the weights; None if the network is not in the folder.
        accuracy: On the test images, 0–1; None if it was not tested.
        loss: Mean cross-entropy in nats on them.
    """

    folder: str
    best_epoch: int
    steps: int
    seconds: float
    weights_sha256: str | None = None
    accuracy: float | None = None
    loss: float | None = None


def record_result(lease: Lease, kept: Kept) -> None:
    """Name the folder with the network as it is now, and what it reached; the run goes on."""
    columns = vars(kept) | {"test_accuracy": kept.accuracy, "test_loss": kept.loss}
    columns |= {"result_folder": kept.folder, "result_steps": kept.steps}
    for name in ("folder", "steps", "accuracy", "loss"):
        del columns[name]
    with lease.store.transaction() as connection:
        lease.write(connection, **columns)
