"""The numbers in what Keras, or a person, gives as metrics; what is none is left out, once with a word about it."""

import logging
from collections.abc import Mapping
from typing import Any

log = logging.getLogger(__name__)

_MOST_CLASSES = 64  # a metric for each class has so many values
_LONGEST_NAME = 120  # as the store has room for (`cnn_dash.metrics.MAX_NAME`)


class Numbers:
    """Takes the numbers out of logs, and says once of each name that it has none."""

    def __init__(self) -> None:
        self._said: set[str] = set()

    def of(self, logs: Mapping[str, Any] | None) -> dict[str, float]:
        """Return the metrics that are numbers by their names, unchanged; a value for each class gets `name_0`, …."""
        found: dict[str, float] = {}
        for key, value in (logs or {}).items():
            name = str(key)
            if isinstance(value, Mapping):
                found |= self.of(value)
            elif not (0 < len(name) <= _LONGEST_NAME - 3 and name.isprintable()):
                self._leave_out(name[:_LONGEST_NAME], "its name is too long or has characters that cannot be seen")
            else:
                found |= self._numbers(name, value)
        return found

    def _numbers(self, name: str, value: Any) -> dict[str, float]:
        if type(value) is float:
            return {name: value}
        try:
            return {name: float(value)}
        except (TypeError, ValueError, RuntimeError, OverflowError):
            pass
        try:
            import numpy as np

            values = np.asarray(value, np.float64).ravel()
        except Exception:
            self._leave_out(name, f"{type(value).__name__} is no number")
            return {}
        if len(values) > _MOST_CLASSES:
            self._leave_out(name, f"it has {len(values)} values, and {_MOST_CLASSES} are the most")
            return {}
        return {f"{name}_{place}": float(one) for place, one in enumerate(values)}

    def _leave_out(self, name: str, why: str) -> None:
        if name not in self._said:
            self._said.add(name)
            log.warning("CNN Dash: the metric %r is not recorded: %s.", name, why)
