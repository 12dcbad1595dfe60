"""How long a run, or the queue, will take on this machine, from what earlier runs reached."""

import heapq
import socket
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cnn_dash.config import TrainConfig
from cnn_dash.datasets import catalogue
from cnn_dash.errors import ConfigError
from cnn_dash.runs.records import Run

# Before the first run: what two ordinary cores do with a small network.
FIRST_GUESS_MULTIPLY_ADDS_PER_SECOND = 9e9
# Work that comes with each picture whatever the network: reading, shuffling, the optimizer's share.
OVERHEAD_MULTIPLY_ADDS = 2e5
# Finding the data, building and tracing the network, testing and saving it.
FIXED_SECONDS = 2.0
# A validation picture goes forward only; a training picture also back, which costs about twice as much again.
FORWARD_SHARE = 1 / 3


@dataclass(frozen=True)
class Estimate:
    """Expected duration in seconds, and whether it rests on earlier runs of this machine."""

    seconds: float
    measured: bool

    def __str__(self) -> str:
        """In words: `about 10 s on this machine`."""
        source = "on this machine" if self.measured else "at a first guess"
        return f"about {duration(self.seconds)} {source}"


def estimate(train: TrainConfig, *, train_images: int, multiply_adds: int, earlier: Iterable[Run]) -> Estimate:
    """Duration of a run over `train_images` pictures (validation included), each costing `multiply_adds`.

    Speed in pictures a second is taken as inversely proportional to the network's multiply-adds; the median over the
    last runs that this machine finished is used.
    """
    host = socket.gethostname()
    speeds = [
        run.images_per_second * (run.multiply_adds + OVERHEAD_MULTIPLY_ADDS)
        for run in earlier
        if run.images_per_second and run.result is not None and run.worker_host == host
    ]
    speed = statistics.median(speeds[:5]) if speeds else FIRST_GUESS_MULTIPLY_ADDS_PER_SECOND
    pictures = train_images * (1 - train.validation_fraction * (1 - FORWARD_SHARE))
    seconds = train.epochs * pictures * (multiply_adds + OVERHEAD_MULTIPLY_ADDS) / speed + FIXED_SECONDS
    return Estimate(seconds, measured=bool(speeds))


def seconds_left(run: Run) -> float | None:
    """What is left of a run that is being trained, at the speed it has now; None while that is not known."""
    if not run.images_per_second or not run.train_images:
        return None
    share = run.config.train.validation_fraction
    an_epoch = run.train_images * (1 + share / (1 - share) * FORWARD_SHARE)
    return run.config.train.epochs * an_epoch * (1 - run.progress) / run.images_per_second


def queue_seconds(running: Iterable[Run], waiting: Sequence[Run], *, earlier: Sequence[Run], workers: int) -> float:
    """Seconds until all that train and wait now are done, if `workers` runs train at the same time.

    Args:
        running: Runs that are being trained; one whose speed is not known yet counts as if it began now.
        waiting: The queue, in its order.
        earlier: Runs that have ended, newest first; their speed is what the others are expected to have.
        workers: How many workers there are, at least 1.
    """
    free_at = [seconds_left(run) or _whole(run, earlier) for run in running]
    free_at += [0.0] * (workers - len(free_at))
    heapq.heapify(free_at)
    for run in waiting:  # each goes to the worker that is free first
        heapq.heapreplace(free_at, free_at[0] + _whole(run, earlier))
    return max(free_at)


def _whole(run: Run, earlier: Iterable[Run]) -> float:
    """What a run that waits will take from where it stands."""
    try:
        images = catalogue.get(run.config.data.dataset).train_count
    except ConfigError:  # a data set that is no longer there: the run will fail at once
        return FIXED_SECONDS
    whole = estimate(run.config.train, train_images=images, multiply_adds=run.multiply_adds, earlier=earlier)
    return FIXED_SECONDS + (whole.seconds - FIXED_SECONDS) * (1 - run.progress)


def duration(seconds: float) -> str:
    """A duration for people: `8 s`, `3 min`, `2 h 10 min`."""
    if seconds < 99.5:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 100 else f"{minutes // 60} h {minutes % 60} min"
