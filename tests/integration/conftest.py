"""Real processes over one store, in both databases."""

import pytest


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    """Which database the runs are kept in; a test in which it does not matter is marked to run in one."""
    return str(request.param)


@pytest.fixture
def postgresql_url(new_postgresql_url: str) -> str:
    """A database of the test's own: a worker that outlives the test must not meet the next one."""
    return new_postgresql_url
