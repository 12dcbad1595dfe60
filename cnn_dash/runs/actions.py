"""What a person asks of a run's life: stop, pause, resume, retry, train longer, another place in the queue.

A run that no worker holds changes at once. One that is held gets the request written into its row; its worker reads
it with the next heartbeat. Asking twice changes nothing.
"""

import contextlib
import time
from typing import Any, Literal

import sqlalchemy as sa

from cnn_dash.config import RunConfig
from cnn_dash.datasets import catalogue
from cnn_dash.errors import ConfigError, DataError, IllegalTransition, StoreError
from cnn_dash.hyperparameters import override
from cnn_dash.runs.records import Run
from cnn_dash.runs.schema import runs
from cnn_dash.runs.search_index import index
from cnn_dash.runs.status import Request, Source, Status
from cnn_dash.runs.store import IN_TURN, WAITS, RunStore

HAS_CHANGED = "Run {run} has just changed. Nothing was done; look at it again, and then decide."
NOTHING_LEARNED = "Stopped before it had learned anything."

EDITABLE = sa.and_(runs.c.status == Status.QUEUED, runs.c.attempt == 0, runs.c.deleted_at.is_(None))
"""`is_editable` as a condition on rows."""

Place = Literal["first", "up", "down", "last"]


def is_editable(run: Run) -> bool:
    """Return whether the settings of a run may still be changed: it waits, and no worker has begun with it."""
    return run.status is Status.QUEUED and run.attempt == 0 and run.deleted_at is None


def not_editable(run: Run) -> str:
    """Say why the settings of a run cannot be changed, and what to do instead."""
    return (
        f"Run {run.id} can no longer be changed. Received: a run that is {run.status}. Allowed: one that waits and was "
        "never started. Train the settings as a new run instead."
    )


def stop(store: RunStore, run_id: int) -> Run:
    """End a run and keep what it has learned so far, tested.

    A run that has learned nothing yet is stopped at once. One that waits or is paused with a checkpoint goes to a
    worker first, which tests it. A run that has ended already is left as it is.
    """
    with store.transaction() as connection:
        run = store.get(connection, run_id)
        if run.status is Status.RUNNING:
            return _ask(store, connection, run, Request.STOP)
        if run.status not in (Status.QUEUED, Status.INTERRUPTED, Status.PAUSED):
            return run
        if run.checkpoint is None:
            message = None if run.result or run.metrics else NOTHING_LEARNED
            return _changed(store, connection, run, Status.STOPPED, message=message)
        if run.status is Status.PAUSED:
            return _changed(store, connection, run, Status.QUEUED, **_asked(Request.STOP), queued_at=_front(connection))
        return _ask(store, connection, run, Request.STOP)


def pause(store: RunStore, run_id: int) -> Run:
    """Pause a run, exactly as it is, until somebody resumes it; one that is paused or has ended is left as it is.

    Another program holds its training on, alive, as soon as it reads the request.
    """
    with store.transaction() as connection:
        run = store.get(connection, run_id)
        if run.status is Status.RUNNING:
            return _ask(store, connection, run, Request.PAUSE)
        if run.status.active:
            _require_recipe(run)
        if run.status.waiting and run.request is not Request.STOP:
            return _changed(store, connection, run, Status.PAUSED, message=None)
        return run


def resume(store: RunStore, run_id: int) -> Run:
    """Put a run that was paused or stopped at the end of the queue; it continues as if nothing had happened.

    Raises:
        IllegalTransition: If the run is in another status.
    """
    with store.transaction() as connection:
        run = store.get(connection, run_id)
        if run.source is Source.EXTERNAL and run.status is Status.RUNNING and run.request is Request.PAUSE:
            _let_go_on(connection, run)
            return store.get(connection, run_id)
        _require_recipe(run)
        if run.status is Status.RUNNING and run.request is Request.PAUSE and run.acknowledged_at is None:
            values = {"request": None, "requested_at": None}
            row = runs.update().where(runs.c.id == run_id, runs.c.acknowledged_at.is_(None)).values(values)
            connection.execute(row)
            return store.get(connection, run_id)
        if run.status not in (Status.PAUSED, Status.STOPPED):
            raise IllegalTransition(
                f"Run {run_id} cannot be resumed. Received: a run that is {run.status}. Allowed: one that is paused or "
                "stopped. A finished run can be trained longer, a failed one retried."
            )
        return _changed(store, connection, run, Status.QUEUED, **_to_the_end_of_the_queue(store, run))


