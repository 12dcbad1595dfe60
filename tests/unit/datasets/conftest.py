from tests.small_set import served, server, small  # noqa: F401
