from tests.toy_dataset import served, server, small  # noqa: F401
