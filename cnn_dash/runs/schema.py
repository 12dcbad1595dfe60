"""Tables of the run store and how a database is opened.

Times are UNIX seconds (UTC) in double precision: both databases keep them alike, without time zones. Whoever changes a
table adds a script to `migrations`, by which the databases that are there follow.
"""

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from cnn_dash.runs.migrate import bring_up_to_date

metadata = sa.MetaData()

# The figures of an epoch that make a run better or worse, and which of several is the best.
TRACKED_METRICS: dict[str, Callable[[sa.Column[float]], sa.ColumnElement[float]]] = {
    "loss": sa.func.min,
    "accuracy": sa.func.max,
    "val_loss": sa.func.min,
    "val_accuracy": sa.func.max,
    "val_auc": sa.func.max,
}

runs = sa.Table(
    "runs",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("config", sa.Text, nullable=False),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("message", sa.Text),
    # What was asked of the worker that holds the run (`Request`), when, and when the worker said that it has heard it.
    sa.Column("request", sa.String(8)),
    sa.Column("requested_at", sa.Double),
    sa.Column("heard_at", sa.Double),
    # Place in the queue: the smallest comes first. A new run gets the time, so that it comes last.
    sa.Column("queued_at", sa.Double, nullable=False),
    sa.Column("parameters", sa.BigInteger, nullable=False),
    sa.Column("multiply_adds", sa.BigInteger, nullable=False),
    sa.Column("created_at", sa.Double, nullable=False),
    sa.Column("claimed_at", sa.Double),
    sa.Column("first_metric_at", sa.Double),
    sa.Column("ended_at", sa.Double),
    # Counts the claims of this run. Every write of a worker names the one it holds, so that a worker that was given
    # up for dead cannot write into a run that somebody else has taken over.
    sa.Column("attempt", sa.Integer, nullable=False, default=0),
    sa.Column("worker_id", sa.String(32)),
    sa.Column("worker_pid", sa.Integer),
    sa.Column("worker_host", sa.String(255)),
    sa.Column("heartbeat_at", sa.Double),
    # How often in a row a worker vanished without a checkpoint in between.
    sa.Column("crashes", sa.Integer, nullable=False, default=0),
    # Names of the files from which the run goes on: the newest, and the one before it.
    sa.Column("checkpoint", sa.String(64)),
    sa.Column("checkpoint_before", sa.String(64)),
    sa.Column("train_images", sa.Integer),
    sa.Column("batches", sa.Integer),
    sa.Column("epoch", sa.Integer, nullable=False, default=0),
    sa.Column("batch", sa.Integer, nullable=False, default=0),
    sa.Column("images_per_second", sa.Double),
    # Of the table of epochs, see `summary_columns`: a thousand runs are sorted by them without reading all of it.
    *(sa.Column(f"{which}_{name}", sa.Double) for which in ("last", "best") for name in TRACKED_METRICS),
    sa.Column("test_accuracy", sa.Double),
    sa.Column("test_loss", sa.Double),
    sa.Column("best_epoch", sa.Integer),
    sa.Column("seconds", sa.Double),
    sa.Column("weights_sha256", sa.String(64)),
    sa.Column("result_steps", sa.Integer),
    # Folder in the run's own one with the network and its answers; each claim writes into one of its own.
    sa.Column("result_folder", sa.String(64)),
    # What a person adds.
    sa.Column("title", sa.String(120)),
    sa.Column("notes", sa.Text, nullable=False, default=""),
    sa.Column("tags", sa.Text, nullable=False, default="[]"),  # a JSON list of words
    sa.Column("favourite", sa.Boolean, nullable=False, default=False),
    # Since when the run is in the bin; it is there until somebody empties it or its time is over.
    sa.Column("deleted_at", sa.Double),
    sa.Index("runs_by_status", "status", "queued_at"),
    sqlite_autoincrement=True,  # the number of a run that was deleted is never given to another one
)

epochs = sa.Table(
    "epochs",
    metadata,
    sa.Column("run_id", sa.ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("epoch", sa.Integer, primary_key=True),
    sa.Column("loss", sa.Double, nullable=False),
    sa.Column("accuracy", sa.Double, nullable=False),
    sa.Column("val_loss", sa.Double, nullable=False),
    sa.Column("val_accuracy", sa.Double, nullable=False),
    sa.Column("val_auc", sa.Double),
    sa.Column("learning_rate", sa.Double, nullable=False),
    sa.Column("seconds", sa.Double, nullable=False),
    sa.Column("images_per_second", sa.Double, nullable=False),
)

points = sa.Table(
    "points",
    metadata,
    sa.Column("run_id", sa.ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("step", sa.Integer, primary_key=True),
    sa.Column("position", sa.Double, nullable=False),
    sa.Column("loss", sa.Double, nullable=False),
    sa.Column("accuracy", sa.Double, nullable=False),
    sa.Column("learning_rate", sa.Double, nullable=False),
    sa.Column("images_per_second", sa.Double, nullable=False),
    # Of the machine, 0-1; of the worker, in bytes; NULL where it is not known.
    sa.Column("cpu", sa.Double),
    sa.Column("gpu", sa.Double),
    sa.Column("memory_bytes", sa.BigInteger),
)


def summary_columns() -> dict[str, sa.ScalarSelect[float]]:
    """What the columns of the last and the best figures of a run are, in an UPDATE of runs."""
    own = epochs.c.run_id == runs.c.id
    found = {}
    for name, best in TRACKED_METRICS.items():
        figure = epochs.c[name]
        found[f"last_{name}"] = sa.select(figure).where(own).order_by(epochs.c.epoch.desc()).limit(1).scalar_subquery()
        found[f"best_{name}"] = sa.select(best(figure)).where(own).scalar_subquery()
    return found


LOCK_TIMEOUT_S = 30


def open_engine(url: sa.URL) -> sa.Engine:
    """Open the database at a SQLAlchemy URL, and bring its tables to this version.

    Raises:
        StoreError: If the database is of a newer version than this program.
    """
    sqlite = url.get_backend_name() == "sqlite"
    if sqlite and url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(url, pool_pre_ping=not sqlite, connect_args={"timeout": LOCK_TIMEOUT_S} if sqlite else {})
    sa.event.listen(engine, "connect", _prepare_sqlite if sqlite else _prepare_postgresql)
    try:
        bring_up_to_date(engine)
    except BaseException:
        engine.dispose()
        raise
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    # WAL: readers and the writing worker do not wait for each other. NORMAL: a power cut may cost the last moments,
    # a killed process costs nothing.
    _turn_to_wal(connection)
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA foreign_keys=ON")


def _turn_to_wal(connection: sqlite3.Connection) -> None:
    # Of several processes that turn a new file over at the same moment, SQLite refuses all but one at once, whatever
    # the timeout: to wait would be a deadlock, as each of them reads already. So each lets go and asks again.
    deadline = time.monotonic() + LOCK_TIMEOUT_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() >= deadline:
                raise
            time.sleep(0.01)


def _prepare_postgresql(connection: Any, _record: Any) -> None:
    # By itself PostgreSQL waits for a lock for ever.
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = '{LOCK_TIMEOUT_S * 1000:.0f}ms'")
    connection.commit()
