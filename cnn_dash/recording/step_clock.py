"""When metrics within an epoch are due, if nobody has said how often."""

import time

# The first moments are watched closely; a long run has thousands of steps all the same.
DENSE_FOR_S, DENSE_EVERY_S, SPARSE_EVERY_S = 30.0, 0.2, 0.5


class StepClock:
    """Runs from the beginning of a training; metrics are due at once, and then some times a second."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._next_at = 0.0

    @property
    def due(self) -> bool:
        """Whether it is time for step metrics; cheap, as it may be asked after each batch."""
        return time.monotonic() >= self._next_at

    def restart(self) -> None:
        """Note that there were step metrics just now."""
        now = time.monotonic()
        self._next_at = now + (DENSE_EVERY_S if now - self._began < DENSE_FOR_S else SPARSE_EVERY_S)
