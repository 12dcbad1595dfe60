"""The run store: how runs come in, are read and are given to workers.

What a person may ask of a run is in `actions`, `annotations` and `trash`; what only the worker that holds a run may do
is in `lease`.

One database (SQLite by default, PostgreSQL by URL) that browser, command line and workers share. Every method is one
transaction, and returns frozen records.
"""

import contextlib
import glob
import logging
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from cnn_dash.config import RunConfig
from cnn_dash.errors import RunNotFound, StoreError
from cnn_dash.runs.records import EpochRecord, Run, StepMetrics
from cnn_dash.runs.rows import metrics_of, run_of
from cnn_dash.runs.schema import epochs, open_engine, points, runs
from cnn_dash.runs.status import WAITING, Status, check
from cnn_dash.settings import Settings

log = logging.getLogger(__name__)

WAITS = sa.and_(runs.c.status.in_(WAITING), runs.c.deleted_at.is_(None))
IN_TURN = (runs.c.queued_at, runs.c.id)
LARGEST_ID = 2**31 - 1  # the databases refuse to look for a larger one


@dataclass(frozen=True)
class Worker:
    """Who trains: an identity that is never used twice, and where to find the process."""

    id: str
    pid: int
    host: str


@dataclass(frozen=True)
class Changes:
    """A run, and what has been recorded of it since a reader last looked."""

    run: Run
    epochs: list[EpochRecord]
    points: list[StepMetrics]


