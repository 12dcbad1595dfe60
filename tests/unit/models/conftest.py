from tests.toy_dataset import server, small  # noqa: F401
