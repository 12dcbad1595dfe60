"""Databases of earlier versions, of this one and of later ones, and what opening them does. In both databases."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from cnn_dash.errors import StoreError
from cnn_dash.runs import migrate, schema
from cnn_dash.runs.schema import metadata, open_engine
from cnn_dash.runs.store import database_url
from cnn_dash.settings import Settings

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
FIRST_TABLES = ("epochs", "points", "runs")

OPEN = """
import sys
import sqlalchemy as sa
from cnn_dash.runs.schema import open_engine
print("ready", flush=True)
sys.stdin.readline()
with open_engine(sa.make_url(sys.argv[1])).connect() as connection:
    print(connection.execute(sa.text("SELECT count(favourite) FROM runs")).scalar(), "alembic" in sys.modules)
"""


@pytest.fixture
def url(settings: Settings) -> sa.URL:
    """An empty database, as `open_engine` is given it."""
    settings.home.mkdir()
    return database_url(settings)


@pytest.fixture
def old(url: sa.URL) -> sa.URL:
    """A database of the first version: nine runs of every status, with their figures."""
    sql = (HERE / f"database_0001.{url.get_backend_name()}.sql").read_text("utf-8")
    if url.get_backend_name() == "sqlite":
        with closing(sqlite3.connect(str(url.database))) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.executescript(sql)
    else:
        with psycopg.connect(url.set(drivername="postgresql").render_as_string(hide_password=False)) as server:
            server.execute(sql.encode())
    return url


@contextmanager
def plainly(url: sa.URL) -> Iterator[sa.Connection]:
    """A transaction in a database, of whatever version it is."""
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def rows(url: sa.URL, *tables: str) -> dict[str, list[dict[str, Any]]]:
    with plainly(url) as connection:
        return {
            table: [dict(row) for row in connection.execute(sa.text(f"SELECT * FROM {table} ORDER BY 1, 2")).mappings()]
            for table in tables
        }


def opened(url: sa.URL) -> None:
    open_engine(url).dispose()


def version(url: sa.URL) -> str:
    with plainly(url) as connection:
        return str(connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar_one())


# ---- an older database


def test_an_older_database_is_upgraded_with_its_runs_and_their_figures(old: sa.URL) -> None:
    before = rows(old, *FIRST_TABLES)
    assert [run["id"] for run in before["runs"]] == list(range(1, 10))
    opened(old)
    after = rows(old, *FIRST_TABLES)
    assert after["epochs"] == before["epochs"]
    assert after["points"] == [point | {"cpu": None, "gpu": None, "memory_bytes": None} for point in before["points"]]
    for was, run in zip(before["runs"], after["runs"], strict=True):
        del was["stop_requested"]
        if was["status"] == "interrupted":
            was["status"] = "failed"
        assert {name: run[name] for name in was} == was


def test_runs_of_an_older_database_get_what_they_did_not_have(old: sa.URL) -> None:
    opened(old)
    runs = {run["id"]: run for run in rows(old, "runs")["runs"]}
    assert all(run["queued_at"] == run["created_at"] for run in runs.values())
    fixed = {"crashes": 0, "notes": "", "tags": "[]", "favourite": False}
    empty = dict.fromkeys(("requested_at", "heard_at", "checkpoint", "checkpoint_before", "title", "deleted_at"))
    assert all({name: run[name] for name in fixed | empty} == fixed | empty for run in runs.values())


def test_the_figures_by_which_a_run_is_judged_are_found_in_its_epochs(old: sa.URL) -> None:
    opened(old)
    after = rows(old, "runs", "epochs")
    assert len({row["run_id"] for row in after["epochs"]}) > 1
    for run in after["runs"]:
        epochs = [row for row in after["epochs"] if row["run_id"] == run["id"]]  # in order
        for name in schema.TRACKED_METRICS:
            values = [row[name] for row in epochs]
            known = [value for value in values if value is not None]
            best = (min if name.endswith("loss") else max)(known) if known else None
            assert (run[f"last_{name}"], run[f"best_{name}"]) == (values[-1] if values else None, best)


def test_a_database_of_the_second_version_is_upgraded_too(old: sa.URL) -> None:
    engine = sa.create_engine(old)
    with engine.begin() as connection:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", "cnn_dash.runs:migrations")
        command.upgrade(config, "0002")
    engine.dispose()
    before = rows(old, *FIRST_TABLES)
    assert version(old) == "0002"
    opened(old)
    after = rows(old, *FIRST_TABLES)
    assert (after["epochs"], after["points"]) == (before["epochs"], before["points"])
    for was, run in zip(before["runs"], after["runs"], strict=True):
        assert {name: run[name] for name in was} == was
    assert differences(old) == []


def test_what_was_asked_and_what_was_reached_is_said_in_the_new_way(old: sa.URL) -> None:
    opened(old)
    runs = {run["id"]: run for run in rows(old, "runs")["runs"]}
    assert {run["id"]: run["status"] for run in runs.values()} == {
        1: "finished", 2: "stopped", 3: "stopped", 4: "failed", 5: "failed", 6: "running", 7: "running", 8: "queued",
        9: "queued",
    }  # fmt: skip
    # Run 2 was asked to stop as well, but it did.
    assert {number: run["request"] for number, run in runs.items() if run["request"]} == {7: "stop"}
    assert {number: run["result_folder"] for number, run in runs.items() if run["result_folder"]} == {1: ".", 2: "."}
    assert runs[5]["message"].endswith("Start it again with the same settings.")


def test_an_upgraded_database_goes_on_counting_and_forgets_figures_with_their_run(old: sa.URL) -> None:
    engine = open_engine(old)
    with engine.begin() as connection:
        new = {"config": "{}", "status": "queued", "parameters": 1, "multiply_adds": 1, "created_at": 1, "queued_at": 1}
        assert connection.execute(schema.runs.insert().values(new).returning(schema.runs.c.id)).scalar() == 10
        connection.execute(schema.runs.delete().where(schema.runs.c.id == 1))
    engine.dispose()
    left = rows(old, *FIRST_TABLES)
    assert [len(left[table]) for table in FIRST_TABLES] == [3, 17, 9]
    assert 1 not in {row["run_id"] for row in left["epochs"] + left["points"]}


def test_opening_once_more_changes_nothing(old: sa.URL) -> None:
    opened(old)
    before = rows(old, *FIRST_TABLES)
    opened(old)
    assert rows(old, *FIRST_TABLES) == before


def test_tables_that_were_made_only_in_part_are_completed(old: sa.URL) -> None:
    with plainly(old) as connection:
        connection.execute(sa.text("DROP TABLE points"))
        connection.execute(sa.text("DROP INDEX runs_by_status"))
    opened(old)
    assert differences(old) == []
    assert len(rows(old, "runs")["runs"]) == 9


# ---- the scripts make what the program expects


def differences(url: sa.URL) -> list[Any]:
    with plainly(url) as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        return list(compare_metadata(context, metadata))


def test_a_new_database_has_the_tables_of_the_schema(url: sa.URL) -> None:
    opened(url)
    assert differences(url) == []
    assert version(url) == migrate.HEAD


def test_an_upgraded_database_has_the_tables_of_the_schema(old: sa.URL) -> None:
    assert differences(old) != []
    opened(old)
    assert differences(old) == []
    assert version(old) == migrate.HEAD


def test_the_version_that_is_asked_for_is_that_of_the_newest_script() -> None:
    scripts = ScriptDirectory(str(Path(migrate.__file__).parent / "migrations"))
    assert scripts.get_heads() == [migrate.HEAD]


# ---- who else is there


def test_processes_that_open_a_new_database_at_once_all_succeed(url: sa.URL) -> None:
    assert runs_seen(url, processes=4) == [0] * 4
    assert differences(url) == []


def test_processes_that_open_an_older_database_at_once_all_succeed(old: sa.URL) -> None:
    assert runs_seen(old, processes=4) == [9] * 4
    assert differences(old) == []


def runs_seen(url: sa.URL, *, processes: int) -> list[int]:
    """What processes that open a database at the same moment find in it."""
    started = [process(url) for _ in range(processes)]
    for each in started:
        assert each.stdin is not None
        each.stdin.write("go\n")
        each.stdin.flush()
    outputs = [each.communicate() for each in started]
    assert [each.returncode for each in started] == [0] * processes, outputs
    return [int(out.split()[0]) for out, _ in outputs]


def process(url: sa.URL) -> subprocess.Popen[str]:
    """A process that opens the database as soon as it is sent a line."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    command = [sys.executable, "-c", OPEN, url.render_as_string(hide_password=False)]
    started = subprocess.Popen(command, cwd=ROOT, text=True, **pipes)
    assert started.stdout is not None
    assert started.stdout.readline() == "ready\n"
    return started


