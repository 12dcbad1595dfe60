"""The first tables: runs, their epochs, and the points within an epoch.

Databases from before there were scripts have these tables and no version. So this one makes only what is missing.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "runs",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("config", sa.Text, nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("message", sa.Text),
        sa.Column("stop_requested", sa.Boolean, nullable=False),
        sa.Column("parameters", sa.BigInteger, nullable=False),
        sa.Column("multiply_adds", sa.BigInteger, nullable=False),
        sa.Column("created_at", sa.Double, nullable=False),
        sa.Column("claimed_at", sa.Double),
        sa.Column("first_metric_at", sa.Double),
        sa.Column("ended_at", sa.Double),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("worker_id", sa.String(32)),
        sa.Column("worker_pid", sa.Integer),
        sa.Column("worker_host", sa.String(255)),
        sa.Column("heartbeat_at", sa.Double),
        sa.Column("train_images", sa.Integer),
        sa.Column("batches", sa.Integer),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("batch", sa.Integer, nullable=False),
        sa.Column("images_per_second", sa.Double),
        sa.Column("test_accuracy", sa.Double),
        sa.Column("test_loss", sa.Double),
        sa.Column("best_epoch", sa.Integer),
        sa.Column("seconds", sa.Double),
        sa.Column("weights_sha256", sa.String(64)),
        if_not_exists=True,
    )
    op.create_index("runs_by_status", "runs", ["status", "id"], if_not_exists=True)
    op.create_table(
        "epochs",
        sa.Column("run_id", sa.Integer, sa.ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("epoch", sa.Integer, primary_key=True),
        sa.Column("loss", sa.Double, nullable=False),
        sa.Column("accuracy", sa.Double, nullable=False),
        sa.Column("val_loss", sa.Double, nullable=False),
        sa.Column("val_accuracy", sa.Double, nullable=False),
        sa.Column("val_auc", sa.Double),
        sa.Column("learning_rate", sa.Double, nullable=False),
        sa.Column("seconds", sa.Double, nullable=False),
        sa.Column("images_per_second", sa.Double, nullable=False),
        if_not_exists=True,
    )
    op.create_table(
        "points",
        sa.Column("run_id", sa.Integer, sa.ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("step", sa.Integer, primary_key=True),
        sa.Column("position", sa.Double, nullable=False),
        sa.Column("loss", sa.Double, nullable=False),
        sa.Column("accuracy", sa.Double, nullable=False),
        sa.Column("learning_rate", sa.Double, nullable=False),
        sa.Column("images_per_second", sa.Double, nullable=False),
        if_not_exists=True,
    )
