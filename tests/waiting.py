"""Waiting for what another thread or process does."""

import time
from collections.abc import Callable


def comes_true(condition: Callable[[], object], *, within_s: float = 15.0) -> bool:
    """Return whether a condition comes true before so many seconds have passed."""
    end = time.monotonic() + within_s
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return False
