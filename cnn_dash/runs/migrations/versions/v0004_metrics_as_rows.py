"""Metrics as rows, settings as JSON, and runs that another program recorded.

A run may record any metric from now on. Each is a row (run, epoch or step, name, value), and so are its last and its
best value, where there were columns for five of them.
"""

import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from cnn_dash.text import one_line, paragraphs

revision = "0004"
down_revision = "0003"

FOLDED = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
# Which value was the best of each metric that had columns.
BEST = {"loss": "ASC", "accuracy": "DESC", "val_loss": "ASC", "val_accuracy": "DESC", "val_auc": "DESC"}
EPOCH_METRICS = (*BEST, "learning_rate", "images_per_second")
STEP_METRICS = ("loss", "accuracy", "learning_rate", "images_per_second", "cpu", "gpu", "memory_bytes")
LINE = 8_000  # characters of a text that are looked into
TEXT = 1_000  # characters of a setting

# The settings of this version, frozen: what an older configuration does not have is what it meant by that.
BLOCK = {
    "filters": 32,
    "kernel_size": 3,
    "stride": 1,
    "padding": "valid",
    "activation": "relu",
    "batch_norm": False,
    "pooling": "max",
    "pool_size": 2,
    "dropout": 0.0,
}
DENSE = {"units": 64, "activation": "relu", "dropout": 0.0}
DEFAULTS = {
    "preset": None,
    "data": {"dataset": "mnist-5k"},
    "model": {"blocks": [BLOCK], "head": "flatten", "dense": []},
    "train": {
        "optimizer": "adam",
        "learning_rate": 0.001,
        "momentum": 0.9,
        "weight_decay": 0.004,
        "schedule": "constant",
        "warmup_epochs": 0.0,
        "step_every": 5,
        "step_factor": 0.5,
        "plateau_patience": 3,
        "batch_size": 64,
        "epochs": 5,
        "validation_fraction": 0.1,
        "label_smoothing": 0.0,
        "augmentation": {"shift": 0.0, "rotation": 0.0, "zoom": 0.0},
        "early_stopping": False,
        "monitor": "val_loss",
        "patience": 5,
        "keep_best": False,
        "stages": "",
        "seed": 1,
    },
}


def upgrade() -> None:
    """Make the tables of metrics, move what there is into them, and change the table of runs."""
    _create_tables()
    _move_metrics()
    op.drop_table("points")
    with op.batch_alter_table("epochs") as batch:
        for name in EPOCH_METRICS:
            batch.drop_column(name)
        batch.alter_column("seconds", existing_type=sa.Double(), nullable=True)
    _change_runs()
    _fill_search()


