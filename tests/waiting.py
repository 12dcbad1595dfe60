"""Waiting for what another thread or process does."""

import time
from collections.abc import Callable

PATIENCE_S = 120.0
"""How long a test waits for what must come: a machine that tests run on may stand still for a while."""


def comes_true(condition: Callable[[], object]) -> bool:
    """Return whether a condition comes true within `PATIENCE_S`."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return bool(condition())
