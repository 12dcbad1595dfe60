"""Bring the tables of a database to the version that this program works with.

The scripts that do it are in `migrations`, and Alembic runs them. It is imported only when there is something to do:
that takes a tenth of a second, and every process that opens a store would pay for it.
"""

import logging
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager

import sqlalchemy as sa

from cnn_dash.errors import StoreError

log = logging.getLogger(__name__)

HEAD = "0006"  # the newest script in `migrations/versions`

# Any number will do, as long as nobody else asks the same PostgreSQL for a lock of this one: "CNN Dash".
POSTGRESQL_LOCK = int.from_bytes(b"CNN Dash", "big")

# Between processes the database keeps order; Alembic, though, keeps what it works on in global variables.
_one_thread = threading.Lock()


def bring_up_to_date(engine: sa.Engine) -> None:
    """Make the tables, or change those of an older version; nothing is done if they are as they should be.

    All of it is one transaction, which one process at a time holds. Whoever came second finds it done. Beside a SQLite
    file with runs a copy of it stays, as it was before, with `.before-0006` at the end of its name.

    Raises:
        StoreError: If the database is of a newer version than this program, or the copy cannot be made.
    """
    with engine.connect() as connection:
        if _is_current(connection):
            return
    with _one_thread, _alone(engine) as connection:
        if not _is_current(connection):
            _keep_copy(connection)
            _run_scripts(connection)


def _is_current(connection: sa.Connection) -> bool:
    """Return whether the tables are of this version. Without a version they are of the first, or missing."""
    version = None
    if sa.inspect(connection).has_table("alembic_version"):
        version = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
    if version is not None and version > HEAD:
        raise StoreError(
            "The run store belongs to a newer version of CNN Dash, and this one would damage it. "
            f"Received: a database of version {version}. Allowed: up to {HEAD}. "
            "Update CNN Dash, or name another database by CNN_DASH_DATABASE_URL or another folder by CNN_DASH_HOME."
        )
    return bool(version == HEAD)


@contextmanager
def _alone(engine: sa.Engine) -> Iterator[sa.Connection]:
    """Open a transaction that no other process is in at the same time; roll it back if something fails."""
    sqlite = engine.dialect.name == "sqlite"
    with engine.connect() as connection:
        if sqlite:
            # To change a table, Alembic builds it anew and drops the old one. With foreign keys on, SQLite would take
            # that for the end of all runs, and delete their metrics too. In a transaction they cannot be turned off.
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            # The driver begins a transaction by itself only before an INSERT and the like, too late to lock anything.
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(POSTGRESQL_LOCK)))
        try:
            yield connection
            connection.commit()
        finally:
            connection.rollback()
            if sqlite:
                connection.exec_driver_sql("PRAGMA foreign_keys=ON")


def _keep_copy(connection: sa.Connection) -> None:
    """Copy a SQLite file that has runs. Nobody else writes into it meanwhile, as this connection holds the lock."""
    if connection.dialect.name != "sqlite" or not sa.inspect(connection).has_table("runs"):
        return
    file = next(row.file for row in connection.exec_driver_sql("PRAGMA database_list") if row.name == "main")
    if not file or connection.exec_driver_sql("SELECT id FROM runs LIMIT 1").first() is None:
        return
    name = f"{file}.before-{HEAD}"
    try:
        with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(name)) as copy:
            source.backup(copy)
    except sqlite3.Error as error:
        raise StoreError(
            f"The run store is of an older version and could not be copied before it is changed: {error}. "
            f"Received: {name!r}. Allowed: a file that can be written, on a disk with room for it. "
            "Nothing was changed. Free disk space, or move away what is in its place, and try again."
        ) from error
    log.info("The database is of an older version; it stays as it was in %s.", name)


def _run_scripts(connection: sa.Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", "cnn_dash.runs:migrations")
    command.upgrade(config, "head")