def _create_tables() -> None:
    for name, key in (("epoch_metrics", "epoch"), ("step_metrics", "step")):
        op.create_table(
            name,
            _of_run(),
            sa.Column(key, sa.Integer, primary_key=True),
            sa.Column("name", sa.String(120), primary_key=True),
            sa.Column("value", sa.Double),
            sa.Column("value_kind", sa.String(4)),
            sqlite_with_rowid=False,
        )
    op.create_table(
        "steps",
        _of_run(),
        sa.Column("step", sa.Integer, primary_key=True),
        sa.Column("position", sa.Double, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "metric_summaries",
        _of_run(),
        sa.Column("name", sa.String(120), primary_key=True),
        sa.Column("last", sa.Double),
        sa.Column("last_kind", sa.String(4)),
        sa.Column("best", sa.Double),
        sa.Column("best_kind", sa.String(4)),
        sa.Column("best_epoch", sa.Integer),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "run_texts",
        _of_run(),
        sa.Column("field", sa.String(16), primary_key=True),
        sa.Column("line", sa.Integer, primary_key=True),
        sa.Column("folded", FOLDED, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "run_settings",
        _of_run(),
        sa.Column("path", sa.String(200), primary_key=True),
        sa.Column("number", sa.Double),
        sa.Column("text", FOLDED),
        sqlite_with_rowid=False,
    )
    op.create_index("metric_summaries_by_name", "metric_summaries", ["name", "last"])
    op.create_index("run_settings_by_path", "run_settings", ["path", "number"])


def _of_run() -> sa.Column[int]:
    return sa.Column("run_id", sa.Integer, sa.ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True)


def _move_metrics() -> None:
    for name in EPOCH_METRICS:
        op.execute(
            f"INSERT INTO epoch_metrics (run_id, epoch, name, value) "
            f"SELECT run_id, epoch, '{name}', {name} FROM epochs WHERE {name} IS NOT NULL"
        )
    op.execute("INSERT INTO steps (run_id, step, position) SELECT run_id, step, position FROM points")
    for name in STEP_METRICS:
        op.execute(
            f"INSERT INTO step_metrics (run_id, step, name, value) SELECT run_id, step, '{name}', {name} FROM points "
            f"WHERE {name} IS NOT NULL"
        )
    for name in EPOCH_METRICS:
        own = f"FROM epoch_metrics AS one WHERE one.run_id = found.run_id AND one.name = '{name}' ORDER BY"
        by = BEST.get(name)
        best = f"(SELECT value {own} value {by} LIMIT 1)" if by else "NULL"
        best_epoch = f"(SELECT epoch {own} value {by}, epoch LIMIT 1)" if by else "NULL"
        op.execute(
            f"INSERT INTO metric_summaries (run_id, name, last, best, best_epoch) "
            f"SELECT run_id, '{name}', (SELECT value {own} epoch DESC LIMIT 1), {best}, {best_epoch} "
            f"FROM (SELECT DISTINCT run_id FROM epoch_metrics WHERE name = '{name}') AS found"
        )


def _change_runs() -> None:
    with op.batch_alter_table("runs") as batch:
        batch.add_column(sa.Column("source", sa.String(16)))
        batch.add_column(sa.Column("params", sa.JSON))
        batch.add_column(sa.Column("layers", sa.JSON))
        batch.add_column(sa.Column("planned_epochs", sa.Integer))
        batch.add_column(sa.Column("data_dir", sa.Text))
        batch.add_column(sa.Column("data_sha256", sa.String(64)))
    op.execute("UPDATE runs SET source = 'recipe'")
    with op.batch_alter_table("runs", table_kwargs={"sqlite_autoincrement": True}) as batch:
        batch.alter_column("source", existing_type=sa.String(16), nullable=False)
        batch.alter_column(
            "config", existing_type=sa.Text(), type_=sa.JSON(), nullable=True, postgresql_using="config::json"
        )
        batch.alter_column("parameters", existing_type=sa.BigInteger(), nullable=True)
        batch.alter_column("multiply_adds", existing_type=sa.BigInteger(), nullable=True)
        batch.alter_column("heard_at", existing_type=sa.Double(), new_column_name="acknowledged_at")
        for which in ("last", "best"):
            for name in BEST:
                batch.drop_column(f"{which}_{name}")
    op.create_index("runs_by_deletion", "runs", ["deleted_at", "id"])
    op.drop_index("runs_by_status", "runs")
    op.create_index("runs_by_status", "runs", ["status", "deleted_at", "id"])
    op.create_index("runs_by_end", "runs", ["deleted_at", "ended_at", "id"])


def _fill_search() -> None:
    connection = op.get_bind()
    runs = sa.table("runs", *map(sa.column, ("id", "title", "notes", "tags")), sa.column("config", sa.JSON))
    texts = sa.table("run_texts", *map(sa.column, ("run_id", "field", "line", "folded")))
    settings = sa.table("run_settings", *map(sa.column, ("run_id", "path", "number", "text")))
    for run in connection.execute(sa.select(runs)).all():
        config = _complete(run.config)
        if rows := _texts(run, config):
            connection.execute(texts.insert(), rows)
        if rows := [_setting(run.id, path, value) for path, value in _leaves(config) if value is not None]:
            connection.execute(settings.insert(), rows)


def _complete(config: Any) -> dict[str, Any]:
    """Return a configuration with the defaults of what it leaves out, layer by layer too."""
    whole = _filled(config, DEFAULTS)
    for key, layer in (("blocks", BLOCK), ("dense", DENSE)):
        whole["model"][key] = [_filled(one, layer) for one in whole["model"][key] or ()]
    return whole


def _filled(values: Any, defaults: dict[str, Any]) -> dict[str, Any]:
    known = values if isinstance(values, dict) else {}
    filled = {
        name: _filled(known.get(name), default) if isinstance(default, dict) else known.get(name, default)
        for name, default in defaults.items()
    }
    return known | filled


def _texts(run: sa.Row[Any], config: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the rows of what words are looked for in."""
    dataset, preset = config["data"]["dataset"], config["preset"]
    name = one_line(run.title or "") or f"{preset or 'own network'} on {dataset}"
    lines = [("name", name), ("dataset", dataset), ("preset", preset), ("notes", paragraphs(run.notes))]
    lines += [("tag", one_line(tag)) for tag in json.loads(run.tags)]
    return [
        {"run_id": run.id, "field": field, "line": line, "folded": str(text)[:LINE].casefold()}
        for line, (field, text) in enumerate(lines)
        if text
    ]


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the settings of a configuration by path: `train.epochs`, `model.blocks.0.filters`."""
    if isinstance(value, dict | list):
        for key, one in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _leaves(one, f"{path}.{key}" if path else str(key))
    else:
        yield path, value


def _setting(run_id: int, path: str, value: Any) -> dict[str, Any]:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    text = None if number else str(value)[:TEXT].casefold()
    return {"run_id": run_id, "path": path, "number": float(value) if number else None, "text": text}