def test_alembic_is_only_imported_when_there_is_something_to_do(url: sa.URL) -> None:
    assert [process(url).communicate("go\n")[0] for _ in range(2)] == ["0 True\n", "0 False\n"]


def test_threads_that_open_different_databases_at_once_all_succeed(tmp_path: Path) -> None:
    urls = [sa.make_url(f"sqlite:///{tmp_path / str(number)}.db") for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(opened, urls))
    assert [differences(url) for url in urls] == [[]] * 8


def test_a_database_that_stays_locked_is_not_waited_for_for_ever(old: sa.URL, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "LOCK_TIMEOUT_S", 0.2)
    lock = {
        "sqlite": "UPDATE runs SET message = 'mine'",
        "postgresql": f"SELECT pg_advisory_xact_lock({migrate.POSTGRESQL_LOCK})",
    }
    with plainly(old) as connection:
        connection.execute(sa.text(lock[old.get_backend_name()]))
        with pytest.raises(sa.exc.OperationalError, match=r"locked|lock timeout"):
            opened(old)
    opened(old)
    assert version(old) == migrate.HEAD


# ---- a database of a newer version


def test_a_newer_database_is_refused_with_a_sentence_and_left_alone(url: sa.URL) -> None:
    opened(url)
    with plainly(url) as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '0999'"))
    with pytest.raises(StoreError, match=rf"newer version.*Received: .*0999\. Allowed: up to {migrate.HEAD}\. Update"):
        opened(url)
    assert version(url) == "0999"