class RunStore:
    """All runs of one installation."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        url = database_url(settings)
        try:
            settings.runs_dir.mkdir(parents=True, exist_ok=True)
            self._engine = open_engine(url)
        except (OSError, sa.exc.SQLAlchemyError, ImportError) as error:
            raise StoreError(
                f"The run store cannot be opened: {_reason(error)}. Received: CNN_DASH_HOME {str(settings.home)!r}, "
                f"CNN_DASH_DATABASE_URL {url.render_as_string(hide_password=True)!r}. "
                "It needs a folder it may write to and a database it can reach."
            ) from error

    @contextmanager
    def transaction(self) -> Iterator[sa.Connection]:
        """A transaction; trouble with the database becomes a `StoreError`."""
        try:
            with self._engine.begin() as connection:
                yield connection
        except sa.exc.SQLAlchemyError as error:
            raise StoreError(
                f"The run store could not be used: {_reason(error)}. Nothing of this step was written. "
                "Free disk space, or see that the database is reachable, and try again."
            ) from error

    def close(self) -> None:
        """Give back the database connections."""
        self._engine.dispose()

    def database_bytes(self) -> int:
        """What the database takes on its disk; of a SQLite file with what is beside it, copies of before an update too.

        Others may keep more in the same PostgreSQL database; it is counted whole.
        """
        if self._engine.dialect.name != "sqlite":
            with self.transaction() as connection:
                return int(connection.execute(sa.text("SELECT pg_database_size(current_database())")).scalar_one())
        file = Path(self._engine.url.database or "")
        total = 0
        for each in file.parent.glob(f"{glob.escape(file.name)}*"):
            with contextlib.suppress(FileNotFoundError):  # the log of the last changes goes when nobody is connected
                total += each.stat().st_size
        return total

    def create(self, config: RunConfig, *, parameters: int, multiply_adds: int) -> Run:
        """Put a new run at the end of the queue. Use `submit`, which checks it first."""
        now = time.time()
        values = {
            "config": config.model_dump_json(),
            "status": Status.QUEUED,
            "parameters": parameters,
            "multiply_adds": multiply_adds,
            "created_at": now,
            "queued_at": now,
        }
        with self.transaction() as connection:
            row = connection.execute(runs.insert().values(values).returning(*runs.c)).one()
        return run_of(row)

    def run(self, run_id: int) -> Run:
        """The run of this number.

        Raises:
            RunNotFound: If there is none.
        """
        with self.transaction() as connection:
            return self.get(connection, run_id)

    def latest(self, *statuses: Status) -> Run | None:
        """The newest run, or the newest in one of the given statuses."""
        found = self.runs(*statuses, limit=1)
        return found[0] if found else None

    def runs(self, *statuses: Status, limit: int | None = None) -> list[Run]:
        """Runs, newest first: all, or those in the given statuses; without those in the bin."""
        query = sa.select(runs).where(runs.c.deleted_at.is_(None)).order_by(runs.c.id.desc()).limit(limit)
        if statuses:
            query = query.where(runs.c.status.in_(statuses))
        return self._list(query)

    def queue(self) -> list[Run]:
        """The runs that wait for a worker, in the order in which they will be trained."""
        return self._list(sa.select(runs).where(WAITS).order_by(*IN_TURN))

    def anything_waits(self) -> bool:
        """Whether a run waits for a worker."""
        with self.transaction() as connection:
            return connection.execute(sa.select(runs.c.id).where(WAITS).limit(1)).first() is not None

    def deleted(self) -> list[Run]:
        """The runs in the bin, those that were put there last first."""
        return self._list(sa.select(runs).where(runs.c.deleted_at.is_not(None)).order_by(runs.c.deleted_at.desc()))

    def trained_runs(self, limit: int) -> list[Run]:
        """The newest runs that have a trained network, newest first."""
        return self._list(
            sa.select(runs)
            .where(runs.c.test_accuracy.is_not(None), runs.c.deleted_at.is_(None))
            .order_by(runs.c.id.desc())
            .limit(limit)
        )

    def epochs(self, run_id: int) -> list[EpochRecord]:
        """The finished epochs of a run, in order."""
        return self.changes(run_id).epochs

    def epochs_of(self, run_ids: Collection[int]) -> dict[int, list[EpochRecord]]:
        """The finished epochs of several runs, in order; a run without any has an empty list."""
        found: dict[int, list[EpochRecord]] = {run_id: [] for run_id in run_ids}
        query = sa.select(epochs).where(epochs.c.run_id.in_(run_ids)).order_by(epochs.c.run_id, epochs.c.epoch)
        with self.transaction() as connection:
            for row in connection.execute(query):
                found[row.run_id].append(EpochRecord(**metrics_of(row)))
        return found

    def changes(self, run_id: int, *, after_epoch: int = 0, after_step: int = 0) -> Changes:
        """A run as it is now, with the figures that came after the given epoch and step.

        The run is read first: its figures may be newer than it is, never older. Those of a run that has ended are all.

        Raises:
            RunNotFound: If there is no such run.
        """
        new_epochs = sa.select(epochs).where(epochs.c.run_id == run_id, epochs.c.epoch > after_epoch)
        new_points = sa.select(points).where(points.c.run_id == run_id, points.c.step > after_step)
        with self.transaction() as connection:
            run = self.get(connection, run_id)
            return Changes(
                run=run,
                epochs=[EpochRecord(**metrics_of(r)) for r in connection.execute(new_epochs.order_by(epochs.c.epoch))],
                points=[StepMetrics(**metrics_of(r)) for r in connection.execute(new_points.order_by(points.c.step))],
            )

    def claim_next(self, worker: Worker) -> Run | None:
        """Give the first run of the queue to a worker, or None. Of several workers exactly one gets it.

        A run whose worker has vanished keeps its place; it is given away when its last sign of life is
        `settings.takeover_s` old.
        """
        now = time.time()
        ready = sa.or_(runs.c.status == Status.QUEUED, runs.c.heartbeat_at <= now - self.settings.takeover_s)
        with self.transaction() as connection:
            first = sa.select(runs.c.id, runs.c.attempt).where(WAITS, ready).order_by(*IN_TURN).limit(1)
            found = connection.execute(first).one_or_none()
            if found is None:
                return None
            # The condition on status and attempt is what makes this atomic: whoever comes second changes no row.
            claimed = connection.execute(
                runs.update()
                .where(runs.c.id == found.id, runs.c.attempt == found.attempt, WAITS)
                .values(
                    status=Status.RUNNING,
                    message=None,
                    attempt=runs.c.attempt + 1,
                    worker_id=worker.id,
                    worker_pid=worker.pid,
                    worker_host=worker.host,
                    claimed_at=now,
                    heartbeat_at=now,
                    heard_at=None,
                    ended_at=None,
                )
                .returning(*runs.c)
            ).one_or_none()
            if claimed is None:
                return None
            try:
                return run_of(claimed)
            except StoreError as error:  # it would be claimed again and again
                ended = {"status": Status.FAILED, "message": str(error), "ended_at": now}
                connection.execute(runs.update().where(runs.c.id == found.id).values(ended))
                return None

    def wait_until_writable(self) -> None:
        """Return when a write would go through: while somebody else keeps the database locked, none does.

        Raises:
            StoreError: If that takes longer than `LOCK_TIMEOUT_S`.
        """
        with self.transaction() as connection:
            connection.execute(runs.update().where(sa.false()).values(attempt=runs.c.attempt))

    def get(self, connection: sa.Connection, run_id: int) -> Run:
        """The run of this number, read within a transaction.

        Raises:
            RunNotFound: If there is none.
        """
        row = None
        if 0 < run_id <= LARGEST_ID:
            row = connection.execute(sa.select(runs).where(runs.c.id == run_id)).one_or_none()
        if row is None:
            last = connection.execute(sa.select(sa.func.max(runs.c.id))).scalar()
            allowed = f"1 to {last}" if last else "none yet, train one first"
            raise RunNotFound(f"There is no such run. Received: {run_id}. Allowed: {allowed}.")
        return run_of(row)

    def move(self, connection: sa.Connection, run: Run, after: Status, **values: Any) -> Run | None:
        """Apply a transition to the run as it was read; None if somebody else was faster.

        Raises:
            IllegalTransition: If there is no such transition.
        """
        check(run.status, after)
        values |= {"status": after}
        if not after.active:
            values = {"ended_at": time.time(), "request": None, "requested_at": None} | values
        same = sa.and_(runs.c.id == run.id, runs.c.status == run.status, runs.c.attempt == run.attempt)
        if run.heartbeat_at is not None:  # a record keeps microseconds, the column a little more
            same &= sa.func.abs(runs.c.heartbeat_at - run.heartbeat_at.timestamp()) < 1e-4
        row = connection.execute(runs.update().where(same).values(values).returning(*runs.c)).one_or_none()
        return None if row is None else run_of(row)

    def _list(self, query: sa.Select[Any]) -> list[Run]:
        """The runs that a query finds; one that cannot be read does not hide the others."""
        with self.transaction() as connection:
            rows = connection.execute(query).all()
        found = []
        for row in rows:
            try:
                found.append(run_of(row))
            except StoreError as error:
                log.warning("%s", error)
        return found


def _reason(error: Exception) -> object:
    """What the database says, without what SQLAlchemy adds to it for programmers."""
    return getattr(error, "orig", None) or error


def database_url(settings: Settings) -> sa.URL:
    """Return where the run store is. The URL of the default file is built, not written: a path may hold `?` or `%`.

    Raises:
        StoreError: If `settings.database_url` is no URL.
    """
    if not settings.database_url:
        return sa.URL.create("sqlite", database=str(settings.database_file))
    try:
        return sa.make_url(settings.database_url)
    except (sa.exc.ArgumentError, ValueError):
        raise StoreError(
            "CNN_DASH_DATABASE_URL is not the URL of a database. Received: a text that is not shown, as there may be a "
            "password in it. Allowed: for example sqlite:////home/me/runs.db or postgresql+psycopg://me@host/runs; "
            "special characters in a password are written as %40 and the like."
        ) from None
