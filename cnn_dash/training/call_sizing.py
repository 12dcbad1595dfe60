"""The length of a call into the graph, and seconds that add up over several processes."""

import time

# A call into the graph lasts about this long: often enough for the curve and the stop button.
CALL_S = 0.15
MAX_STEPS_A_CALL = 64


class CallSizer:
    """Chooses how many steps go in one call, so that it lasts about `CALL_S`.

    The number grows by degrees, since a single time says little.
    """

    def __init__(self) -> None:
        self.steps = 1

    def update(self, steps: int, seconds: float) -> None:
        """Take the time of a call of so many steps."""
        fitting = int(CALL_S / max(seconds / steps, 1e-6))
        self.steps = min(max(fitting, 1), MAX_STEPS_A_CALL, self.steps * 4)


class ResumableTimer:
    """Seconds in this process, and those in others before it."""

    def __init__(self, before: float = 0.0) -> None:
        self.before = before
        self._began = time.perf_counter()

    @property
    def seconds(self) -> float:
        """Seconds of all processes together."""
        return self.before + time.perf_counter() - self._began
