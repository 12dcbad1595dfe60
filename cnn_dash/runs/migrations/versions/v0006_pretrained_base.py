"""The setting `model.base`: none in all runs of earlier versions, so that a search finds them by it."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

PATH = "model.base"


def upgrade() -> None:
    """Add the setting to the search index of our own runs."""
    statement = sa.text(
        "INSERT INTO run_settings (run_id, path, text) SELECT id, :path, 'none' FROM runs WHERE source = 'recipe'"
    )
    op.execute(statement.bindparams(path=PATH))
