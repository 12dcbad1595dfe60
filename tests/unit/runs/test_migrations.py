"""Databases of earlier versions, of this one and of later ones, and what opening them does. In both databases."""

import json
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

from cnn_dash import presets
from cnn_dash.errors import StoreError
from cnn_dash.hyperparameters import override
from cnn_dash.metrics import metric
from cnn_dash.runs import actions, migrate, schema
from cnn_dash.runs.lease import Lease
from cnn_dash.runs.migrations.versions import v0004_metrics_as_rows as v0004
from cnn_dash.runs.records import EpochMetrics, MetricSummary
from cnn_dash.runs.schema import database_url, metadata, open_engine
from cnn_dash.runs.search_index import index
from cnn_dash.runs.status import Request, Source, Status
from cnn_dash.runs.store import RunStore, Worker
from cnn_dash.settings import Settings
from tests.factories import epoch_metrics

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
FIRST_TABLES = ("epochs", "points", "runs")
NEW_TABLES = ("runs", "epochs", "epoch_metrics", "steps", "step_metrics", "metric_summaries", "run_texts")
# What an epoch and a point had as columns.
EPOCH_COLUMNS = ("loss", "accuracy", "val_loss", "val_accuracy", "val_auc", "learning_rate", "images_per_second")
POINT_COLUMNS = ("loss", "accuracy", "learning_rate", "images_per_second", "cpu", "gpu", "memory_bytes")
TRACKED = EPOCH_COLUMNS[:5]

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
def postgresql_url(new_postgresql_url: str) -> str:
    """A database that has no tables yet."""
    return new_postgresql_url


@pytest.fixture
def url(settings: Settings) -> sa.URL:
    """An empty database, as `open_engine` is given it."""
    settings.home.mkdir()
    return database_url(settings)


@pytest.fixture
def old(url: sa.URL) -> sa.URL:
    """A database of the first version: nine runs of every status, with their metrics."""
    return filled(url, "0001")


@pytest.fixture
def third(url: sa.URL) -> sa.URL:
    """A database of the third version: eleven runs of every status, with what a person added and a queue."""
    return filled(url, "0003")


def filled(url: sa.URL, from_version: str) -> sa.URL:
    sql = (HERE / f"database_{from_version}.{url.get_backend_name()}.sql").read_text("utf-8")
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
            table: [dict(row) for row in connection.execute(sa.text(f"SELECT * FROM {table} ORDER BY {by}")).mappings()]
            for table in tables
            for by in ("1" if table == "runs" else "1, 2",)  # the second column of runs may be JSON, without an order
        }


def opened(url: sa.URL) -> None:
    open_engine(url).dispose()


def version(url: sa.URL) -> str:
    with plainly(url) as connection:
        return str(connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar_one())


# ---- an older database


def values_of(old_rows: list[dict[str, Any]], key: str, names: tuple[str, ...]) -> dict[tuple[int, int, str], float]:
    """The metrics that were columns, by run, epoch or step, and name."""
    return {
        (row["run_id"], row[key], name): row[name] for row in old_rows for name in names if row.get(name) is not None
    }


def metrics_of(new_rows: list[dict[str, Any]], key: str) -> dict[tuple[int, int, str], float]:
    assert {row["value_kind"] for row in new_rows} <= {None}
    return {(row["run_id"], row[key], row["name"]): row["value"] for row in new_rows}


def assert_metrics_survived(before: dict[str, list[dict[str, Any]]], after: dict[str, list[dict[str, Any]]]) -> None:
    assert metrics_of(after["epoch_metrics"], "epoch") == values_of(before["epochs"], "epoch", EPOCH_COLUMNS)
    assert metrics_of(after["step_metrics"], "step") == values_of(before["points"], "step", POINT_COLUMNS)
    for table, was, columns in (("epochs", "epochs", ("epoch", "seconds")), ("steps", "points", ("step", "position"))):
        wanted = [{name: row[name] for name in ("run_id", *columns)} for row in before[was]]
        assert after[table] == wanted


def test_an_older_database_is_upgraded_with_its_runs_and_their_metrics(old: sa.URL) -> None:
    before = rows(old, *FIRST_TABLES)
    assert [run["id"] for run in before["runs"]] == list(range(1, 10))
    opened(old)
    after = rows(old, *NEW_TABLES)
    assert_metrics_survived(before, after)
    for was, run in zip(before["runs"], after["runs"], strict=True):
        del was["stop_requested"]
        was["config"] = json.loads(was["config"])
        run["config"] = as_json(run["config"])
        if was["status"] == "interrupted":
            was["status"] = "failed"
        assert {name: run[name] for name in was} == was


def as_json(value: Any) -> Any:
    """A JSON column, which PostgreSQL's driver has parsed already."""
    return json.loads(value) if isinstance(value, str) else value