def retry(store: RunStore, run_id: int) -> Run:
    """Put a run that failed at the end of the queue; it continues from its last checkpoint, if it has one.

    Raises:
        IllegalTransition: If the run has not failed.
    """
    with store.transaction() as connection:
        run = store.get(connection, run_id)
        _require_recipe(run)
        if run.status is not Status.FAILED:
            raise IllegalTransition(
                f"Run {run_id} cannot be retried. Received: a run that is {run.status}. Allowed: one that failed."
            )
        values = _to_the_end_of_the_queue(store, run) | {"crashes": 0}
        return _changed(store, connection, run, Status.QUEUED, **values)


def train_longer(store: RunStore, run_id: int, epochs_more: int) -> Run:
    """Give a run that has ended more epochs and put it at the end of the queue.

    The new length becomes part of its settings (`train.stages` keeps the earlier one), so that the same settings give
    the same weights when they are trained anew from the beginning.

    Raises:
        ConfigError: If that is no epoch more, or makes more than are allowed.
        IllegalTransition: If the run has not finished.
    """
    with store.transaction() as connection:
        run = store.get(connection, run_id)
        _require_recipe(run)
        if run.status is not Status.FINISHED:
            raise IllegalTransition(
                f"Run {run_id} cannot be trained longer. Received: a run that is {run.status}. Allowed: one that has "
                "finished. One that was paused or stopped can be resumed."
            )
        if epochs_more < 1:
            raise ConfigError(f"Training longer takes more epochs. Received: {epochs_more}. Allowed: 1 and more.")
        checked = override(run.recipe, {"train.epochs": run.epoch + epochs_more})
        config = checked.model_copy(update={"train": run.recipe.train.longer(run.epoch, checked.train.epochs)})
        values = _to_the_end_of_the_queue(store, run) | {"config": config.model_dump(mode="json")}
        longer = _changed(store, connection, run, Status.QUEUED, **values)
        index(connection, longer)
        return longer


def edit(store: RunStore, run_id: int, config: RunConfig, *, parameters: int, multiply_adds: int) -> Run:
    """Give a run that waits and was never started other settings. Use `submit.change`, which checks them first.

    Raises:
        IllegalTransition: If a worker has taken it meanwhile.
    """
    with store.transaction() as connection:
        run = store.get(connection, run_id)
        _require_recipe(run)
        values = {
            "config": config.model_dump(mode="json"),
            "parameters": parameters,
            "multiply_adds": multiply_adds,
            "data_dir": str(store.settings.data_dir),
        }
        if connection.execute(runs.update().where(runs.c.id == run_id, EDITABLE).values(values)).rowcount == 0:
            raise IllegalTransition(not_editable(run))
        changed = store.get(connection, run_id)
        index(connection, changed)
        return changed


def reorder(store: RunStore, run_id: int, place: Place) -> None:
    """Give a waiting run another place in the queue; one that no longer waits is left alone."""
    with store.transaction() as connection:
        order = [row.id for row in connection.execute(sa.select(runs.c.id).where(WAITS).order_by(*IN_TURN))]
        if run_id not in order:
            return
        before = order.index(run_id)
        order.pop(before)
        after = {"first": 0, "up": max(before - 1, 0), "down": before + 1, "last": len(order)}[place]
        order.insert(after, run_id)
        # All places anew, in the past: whatever is queued from now on comes behind them.
        now = time.time()
        for index, waiting in enumerate(order):
            moved = runs.update().where(runs.c.id == waiting, WAITS).values(queued_at=now - len(order) + index)
            connection.execute(moved)


