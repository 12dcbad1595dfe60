"""The last and the best figures of the epochs beside each run, and how long its network was trained.

By the figures a thousand runs are searched and sorted; a shorter training does not replace the network of a longer one.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

BEST = {"loss": "min", "accuracy": "max", "val_loss": "min", "val_accuracy": "max", "val_auc": "max"}


def upgrade() -> None:
    """Add the columns, and fill them from the epochs that are there."""
    for which in ("last", "best"):
        for name in BEST:
            op.add_column("runs", sa.Column(f"{which}_{name}", sa.Double))
    op.add_column("runs", sa.Column("result_steps", sa.Integer))
    op.execute("UPDATE runs SET result_steps = epoch * COALESCE(batches, 0) + batch WHERE test_accuracy IS NOT NULL")
    for name, best in BEST.items():
        own = "FROM epochs WHERE run_id = runs.id"
        op.execute(f"UPDATE runs SET last_{name} = (SELECT {name} {own} ORDER BY epoch DESC LIMIT 1)")
        op.execute(f"UPDATE runs SET best_{name} = (SELECT {best}({name}) {own})")
