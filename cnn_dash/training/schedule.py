"""The learning rate at every step of a run: pure arithmetic, so that the page can draw it before anything is trained.

Sources: warm-up, Goyal et al. 2017 (arXiv 1706.02677); cosine, Loshchilov and Hutter 2016 (arXiv 1608.03983);
one cycle, Smith and Topin 2017 (arXiv 1708.07120), with the cosine-shaped halves that became usual.
"""

import math
from collections.abc import Callable

from cnn_dash.config import TrainConfig

# One cycle: the share of the run that climbs, and where it starts and ends as a share of the peak.
CLIMB = 0.3
START_SHARE = 1 / 25
END_SHARE = 1 / 10_000
PLATEAU_MIN_SHARE = 1e-3


def learning_rate(train: TrainConfig, position: float, drops: int = 0) -> float:
    """Return the learning rate at a position in the run.

    Args:
        train: Its schedule, peak rate, warm-up and length.
        position: Finished epochs, fractions included, 0 ≤ position ≤ `train.epochs`. Within an earlier stage of a run
            that was trained longer, the plan of that stage holds.
        drops: How often `reduce_on_plateau` has already lowered the rate.
    """
    planned = next((planned for ended, planned in train.plans if position < ended), train.epochs)
    shape = _SHAPES[train.schedule](train, planned, position, drops)
    warm = train.warmup_epochs
    # The cycle has a climb of its own; a warm-up before it would be a second one.
    if train.schedule != "one_cycle" and position < warm:
        shape *= max(position / warm, 1e-3)
    return train.learning_rate * shape


def planned_rates(train: TrainConfig, points: int = 401) -> tuple[list[float], list[float]]:
    """Return the learning rate over the run as far as it is known beforehand: positions in epochs, and rates."""
    places = [train.epochs * point / (points - 1) for point in range(points)]
    return places, [learning_rate(train, place) for place in places]


def _constant(_train: TrainConfig, _epochs: int, _position: float, _drops: int) -> float:
    return 1.0


def _cosine(train: TrainConfig, epochs: int, position: float, _drops: int) -> float:
    warm = min(train.warmup_epochs, epochs)
    done = (position - warm) / (epochs - warm) if epochs > warm else 0.0
    return _half_cosine(1.0, 0.0, done)


def _one_cycle(_train: TrainConfig, epochs: int, position: float, _drops: int) -> float:
    done = position / epochs
    if done < CLIMB:
        return _half_cosine(START_SHARE, 1.0, done / CLIMB)
    return _half_cosine(1.0, END_SHARE, (done - CLIMB) / (1 - CLIMB))


def _step(train: TrainConfig, _epochs: int, position: float, _drops: int) -> float:
    return float(train.step_factor ** math.floor(position / train.step_every))


def _plateau(train: TrainConfig, _epochs: int, _position: float, drops: int) -> float:
    return max(float(train.step_factor**drops), PLATEAU_MIN_SHARE)


def _half_cosine(start: float, end: float, done: float) -> float:
    done = min(max(done, 0.0), 1.0)
    return end + (start - end) * (1 + math.cos(math.pi * done)) / 2


_SHAPES: dict[str, Callable[[TrainConfig, int, float, int], float]] = {
    "constant": _constant,
    "cosine": _cosine,
    "one_cycle": _one_cycle,
    "step": _step,
    "reduce_on_plateau": _plateau,
}
