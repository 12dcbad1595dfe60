"""How the tables of a database came to be what `schema` says: one script in `versions` for each change, run by Alembic.

To change a table, change `schema`, add a script, and name its revision in `migrate.HEAD`. A script that was published
is never changed, and imports nothing of CNN Dash: it deals with the tables as they were. With `batch_alter_table` it
works in SQLite too, which can change little of a table that is there. `tests/unit/runs/test_migrations.py` compares
what the scripts make with `schema`, in both databases.
"""
