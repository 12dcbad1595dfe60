"""What takes longer than a page may, done once for all sessions, two things at a time."""

import time
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Lock
from typing import Generic, TypeVar, cast

from cnn_dash.datasets.exploration.positions import OnShare
from cnn_dash.ui.session.last_used import LastUsed

T = TypeVar("T")

ABANDONED_S = 120.0
"""What no page has asked about for so long is given up. A hidden tab asks once a minute."""


AT_ONCE = 2
"""A map by t-SNE takes half a minute, and all else seconds."""


class Abandoned(Exception):
    """Nobody waits for it any more."""


@dataclass(eq=False)
class Work(Generic[T]):
    """Something that is computed, or was.

    Attributes:
        future: Its result, or what went wrong.
        share: How much is done, 0–1; stays 0 where nobody can tell.
        began: Monotonic time at which it began; None while it waits for others.
        asked: Monotonic time at which a page last asked about it.
    """

    future: "Future[T]" = field(default_factory=Future)
    share: float = 0.0
    began: float | None = None
    asked: float = field(default_factory=time.monotonic)

    def seconds(self) -> float:
        """Return how long it has taken so far."""
        return 0.0 if self.began is None else time.monotonic() - self.began

    def seconds_left(self) -> float | None:
        """Return how long it still takes, to judge by what is done; None if that cannot be told yet."""
        if self.began is None or self.share < 0.05:
            return None
        return self.seconds() * (1 - self.share) / self.share

    def told(self, share: float) -> None:
        """Note how much is done.

        Raises:
            Abandoned: If nobody has asked for long.
        """
        self.share = share
        if time.monotonic() - self.asked > ABANDONED_S:
            raise Abandoned


class BackgroundWork:
    """Computes what pages ask for in the background, and keeps the results that were used last."""

    def __init__(self, most: int) -> None:
        """Keep at most so many results."""
        self._works: LastUsed[Work[object]] = LastUsed(most)
        self._lock = Lock()
        self._thread = ThreadPoolExecutor(max_workers=AT_ONCE, thread_name_prefix="explore-data")

    def ask(self, key: Hashable, compute: Callable[[OnShare], T]) -> Work[T]:
        """Return the work of this key; it begins if there is none, or it was given up.

        Args:
            key: Says what is computed, of what data.
            compute: Called in the background with a function that it tells how much is done.
        """
        with self._lock:
            work = cast("Work[T] | None", self._works.get(key))
            if work is not None and not _given_up(work):
                work.asked = time.monotonic()
                return work
            work = Work()
            self._works.put(key, cast("Work[object]", work))
        self._thread.submit(_do, work, compute)
        return work

    def forget(self, key: Hashable) -> None:
        """Forget a result, so that it is computed anew."""
        self._works.drop(key)


def _do(work: Work[T], compute: Callable[[OnShare], T]) -> None:
    work.began = time.monotonic()
    try:
        work.told(0.0)
        work.future.set_result(compute(work.told))
    except BaseException as error:  # whoever asks is told
        work.future.set_exception(error)


def _given_up(work: Work[T]) -> bool:
    return work.future.done() and isinstance(work.future.exception(), Abandoned)