def test_runs_of_an_older_database_get_what_they_did_not_have(old: sa.URL) -> None:
    opened(old)
    runs = {run["id"]: run for run in rows(old, "runs")["runs"]}
    assert all(run["queued_at"] == run["created_at"] for run in runs.values())
    fixed = {"crashes": 0, "notes": "", "tags": "[]", "favourite": False, "source": "recipe"}
    empty = dict.fromkeys(("requested_at", "acknowledged_at", "checkpoint", "checkpoint_before", "title", "deleted_at"))
    empty |= dict.fromkeys(("params", "layers", "planned_epochs", "data_dir", "data_sha256"))
    assert all({name: run[name] for name in fixed | empty} == fixed | empty for run in runs.values())


def expected_summaries(epochs: list[dict[str, Any]], run_id: int) -> dict[str, MetricSummary]:
    found = {}
    own = [row for row in epochs if row["run_id"] == run_id]  # in order
    for name in EPOCH_COLUMNS:
        known = [(row[name], row["epoch"]) for row in own if row[name] is not None]
        if not known:
            continue
        best: tuple[float | None, int | None] = (None, None)
        if name in TRACKED:
            sign = 1 if name.endswith("loss") else -1
            best = min(known, key=lambda value: (sign * value[0], value[1]))
        found[name] = MetricSummary(known[-1][0], *best)
    return found


def test_the_metrics_by_which_a_run_is_judged_are_found_in_its_epochs(old: sa.URL, settings: Settings) -> None:
    epochs = rows(old, "epochs")["epochs"]
    assert len({row["run_id"] for row in epochs}) > 1
    with closing(RunStore(settings)) as store:
        for run in store.runs():
            assert run.metrics == expected_summaries(epochs, run.id)


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
    after = rows(old, *NEW_TABLES)
    assert_metrics_survived(before, after)
    assert_runs_survived(before["runs"], after["runs"])
    assert differences(old) == []


RENAMED = {"heard_at": "acknowledged_at"}


