"""The Runs page: search, table, comparison, queue, trash."""
