"""What Alembic executes when it runs the scripts: in the transaction that `migrate` has begun, and will commit."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
context.run_migrations()
