"""How long a run will take on this machine, from what earlier runs reached."""

import heapq
import socket
import statistics
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cnn_dash.config import RunConfig, TrainConfig
from cnn_dash.datasets import catalogue
from cnn_dash.errors import ConfigError, DataError
from cnn_dash.models.bases import multiply_adds_once
from cnn_dash.runs.records import Run

# Before the first run: what two ordinary cores do with a small network.
FIRST_GUESS_MULTIPLY_ADDS_PER_SECOND = 9e9
# Work that comes with each image whatever the network: reading, shuffling, the optimizer's share.
OVERHEAD_MULTIPLY_ADDS = 2e5
# Finding the data, building and tracing the network, testing and saving it.
FIXED_SECONDS = 2.0
# A validation image goes forward only; a training image also back, which costs about twice as much again.
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


def estimate(
    train: TrainConfig, *, train_images: int, multiply_adds: int, earlier: Iterable[Run], first: int = 0
) -> Estimate:
    """Return the duration of a run over `train_images` images (validation included), each costing `multiply_adds`.

    Speed in images a second is taken as inversely proportional to the network's multiply-adds; the median over the
    last runs that this machine finished is used.

    Args:
        train: How long it is trained.
        train_images: The images of an epoch.
        multiply_adds: Of each of them, in each epoch; see `each_epoch`.
        earlier: Finished runs, newest first.
        first: Multiply-adds in all, before the first epoch; see `first_look`.
    """
    host = socket.gethostname()
    speeds = [
        run.images_per_second * (each_epoch(run.multiply_adds, run.config) + OVERHEAD_MULTIPLY_ADDS)
        for run in earlier
        if run.images_per_second and run.multiply_adds and run.result is not None and run.worker_host == host
    ]
    speed = statistics.median(speeds[:5]) if speeds else FIRST_GUESS_MULTIPLY_ADDS_PER_SECOND
    images = train_images * (1 - train.validation_fraction * (1 - FORWARD_SHARE))
    work = train.epochs * images * (multiply_adds + OVERHEAD_MULTIPLY_ADDS) + first
    return Estimate(work / speed + FIXED_SECONDS, measured=bool(speeds))


def each_epoch(multiply_adds: int, config: RunConfig | None) -> int:
    """Return what an image costs in an epoch, of the multiply-adds of a network: a base does not look at it again."""
    return multiply_adds if config is None else multiply_adds - multiply_adds_once(config.model.base)


def first_look(config: RunConfig, images: int, earlier: Iterable[Run]) -> int:
    """Return the multiply-adds of a base that has to look at each image once; 0 if it did so for an earlier run."""
    once = multiply_adds_once(config.model.base)
    for run in earlier if once else ():
        known = run.config
        if known is not None and (known.model.base, known.data) == (config.model.base, config.data):
            return 0
    return images * once


def seconds_left(run: Run) -> float | None:
    """Return what is left of a run that is being trained, at the speed it has now; None while that is not known."""
    if not run.images_per_second or not run.train_images or not run.epochs:
        return None
    share = run.config.train.validation_fraction if run.config else 0.0  # another program does not say
    an_epoch = run.train_images * (1 + share / (1 - share) * FORWARD_SHARE)
    return run.epochs * an_epoch * (1 - run.progress) / run.images_per_second


def queue_seconds(running: Iterable[Run], waiting: Iterable[Run], earlier: Iterable[Run], *, workers: int = 1) -> float:
    """Return the seconds until the last of the waiting runs will have been trained; 0 if none waits.

    Args:
        running: Runs that a worker holds: each keeps it busy for what is left of it.
        waiting: Runs in the order of the queue; one that has been trained in part needs only the rest.
        earlier: Finished runs, the newest first, whose speed the others are estimated by.
        workers: How many runs are trained at the same time.
    """
    known = list(earlier)
    free_at = [_rest_seconds(run, known) for run in running]
    free_at += [0.0] * max(0, workers - len(free_at))
    heapq.heapify(free_at)
    last = 0.0
    for run in waiting:  # each goes to the worker that is free first
        end = free_at[0] + _rest_seconds(run, known)
        heapq.heapreplace(free_at, end)
        last = max(last, end)
    return last


def _rest_seconds(run: Run, earlier: list[Run]) -> float:
    """Return what is left of a run: at its own speed where it has one, else as long as such a run will take."""
    left = seconds_left(run)
    if left is not None:
        return left
    if run.config is None:  # another program's: it keeps no worker of ours busy
        return 0.0
    try:
        info = catalogue.get(run.config.data.dataset, Path(run.data_dir) if run.data_dir else None)
    except (ConfigError, DataError):  # of another version, or deleted: the run will fail at once
        return 0.0
    whole = estimate(
        run.config.train,
        train_images=info.train_count,
        multiply_adds=each_epoch(run.multiply_adds, run.config) if run.multiply_adds else 0,
        earlier=earlier,
        first=first_look(run.config, info.train_count + info.test_count, earlier),
    )
    return whole.seconds * (1 - run.progress)


def duration(seconds: float) -> str:
    """Return a duration for people: `8 s`, `3 min`, `2 h 10 min`."""
    if seconds < 99.5:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 100 else f"{minutes // 60} h {minutes % 60} min"
