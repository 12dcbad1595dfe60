"""The run store: how runs come in and are read.

What a person may ask of a run is in `actions`, `annotations` and `trash`; how a worker gets a run, and what only it may
do with it, is in `lease`.

One database (SQLite by default, PostgreSQL by URL) that browser, command line and workers share. Every method is one
transaction, and returns frozen records.
"""

import logging
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from cnn_dash.config import RunConfig
from cnn_dash.errors import RunNotFound, StoreError
from cnn_dash.runs.metric_rows import in_parts, read_epochs, read_steps, read_summaries
from cnn_dash.runs.records import EpochMetrics, Run, StepMetrics
from cnn_dash.runs.rows import external_row, run_of
from cnn_dash.runs.schema import MAX_TITLE, database_url, open_engine, runs
from cnn_dash.runs.search_index import index
from cnn_dash.runs.status import WAITING, Source, Status, check
from cnn_dash.settings import Settings
from cnn_dash.text import one_line

log = logging.getLogger(__name__)

# An external run is never handed to our workers.
WAITS = sa.and_(runs.c.status.in_(WAITING), runs.c.deleted_at.is_(None), runs.c.source == Source.RECIPE)
TRAINED, TESTED = runs.c.weights_sha256.is_not(None), runs.c.test_accuracy.is_not(None)
NEWEST_FIRST = (runs.c.id.desc(),)
IN_TURN = (runs.c.queued_at, runs.c.id)
_ONE_RUN = sa.select(runs).where(runs.c.id == sa.bindparam("run"))
LARGEST_ID = 2**31 - 1  # the databases refuse to look for a larger one


@dataclass(frozen=True)
class Worker:
    """Who trains: an identity that is never used twice, and where to find the process."""

    id: str
    pid: int
    host: str

    def holds(self, now: float) -> dict[str, Any]:
        """Return the columns of a run that this worker has held since `now`, in UNIX seconds."""
        who = {"worker_id": self.id, "worker_pid": self.pid, "worker_host": self.host}
        return who | {"claimed_at": now, "heartbeat_at": now}