def give_up(store: RunStore, run: Run, why: str, *, most_crashes: int) -> Status | None:
    """Record that the worker of a run has vanished; None if the run has moved on or its worker spoken since.

    It becomes interrupted, and continues by itself from its last checkpoint; paused, if it was asked to; failed, if its
    workers vanish again and again without getting anywhere.
    """
    crashes = run.crashes + 1
    more: dict[str, Any] = {}
    with store.transaction() as connection:
        if run.request is Request.PAUSE and run.source is Source.RECIPE:
            after, message = Status.PAUSED, None
        elif run.request is Request.STOP and run.untrained:
            after, message = Status.STOPPED, None if run.metrics else NOTHING_LEARNED
        elif crashes >= most_crashes and run.source is Source.RECIPE:
            after = Status.FAILED
            message = (
                f"{why} That was the {crashes}th time in a row at the same place, so it is not retried by itself. "
                "The machine may be short of memory: choose a smaller batch size or fewer filters, or retry."
            )
        elif run.source is Source.EXTERNAL:
            after, message = Status.INTERRUPTED, f"{why} What it has recorded is kept."
            if run.heartbeat_at is not None:  # nobody takes it over, so that was its end
                more["ended_at"] = run.heartbeat_at.timestamp()
        else:
            after, message = Status.INTERRUPTED, f"{why} It continues by itself from its last checkpoint."
        return after if store.move(connection, run, after, message=message, crashes=crashes, **more) else None


def _let_go_on(connection: sa.Connection, run: Run) -> None:
    """Let another program go on that holds its training on, or was about to."""
    paused = sa.and_(runs.c.id == run.id, runs.c.request == Request.PAUSE)
    values = {"request": None, "requested_at": None, "acknowledged_at": None}
    connection.execute(runs.update().where(paused).values(values))


def _require_recipe(run: Run) -> None:
    """Refuse what only a run can do that is trained here.

    Raises:
        IllegalTransition: If another program recorded the run.
    """
    _ = run.recipe


def _to_the_end_of_the_queue(store: RunStore, run: Run) -> dict[str, Any]:
    """Return the changes of a run that is to continue; its data are looked for here, if they are here."""
    values: dict[str, Any] = {"queued_at": time.time(), "message": None, "ended_at": None}
    with contextlib.suppress(ConfigError, DataError):  # a data set of another version, or deleted: the worker says so
        if catalogue.is_local(run.recipe.data.dataset, store.settings.data_dir):
            values["data_dir"] = str(store.settings.data_dir)
    return values


def _asked(request: Request) -> dict[str, Any]:
    return {"request": request, "requested_at": time.time(), "acknowledged_at": None}


def _ask(store: RunStore, connection: sa.Connection, run: Run, request: Request) -> Run:
    """Write a request into an active run; a stop outdoes a pause, and what is asked already is not asked again."""
    if run.request is not request and run.request is not Request.STOP:
        still = sa.and_(runs.c.id == run.id, runs.c.status == run.status)
        if connection.execute(runs.update().where(still).values(_asked(request))).rowcount == 0:
            raise StoreError(HAS_CHANGED.format(run=run.id))
    return store.get(connection, run.id)


def _changed(store: RunStore, connection: sa.Connection, run: Run, after: Status, **values: Any) -> Run:
    if after is Status.QUEUED:
        values["deleted_at"] = None  # what is to be trained is not in the trash
    moved = store.move(connection, run, after, **values)
    if moved is None:
        raise StoreError(HAS_CHANGED.format(run=run.id))
    return moved


def _front(connection: sa.Connection) -> float:
    """Return a place before all that wait."""
    first = connection.execute(sa.select(sa.func.min(runs.c.queued_at)).where(WAITS)).scalar()
    return time.time() if first is None else float(first) - 1
