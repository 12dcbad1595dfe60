"""The last and the best figures of the epochs, beside each run: by them a thousand runs are searched and sorted."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

BEST = {"loss": "min", "accuracy": "max", "val_loss": "min", "val_accuracy": "max", "val_auc": "max"}


def upgrade() -> None:
    """Add the columns, and fill them from the epochs that are there."""
    with op.batch_alter_table("runs", table_kwargs={"sqlite_autoincrement": True}) as batch:
        for which in ("last", "best"):
            for name in BEST:
                batch.add_column(sa.Column(f"{which}_{name}", sa.Double))
    for name, best in BEST.items():
        own = "FROM epochs WHERE run_id = runs.id"
        op.execute(f"UPDATE runs SET last_{name} = (SELECT {name} {own} ORDER BY epoch DESC LIMIT 1)")
        op.execute(f"UPDATE runs SET best_{name} = (SELECT {best}({name}) {own})")