@dataclass(frozen=True)
class Changes:
    """A run, and what has been recorded of it since a reader last looked."""

    run: Run
    epochs: list[EpochMetrics]
    steps: list[StepMetrics]


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
        """Open a transaction; trouble with the database becomes a `StoreError`."""
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

    def create(self, config: RunConfig, *, parameters: int, multiply_adds: int) -> Run:
        """Put a new run at the end of the queue. Use `submit`, which checks it first."""
        now = time.time()
        values = {
            "source": Source.RECIPE,
            "config": config.model_dump(mode="json"),
            "data_dir": str(self.settings.data_dir),
            "status": Status.QUEUED,
            "parameters": parameters,
            "multiply_adds": multiply_adds,
            "created_at": now,
            "queued_at": now,
        }
        with self.transaction() as connection:
            return self._insert(connection, values)

    def record_external(
        self,
        worker: Worker,
        *,
        params: Mapping[str, Any] | None = None,
        layers: Sequence[Mapping[str, Any]] = (),
        planned_epochs: int | None = None,
        parameters: int | None = None,
        title: str | None = None,
    ) -> Run:
        """Add a run that another program trains: it is running already, and `worker` holds it.

        It is recorded through a `Lease`, like one of ours. When it falls silent it is interrupted, but nobody takes it
        over: it is running again as soon as the same lease records something.

        Args:
            worker: The process of the other program.
            params: Its settings; nested ones are joined by dots in searches. What JSON cannot carry is kept as text.
            layers: Its layers in order, each with what is known of it: `name`, `kind`, `output_shape`, `parameters`.
            planned_epochs: How many epochs it plans, if it says so.
            parameters: Number of parameters of its network.
            title: Its name.
        """
        values = external_row(params or {}, layers)
        values |= {"planned_epochs": planned_epochs, "parameters": parameters}
        values["title"] = None if title is None else one_line(title)[:MAX_TITLE] or None
        now = time.time()
        values |= {"status": Status.RUNNING, "attempt": 1, "created_at": now, "queued_at": now}
        with self.transaction() as connection:
            return self._insert(connection, values | worker.holds(now))

    def _insert(self, connection: sa.Connection, values: Mapping[str, Any]) -> Run:
        run = run_of(connection.execute(runs.insert().values(values).returning(*runs.c)).one(), {})
        index(connection, run)
        return run

    def run(self, run_id: int) -> Run:
        """Return the run of this number.

        Raises:
            RunNotFound: If there is none.
        """
        with self.transaction() as connection:
            return self.get(connection, run_id)

    def latest(self, *statuses: Status) -> Run | None:
        """Return the newest run, or the newest in one of the given statuses."""
        found = self.runs(*statuses, limit=1)
        return found[0] if found else None

    def runs(self, *statuses: Status, limit: int | None = None) -> list[Run]:
        """Return runs, newest first: all, or those in the given statuses; without those in the trash."""
        query = sa.select(runs).where(runs.c.deleted_at.is_(None)).order_by(runs.c.id.desc()).limit(limit)
        if statuses:
            query = query.where(runs.c.status.in_(statuses))
        return self._list(query)

    def select(
        self,
        *conditions: sa.ColumnElement[bool],
        order: Sequence[sa.ColumnElement[Any]] = NEWEST_FIRST,
        limit: int | None = None,
        offset: int = 0,
    ) -> list[Run]:
        """Return the runs for which all conditions hold, in an order, newest first by default; none from the trash.

        Only the numbers of the runs are sorted: their settings are read of those that are returned.
        """
        query = sa.select(runs.c.id).where(runs.c.deleted_at.is_(None), *conditions)
        with self.transaction() as connection:
            ids = connection.execute(query.order_by(*order).limit(limit).offset(offset)).scalars().all()
        return self.by_ids(ids)

    def by_ids(self, run_ids: Sequence[int]) -> list[Run]:
        """Return the runs of these numbers, in this order, those in the trash too; one that is gone is left out."""
        found: dict[int, Run] = {}
        for some in in_parts(run_ids):
            found |= {run.id: run for run in self._list(sa.select(runs).where(runs.c.id.in_(some)))}
        return [found[run_id] for run_id in run_ids if run_id in found]

    def queue(self) -> list[Run]:
        """Return the runs that wait for a worker, in the order in which they will be trained."""
        return self._list(sa.select(runs).where(WAITS).order_by(*IN_TURN))

    def anything_waits(self) -> bool:
        """Return whether a run waits for a worker."""
        with self.transaction() as connection:
            return connection.execute(sa.select(runs.c.id).where(WAITS).limit(1)).first() is not None

    def deleted(self) -> list[Run]:
        """Return the runs in the trash, those that were put there last first."""
        return self._list(sa.select(runs).where(runs.c.deleted_at.is_not(None)).order_by(runs.c.deleted_at.desc()))

    def trained_runs(self, limit: int, *statuses: Status) -> list[Run]:
        """Return the newest runs that have a trained network, newest first: any, or those in the given statuses."""
        some = runs.c.status.in_(statuses) if statuses else sa.true()
        return self.select(TRAINED, some, limit=limit)

    def epochs(self, run_id: int) -> list[EpochMetrics]:
        """Return the finished epochs of a run, in order.

        Raises:
            RunNotFound: If there is no such run.
        """
        return self.changes(run_id).epochs

    def epochs_of(self, run_ids: Collection[int]) -> dict[int, list[EpochMetrics]]:
        """Return the finished epochs of several runs, in order; a run without any has an empty list."""
        with self.transaction() as connection:
            return read_epochs(connection, run_ids)

    def changes(self, run_id: int, *, after_epoch: int = -1, after_step: int = -1) -> Changes:
        """Return a run as it is now, with the metrics that came after the given epoch and step.

        The run is read first: its metrics may be newer than it is, never older. Those of a run that has ended are all.

        Raises:
            RunNotFound: If there is no such run.
        """
        with self.transaction() as connection:
            return Changes(
                run=self.get(connection, run_id),
                epochs=read_epochs(connection, [run_id], after_epoch=after_epoch)[run_id],
                steps=read_steps(connection, run_id, after_step=after_step),
            )

    def wait_until_writable(self) -> None:
        """Return when a write would go through; `StoreError` if that takes longer than `LOCK_TIMEOUT_S`."""
        with self.transaction() as connection:
            connection.execute(runs.update().where(sa.false()).values(attempt=runs.c.attempt))

    def get(self, connection: sa.Connection, run_id: int) -> Run:
        """Return the run of this number, read within a transaction.

        Raises:
            RunNotFound: If there is none.
        """
        row = None
        if 0 < run_id <= LARGEST_ID:
            row = connection.execute(_ONE_RUN, {"run": run_id}).one_or_none()
        if row is None:
            last = connection.execute(sa.select(sa.func.max(runs.c.id))).scalar()
            allowed = f"1 to {last}" if last else "none yet, train one first"
            raise RunNotFound(f"There is no such run. Received: {run_id}. Allowed: {allowed}.")
        return self.read_rows(connection, [row])[0]

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
        return None if row is None else self.read_rows(connection, [row])[0]

    def _list(self, query: sa.Select[Any]) -> list[Run]:
        """Return the runs that a query finds; one that cannot be read does not hide the others."""
        with self.transaction() as connection:
            rows = connection.execute(query).all()
            metrics = read_summaries(connection, [row.id for row in rows])
        found = []
        for row in rows:
            try:
                found.append(run_of(row, metrics.get(row.id, {})))
            except StoreError as error:
                log.warning("%s", error)
        return found

    def read_rows(self, connection: sa.Connection, rows: Sequence[sa.Row[Any]]) -> list[Run]:
        """Return the runs of rows of the table of runs, read within a transaction.

        Raises:
            StoreError: If the settings of one are those of another version of CNN Dash.
        """
        metrics = read_summaries(connection, [row.id for row in rows])
        return [run_of(row, metrics.get(row.id, {})) for row in rows]


def _reason(error: Exception) -> object:
    """Return what the database says, without what SQLAlchemy adds to it for programmers."""
    return getattr(error, "orig", None) or error
