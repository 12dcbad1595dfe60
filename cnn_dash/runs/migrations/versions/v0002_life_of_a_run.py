"""What a run knows of its life: requests, its place in the queue, checkpoints, and what a person adds.

A run whose worker had vanished was over in the first version, and told the person to start it again. Now an
interrupted run goes on by itself, so these become failed ones: else they would all be trained after the update.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the columns, fill them, and only then ask that they are filled."""
    with op.batch_alter_table("runs") as batch:
        for column in (
            sa.Column("request", sa.String(8)),
            sa.Column("requested_at", sa.Double),
            sa.Column("heard_at", sa.Double),
            sa.Column("queued_at", sa.Double),
            sa.Column("crashes", sa.Integer),
            sa.Column("checkpoint", sa.String(64)),
            sa.Column("checkpoint_before", sa.String(64)),
            sa.Column("result_folder", sa.String(64)),
            sa.Column("title", sa.String(120)),
            sa.Column("notes", sa.Text),
            sa.Column("tags", sa.Text),
            sa.Column("favourite", sa.Boolean),
            sa.Column("deleted_at", sa.Double),
        ):
            batch.add_column(column)
    _fill()
    op.drop_index("runs_by_status", "runs")
    with op.batch_alter_table("runs", table_kwargs={"sqlite_autoincrement": True}) as batch:
        batch.drop_column("stop_requested")
        batch.alter_column("queued_at", existing_type=sa.Double(), nullable=False)
        batch.alter_column("crashes", existing_type=sa.Integer(), nullable=False)
        batch.alter_column("notes", existing_type=sa.Text(), nullable=False)
        batch.alter_column("tags", existing_type=sa.Text(), nullable=False)
        batch.alter_column("favourite", existing_type=sa.Boolean(), nullable=False)
    op.create_index("runs_by_status", "runs", ["status", "queued_at"])
    with op.batch_alter_table("points") as batch:
        batch.add_column(sa.Column("cpu", sa.Double))
        batch.add_column(sa.Column("gpu", sa.Double))
        batch.add_column(sa.Column("memory_bytes", sa.BigInteger))


def _fill() -> None:
    op.execute("UPDATE runs SET queued_at = created_at, crashes = 0, notes = '', tags = '[]', favourite = false")
    op.execute("UPDATE runs SET request = 'stop' WHERE stop_requested AND status IN ('queued', 'running')")
    op.execute("UPDATE runs SET result_folder = '.' WHERE test_accuracy IS NOT NULL")
    op.execute("UPDATE runs SET status = 'failed' WHERE status = 'interrupted'")
