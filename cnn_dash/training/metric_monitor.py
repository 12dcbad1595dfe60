"""Tell when a monitored metric has stopped improving. No Keras in here."""

import math

from cnn_dash.metrics import metric


class MetricMonitor:
    """Follows one metric and remembers the epoch in which it was best.

    Args:
        monitor: A metric with a direction.
        patience: Epochs without an improvement after which `exhausted` is true.
    """

    def __init__(self, monitor: str, patience: int) -> None:
        self._sign = 1.0 if metric(monitor).direction == "min" else -1.0
        self._patience = patience
        self._best = math.inf
        self._since = 0
        self.epoch = 0

    def state(self) -> list[float]:
        """Return what `restore` takes to continue from here; JSON can carry it."""
        return [self._best, self._since, self.epoch]

    def restore(self, state: list[float]) -> None:
        """Continue from where `state` was taken."""
        self._best, self._since, self.epoch = float(state[0]), int(state[1]), int(state[2])

    def update(self, epoch: int, value: float | None) -> bool:
        """Take the value of an epoch (None if it has none) and return whether it is the best so far."""
        score = math.inf if value is None else self._sign * value
        if score < self._best or self.epoch == 0:
            self._best, self._since, self.epoch = score, 0, epoch
            return True
        self._since += 1
        return False

    @property
    def exhausted(self) -> bool:
        """Whether the metric has not improved for `patience` epochs."""
        return self._since >= self._patience

    def reset_wait(self) -> None:
        """Start counting anew, as after a drop of the learning rate."""
        self._since = 0
