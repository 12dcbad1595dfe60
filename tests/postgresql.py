"""A PostgreSQL server of the tests' own: made in a temporary folder, reached by a socket in it, gone afterwards.

It listens to no port, so nobody else can reach it and no port can be taken.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa

from cnn_dash.runs.schema import metadata, open_engine
from scripts.find_postgresql import installed

START_TIMEOUT_S = 60
SUPERUSER = "tests"
KEPT = "kept"
END_OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
# A test that loses power needs no data back.
HURRIED = ("-F", "-c", "synchronous_commit=off", "-c", "full_page_writes=off", "-c", "shared_buffers=32MB")


class NoPostgresql(Exception):
    """There is no server to be had here; the message says why."""


class PostgresqlServer:
    """A running server."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count(1)
        self._has_kept = False

    @contextlib.contextmanager
    def database(self) -> Iterator[str]:
        """The URL of a new, empty database; it is dropped afterwards, whoever still uses it."""
        name = f"test_{next(self._numbers)}"
        self._execute(f"CREATE DATABASE {name}")
        try:
            yield self._url(name)
        finally:
            self._execute(f"DROP DATABASE {name} WITH (FORCE)")

    def emptied(self) -> str:
        """The URL of a database that has our tables, with nothing in them; it is the same one each time.

        To make a new one with its tables takes ten times as long, which is longer than most tests.
        """
        url = self._url(KEPT)
        if not self._has_kept:
            self._execute(f"CREATE DATABASE {KEPT}")
            open_engine(sa.make_url(url)).dispose()
            self._has_kept = True
        self._execute(END_OTHERS, KEPT)
        self._execute(f"TRUNCATE {', '.join(metadata.tables)} RESTART IDENTITY", KEPT)
        return url

    def _url(self, name: str) -> str:
        url = sa.URL.create("postgresql+psycopg", SUPERUSER, database=name, query={"host": str(self._folder)})
        return url.render_as_string(hide_password=False)

    def answers(self) -> bool:
        """Whether it takes connections."""
        with contextlib.suppress(psycopg.OperationalError):
            self._execute("SELECT 1")
            return True
        return False

    def _execute(self, statement: str, database: str = "postgres") -> None:
        where = {"host": str(self._folder), "user": SUPERUSER, "dbname": database}
        with psycopg.connect(**where, autocommit=True) as connection:
            connection.execute(statement.encode())


@contextlib.contextmanager
def running_server() -> Iterator[PostgresqlServer]:
    """Start a server, and stop it afterwards.

    Raises:
        NoPostgresql: If that is not possible here.
    """
    programs = installed()
    if programs is None:
        raise NoPostgresql("no PostgreSQL is installed: run scripts/find_postgresql.py")
    folder = Path(tempfile.mkdtemp(prefix="cnn-dash-postgresql-"))
    try:
        owner = _owner(folder)
        _make_files(programs / "initdb", folder, owner)
        with (folder / "log").open("wb") as log:
            command = [programs / "postgres", "-D", folder / "data", "-k", folder, "-h", "", *HURRIED]
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=folder, **owner)
        try:
            server = PostgresqlServer(folder)
            _wait(process, server, folder / "log")
            yield server
        finally:
            process.send_signal(signal.SIGQUIT)  # to PostgreSQL: at once, and no matter what becomes of the files
            process.wait(START_TIMEOUT_S)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _owner(folder: Path) -> dict[str, Any]:
    """As whom the server runs, for `subprocess`: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    import pwd

    names = {entry.pw_name for entry in pwd.getpwall()}
    name = "postgres" if "postgres" in names else "nobody"
    shutil.chown(folder, name)
    return {"user": name, "group": pwd.getpwnam(name).pw_gid, "extra_groups": []}


def _make_files(initdb: Path, folder: Path, owner: dict[str, Any]) -> None:
    command = [initdb, "-D", folder / "data", "-U", SUPERUSER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, **owner)
    if done.returncode != 0:
        raise NoPostgresql(f"PostgreSQL cannot make its files: {done.stderr.strip()}")


def _wait(process: subprocess.Popen[bytes], server: PostgresqlServer, log: Path) -> None:
    end = time.monotonic() + START_TIMEOUT_S
    while not server.answers():
        if process.poll() is not None or time.monotonic() > end:
            raise NoPostgresql(f"PostgreSQL does not start: {log.read_text(errors='replace')}")
        time.sleep(0.05)