# ---- the copy beside a SQLite file, and an upgrade that fails

only_sqlite = pytest.mark.parametrize("database", ["sqlite"])


@pytest.fixture
def copy(url: sa.URL) -> Path:
    return Path(f"{url.database}.before-{migrate.HEAD}")


@only_sqlite
def test_the_file_stays_beside_it_as_it_was(old: sa.URL, copy: Path) -> None:
    before = rows(old, *FIRST_TABLES)
    opened(old)
    assert rows(old.set(database=str(copy)), *FIRST_TABLES) == before


@only_sqlite
def test_there_is_no_copy_of_a_database_without_runs(old: sa.URL, copy: Path) -> None:
    with plainly(old) as connection:
        connection.execute(sa.text("DELETE FROM runs"))
    opened(old)
    assert not copy.exists()


@only_sqlite
def test_a_new_database_leaves_no_copy(url: sa.URL, copy: Path) -> None:
    opened(url)
    assert not copy.exists()


@only_sqlite
def test_without_a_copy_nothing_is_changed(old: sa.URL, copy: Path) -> None:
    before = rows(old, *FIRST_TABLES)
    copy.mkdir()
    with pytest.raises(StoreError, match=r"could not be copied.*Received: .*before.*Nothing was changed"):
        opened(old)
    assert rows(old, *FIRST_TABLES) == before


def test_an_upgrade_that_fails_changes_nothing(old: sa.URL) -> None:
    with plainly(old) as connection:
        connection.execute(sa.text("ALTER TABLE points ADD COLUMN gpu INTEGER"))  # the second script will want to do so
    before = rows(old, *FIRST_TABLES)
    with pytest.raises(sa.exc.DBAPIError, match="gpu"):
        opened(old)
    assert rows(old, *FIRST_TABLES) == before
    with plainly(old) as connection:
        assert set(sa.inspect(connection).get_table_names()) == set(FIRST_TABLES)