def assert_runs_survived(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> None:
    """Every column that a run had is as it was, but for the summaries, which are rows now."""
    for was, run in zip(before, after, strict=True):
        kept = {
            RENAMED.get(name, name): value for name, value in was.items() if not name.startswith(("last_", "best_"))
        }
        kept["best_epoch"] = was["best_epoch"]
        assert {name: as_json(run[name]) if name == "config" else run[name] for name in kept} == kept | {
            "config": json.loads(was["config"])
        }
        assert run["source"] == "recipe"


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


def test_an_upgraded_database_goes_on_counting_and_forgets_metrics_with_their_run(old: sa.URL) -> None:
    engine = open_engine(old)
    with engine.begin() as connection:
        new = {"source": "recipe", "config": {}, "status": "queued", "created_at": 1, "queued_at": 1}
        assert connection.execute(schema.runs.insert().values(new).returning(schema.runs.c.id)).scalar() == 10
        connection.execute(schema.runs.delete().where(schema.runs.c.id == 1))
    engine.dispose()
    left = rows(old, *NEW_TABLES)
    assert [len(left[table]) for table in ("epochs", "steps", "runs")] == [3, 17, 9]
    for table in NEW_TABLES[1:]:
        assert left[table], table
        assert 1 not in {row["run_id"] for row in left[table]}


def test_opening_once_more_changes_nothing(old: sa.URL) -> None:
    opened(old)
    before = rows(old, *NEW_TABLES)
    opened(old)
    assert rows(old, *NEW_TABLES) == before


def test_tables_that_were_made_only_in_part_are_completed(old: sa.URL) -> None:
    with plainly(old) as connection:
        connection.execute(sa.text("DROP TABLE points"))
        connection.execute(sa.text("DROP INDEX runs_by_status"))
    opened(old)
    assert differences(old) == []
    assert len(rows(old, "runs")["runs"]) == 9


# ---- a database of the third version, in which metrics were columns


def test_all_runs_and_metrics_of_the_third_version_survive(third: sa.URL) -> None:
    before = rows(third, *FIRST_TABLES)
    assert [run["id"] for run in before["runs"]] == list(range(1, 12))
    assert {run["status"] for run in before["runs"]} == set(Status)
    opened(third)
    after = rows(third, *NEW_TABLES)
    assert_metrics_survived(before, after)
    assert_runs_survived(before["runs"], after["runs"])
    assert differences(third) == []


def test_the_summaries_of_the_third_version_are_those_of_its_columns(third: sa.URL, settings: Settings) -> None:
    before = rows(third, "runs", "epochs")
    columns = {run["id"]: run for run in before["runs"]}
    with closing(RunStore(settings)) as store:
        for run in (*store.runs(), *store.deleted()):
            assert run.metrics == expected_summaries(before["epochs"], run.id)
            for name in TRACKED:
                summary = run.metrics.get(name)
                assert (summary.last if summary else None) == columns[run.id][f"last_{name}"] or name == "val_auc"
                assert (summary.best if summary else None) == columns[run.id][f"best_{name}"]
        assert store.run(1).metrics["val_loss"] == MetricSummary(0.3, 0.2, 2)


def test_what_a_person_added_and_the_queue_survive(third: sa.URL, settings: Settings) -> None:
    with closing(RunStore(settings)) as store:
        first = store.run(1)
        assert (first.title, first.tags, first.favourite) == ("Baseline Ω", ("baseline", "Café"), True)
        assert first.notes == "Größer als gedacht.\nSecond line."
        assert [run.id for run in store.queue()] == [10, 5, 7, 8, 9]
        assert [run.id for run in store.deleted()] == [11]
        assert (store.run(6).request, store.run(6).acknowledged_at) == (Request.PAUSE, None)
        assert store.run(2).status is Status.PAUSED
        assert all(run.source is Source.RECIPE and run.config for run in store.runs())


@pytest.mark.parametrize("version", ["0001", "0003"])
def test_what_a_search_looks_into_is_what_the_program_writes(url: sa.URL, settings: Settings, version: str) -> None:
    filled(url, version)
    with plainly(url) as connection:
        connection.execute(sa.text("UPDATE runs SET config = :config WHERE id = 2"), {"config": LACKING})
        if version == "0003":
            connection.execute(sa.text("UPDATE runs SET title = :title WHERE id = 3"), {"title": "a\u202e  b\n"})
    with closing(RunStore(settings)) as store:

        def found(table: str) -> list[dict[str, Any]]:
            return sorted(rows(url, table)[table], key=lambda row: tuple(map(str, row.values())))

        migrated = {table: found(table) for table in ("run_texts", "run_settings")}
        assert {"run_id": 2, "path": "train.schedule", "number": None, "text": "constant"} in migrated["run_settings"]
        assert {"run_id": 2, "path": "model.blocks.1.kernel_size", "number": 3.0, "text": None} in migrated[
            "run_settings"
        ]
        if version == "0003":
            assert {"run_id": 1, "field": "tag", "line": 5, "folded": "café"} in migrated["run_texts"]
        with store.transaction() as connection:
            for run in (*store.runs(), *store.deleted()):
                index(connection, run)
        assert {table: found(table) for table in migrated} == migrated


# A configuration that leaves out what it was not asked for.
LACKING = json.dumps(
    {"model": {"blocks": [{"filters": 8}, {"dropout": 0.25}], "dense": [{}]}, "train": {"augmentation": {"zoom": 0.1}}}
)


def test_a_run_of_the_third_version_goes_on_from_its_checkpoint(third: sa.URL, settings: Settings) -> None:
    with closing(RunStore(settings)) as store:
        resumed = actions.resume(store, 2)
        assert (resumed.checkpoint, resumed.checkpoint_before) == (
            "0001-00001-0000030.npz",
            "0001-00001-0000000.npz",
        )
        for number in (10, 5, 7, 8, 9):
            actions.reorder(store, number, "last")
        lease = Lease.claim(store, Worker("w", 1, "here"))
        assert lease is not None
        assert (lease.run.id, lease.run.attempt) == (2, 2)
        assert lease.run.recipe == override(
            presets.get("kuzushiji").config(), {"train.epochs": 3, "train.learning_rate": 0.002}
        )
        lease.begin(train_images=4000, batches=63, epoch=1, batch=30)
        second = epoch_metrics(2, 0.25, 0.9, 0.15, 0.95, 0.995, 0.001, 1.25, 2950.25)
        lease.log_epoch(second, "0002-00002-0000000.npz")
        changes = store.changes(2)
        assert [step.step for step in changes.steps] == [21, 42, 63, 93]
        assert changes.epochs[1:] == [second]
        assert changes.run.metrics["val_loss"] == MetricSummary(0.15, 0.15, 2)


def test_a_run_of_the_third_version_is_read_as_it_was_recorded(third: sa.URL, settings: Settings) -> None:
    with closing(RunStore(settings)) as store:
        run = store.run(1)
        assert run.result is not None
        assert (run.result.accuracy, run.result.steps, run.result.folder) == (0.961, 189, "result-0001")
        assert store.epochs(1)[0] == EpochMetrics(
            1,
            {
                "loss": 0.5,
                "val_loss": 0.4,
                "accuracy": 0.8,
                "val_accuracy": 0.88,
                "val_auc": 0.989,
                "learning_rate": 0.001,
                "images_per_second": 2950.25,
            },
            1.25,
        )
        assert store.run(7).recipe.train.plans == ((3, 3),)
        assert "val_auc" not in store.epochs(5)[0].metrics
        assert dict(store.changes(2).steps[-1].metrics)["gpu"] == 0.25


def test_the_directions_of_the_migration_are_those_of_the_registry() -> None:
    assert {name: "min" if by == "ASC" else "max" for name, by in v0004.BEST.items()} == {
        name: metric(name).direction for name in v0004.BEST
    }


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
def test_a_file_of_the_third_version_stays_beside_it_as_it_was(third: sa.URL, copy: Path) -> None:
    before = rows(third, *FIRST_TABLES)
    opened(third)
    assert copy.name.endswith(".before-0006")
    assert rows(third.set(database=str(copy)), *FIRST_TABLES) == before


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
