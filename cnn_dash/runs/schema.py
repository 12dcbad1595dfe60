"""Tables of the run store and how a database is opened.

Times are UNIX seconds (UTC) in double precision: both databases keep them alike, without time zones. Whoever changes a
table adds a script to `migrations`, by which existing databases follow.
"""

import sqlite3
import time
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from cnn_dash.errors import StoreError
from cnn_dash.metrics import MAX_NAME
from cnn_dash.runs.migrate import bring_up_to_date
from cnn_dash.settings import Settings

MAX_TITLE = 120

metadata = sa.MetaData()

JSON = sa.JSON(none_as_null=True)  # not PostgreSQL's JSONB, which sorts the keys: params and layers keep their order
# Text case-folded by Python, since SQLite folds only ASCII and PostgreSQL as it was installed; sorted by code points.
FOLDED = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")

runs = sa.Table(
    "runs",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    # `recipe`: ours, with a `config`; `external`: recorded by another program, with free `params` (`Source`).
    sa.Column("source", sa.String(16), nullable=False),
    sa.Column("config", JSON),
    sa.Column("params", JSON),
    # Of an external run: its layers as it lists them, and the epochs that it plans, if it says so.
    sa.Column("layers", JSON),
    sa.Column("planned_epochs", sa.Integer),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("message", sa.Text),
    # What was asked of the worker that holds the run (`Request`), when, and when the worker acknowledged it.
    sa.Column("request", sa.String(8)),
    sa.Column("requested_at", sa.Double),
    sa.Column("acknowledged_at", sa.Double),
    # Place in the queue: the smallest comes first. A new run gets the time, so that it comes last.
    sa.Column("queued_at", sa.Double, nullable=False),
    # The data folder of whoever started the run: a worker looks there first, or what it finds would depend on which
    # process took the run.
    sa.Column("data_dir", sa.Text),
    # Hash of the content of the data set that the run is trained with, since its worker loaded it.
    sa.Column("data_sha256", sa.String(64)),
    sa.Column("parameters", sa.BigInteger),
    sa.Column("multiply_adds", sa.BigInteger),
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
    # Names of the files from which the run resumes: the newest, and the one before it.
    sa.Column("checkpoint", sa.String(64)),
    sa.Column("checkpoint_before", sa.String(64)),
    sa.Column("train_images", sa.Integer),
    sa.Column("batches", sa.Integer),
    sa.Column("epoch", sa.Integer, nullable=False, default=0),
    sa.Column("batch", sa.Integer, nullable=False, default=0),
    sa.Column("images_per_second", sa.Double),
    sa.Column("test_accuracy", sa.Double),
    sa.Column("test_loss", sa.Double),
    sa.Column("best_epoch", sa.Integer),
    sa.Column("seconds", sa.Double),
    sa.Column("weights_sha256", sa.String(64)),
    sa.Column("result_steps", sa.Integer),
    # Folder in the run's own one with the network and its predictions; each claim writes into one of its own.
    sa.Column("result_folder", sa.String(64)),
    # What a person adds.
    sa.Column("title", sa.String(MAX_TITLE)),
    sa.Column("notes", sa.Text, nullable=False, default=""),
    sa.Column("tags", sa.Text, nullable=False, default="[]"),  # a JSON list of words
    sa.Column("favourite", sa.Boolean, nullable=False, default=False),
    # Since when the run is in the trash; it is there until somebody empties it or its time is over.
    sa.Column("deleted_at", sa.Double),
    # With `deleted_at` in each: SQLite would else take the index of that, and go through all runs.
    sa.Index("runs_by_status", "status", "deleted_at", "id"),
    sa.Index("runs_by_end", "deleted_at", "ended_at", "id"),
    sa.Index("runs_by_deletion", "deleted_at", "id"),
    sqlite_autoincrement=True,  # the number of a run that was deleted is never given to another one
)


def _of_run() -> sa.Column[int]:
    return sa.Column("run_id", sa.ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True)


def _value(name: str = "value") -> tuple[sa.Column[float], sa.Column[str]]:
    """Return a number and its kind, NULL or `nan`, `inf`, `-inf`: SQLite keeps no NaN, so the number is NULL then."""
    return sa.Column(name, sa.Double), sa.Column(f"{name}_kind", sa.String(4))


epochs = sa.Table(
    "epochs",
    metadata,
    _of_run(),
    sa.Column("epoch", sa.Integer, primary_key=True),
    sa.Column("seconds", sa.Double),
)

epoch_metrics = sa.Table(
    "epoch_metrics",
    metadata,
    _of_run(),
    sa.Column("epoch", sa.Integer, primary_key=True),
    sa.Column("name", sa.String(MAX_NAME), primary_key=True),
    *_value(),
    sqlite_with_rowid=False,  # the rows lie in the order in which they are read
)

steps = sa.Table(
    "steps",
    metadata,
    _of_run(),
    sa.Column("step", sa.Integer, primary_key=True),
    sa.Column("position", sa.Double, nullable=False),
    sqlite_with_rowid=False,
)

step_metrics = sa.Table(
    "step_metrics",
    metadata,
    _of_run(),
    sa.Column("step", sa.Integer, primary_key=True),
    sa.Column("name", sa.String(MAX_NAME), primary_key=True),
    *_value(),
    sqlite_with_rowid=False,
)

# Of `epoch_metrics`, kept in the transaction of the epoch: runs are searched and sorted without reading their epochs.
metric_summaries = sa.Table(
    "metric_summaries",
    metadata,
    _of_run(),
    sa.Column("name", sa.String(MAX_NAME), primary_key=True),
    *_value("last"),
    *_value("best"),  # NULL if the metric has no direction, or no epoch a number
    sa.Column("best_epoch", sa.Integer),
    sa.Index("metric_summaries_by_name", "name", "last"),
    sqlite_with_rowid=False,
)

# What words are looked for in.
run_texts = sa.Table(
    "run_texts",
    metadata,
    _of_run(),
    sa.Column("field", sa.String(16), primary_key=True),  # name, tag, notes, dataset, preset
    sa.Column("line", sa.Integer, primary_key=True),
    sa.Column("folded", FOLDED, nullable=False),
    sqlite_with_rowid=False,
)

# The index of the JSON columns `config` and `params`: a row for each setting, by its path, so that both databases
# search and sort by any setting alike, and without reading the JSON of all runs. A number has its value in `number`.
run_settings = sa.Table(
    "run_settings",
    metadata,
    _of_run(),
    sa.Column("path", sa.String(200), primary_key=True),
    sa.Column("number", sa.Double),
    sa.Column("text", FOLDED),
    sa.Index("run_settings_by_path", "path", "number"),
    sqlite_with_rowid=False,
)

LOCK_TIMEOUT_S = 30


def database_url(settings: Settings) -> sa.URL:
    """Return where the run store is. The URL of the default file is built, not written: a path may hold `?` or `%`.

    Raises:
        StoreError: If `settings.database_url` is no URL; it is not shown, as there may be a password in it.
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
