"""What takes longer than a page may wait: done once in a thread for whoever asks, with progress, and kept.

A job that needs TensorFlow starts a process of its own from its thread, see `job_process`.
"""

import contextlib
import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future, InvalidStateError, ThreadPoolExecutor
from typing import Any, Generic, TypeVar

from cnn_dash.errors import CnnDashError, StoreError

log = logging.getLogger("cnn_dash")

T = TypeVar("T")

WAITS = "Waiting for what was asked for before"
_LEAST_SHARE = 0.05
"""What is done of a job before it is judged by how long it still takes."""


class Abandoned(Exception):
    """Nobody waits for it any more; raised out of `Job.tell`, to end the work."""


class Cancelled(CnnDashError):
    """A person has ended it."""


class Job(Generic[T]):
    """Something that is being done.

    Attributes:
        step: What is being done, for a person; empty where that goes without saying.
        share: How much is done, 0–1; stays 0 where nobody can tell.
        future: Its result, or a `CnnDashError` that says why there is none.
        began: Monotonic time in seconds at which it began; None while it waits for others.
        asked: Monotonic time in seconds at which somebody last asked about it.

    Args:
        patience_s: It is given up when nobody has asked about it for so many seconds; None to do it in any case.
    """

    def __init__(self, patience_s: float | None = None) -> None:
        self.step = WAITS
        self.share = 0.0
        self.future: Future[T] = Future()
        self.began: float | None = None
        self.asked = time.monotonic()
        self._patience_s = patience_s
        self._stop: Callable[[], None] | None = None

    @property
    def given_up(self) -> bool:
        """Whether it was ended because nobody asked about it."""
        return self.future.done() and isinstance(self.future.exception(), Abandoned)

    def seconds(self) -> float:
        """Return how long it has taken so far."""
        return 0.0 if self.began is None else time.monotonic() - self.began

    def seconds_left(self) -> float | None:
        """Return how long it still takes, to judge by what is done; None if that cannot be told yet."""
        return None if self.share < _LEAST_SHARE else self.seconds() * (1 - self.share) / self.share

    def tell(self, step: str, share: float = 0.0) -> None:
        """Say what is being done, and how much is done, 0–1.

        Raises:
            Abandoned: If nobody waits for it any more.
        """
        self.step, self.share = step, min(1.0, max(0.0, share))
        impatient = self._patience_s is not None and time.monotonic() - self.asked > self._patience_s
        if impatient or self.future.done():
            raise Abandoned

    def tell_share(self, share: float) -> None:
        """Say how much of the same step is done, 0–1.

        Raises:
            Abandoned: If nobody waits for it any more.
        """
        self.tell(self.step, share)

    def stop_with(self, stop: Callable[[], None] | None) -> None:
        """Say what ends the work early, or that nothing need be ended any more (None)."""
        self._stop = stop
        if stop is not None and self.future.done():
            stop()

    def wait(self, seconds: float) -> bool:
        """Wait for the end, and return whether it has come."""
        with contextlib.suppress(Exception):
            self.future.exception(timeout=seconds)
        return self.future.done()

    def end(self, result: T) -> None:
        """Give the result, unless the job has ended."""
        with contextlib.suppress(InvalidStateError):
            self.future.set_result(result)

    def fail(self, error: Exception) -> None:
        """Say why there is no result, unless the job has ended."""
        with contextlib.suppress(InvalidStateError):
            self.future.set_exception(error)
        if self._stop is not None:
            self._stop()


class Jobs:
    """Jobs, each under a key: whoever asks for one that is there gets the same.

    Args:
        name: Of the threads.
        workers: How many are done at once.
        most: So many are kept, those that were asked for last; none that is under way is forgotten.
        patience_s: A job is given up when nobody has asked about it for so many seconds; None to do it in any case.
    """

    def __init__(self, name: str, workers: int = 1, most: int = 16, patience_s: float | None = None) -> None:
        self._pool = ThreadPoolExecutor(max_workers=workers, thread_name_prefix=name)
        self._most = most
        self._patience_s = patience_s
        self._jobs: OrderedDict[Hashable, Job[Any]] = OrderedDict()
        self._lock = threading.Lock()
        self._closed = False

    def start(self, key: Hashable, work: Callable[[Job[T]], T], *, again: bool = False) -> Job[T]:
        """Return the job of this key; begin it if there is none, or it was given up.

        Args:
            key: Names what is done, and with what.
            work: Does it. It tells its progress to the job, and returns the result.
            again: Begin it anew if it has ended, well or not.
        """
        with self._lock:
            job = self._asked(key)
            if job is None or job.given_up or (again and job.future.done()):
                job = self._jobs[key] = Job(self._patience_s)
                if self._closed:
                    job.fail(_ended())
                else:
                    self._pool.submit(_run, job, work)
            ended = [one for one, other in self._jobs.items() if other.future.done() and one != key]
            for one in ended[: max(0, len(self._jobs) - self._most)]:
                del self._jobs[one]
        return job

    def known(self, key: Hashable) -> Job[Any] | None:
        """Return the job of this key, under way, done or failed; None if there is none."""
        with self._lock:
            return self._asked(key)

    def forget_failure(self, key: Hashable) -> None:
        """Forget the job of this key if it failed, so that it is begun anew when it is asked for."""
        with self._lock:
            job = self._jobs.get(key)
            if job is not None and job.future.done() and job.future.exception() is not None:
                del self._jobs[key]

    def cancel(self, key: Hashable) -> None:
        """End the job of this key, if it is under way, as a person wishes."""
        with self._lock:
            job = self._jobs.get(key)
        if job is not None:
            job.fail(Cancelled("This was cancelled."))

    def all(self) -> list[Job[Any]]:
        """Return the jobs that are kept, those that were asked for last at the end."""
        with self._lock:
            return list(self._jobs.values())

    def close(self) -> None:
        """End what is being done; the server ends."""
        with self._lock:
            self._closed = True
        self._pool.shutdown(wait=False, cancel_futures=True)
        for job in self.all():
            if not job.future.done():
                job.fail(_ended())

    def _asked(self, key: Hashable) -> Job[Any] | None:
        job = self._jobs.get(key)
        if job is not None:
            job.asked = time.monotonic()
            self._jobs.move_to_end(key)
        return job


def _run(job: Job[T], work: Callable[[Job[T]], T]) -> None:
    try:
        job.tell("")  # nobody may wait for it any more, or the server ends
        job.began = time.monotonic()
        result = work(job)
    except (CnnDashError, Abandoned) as error:
        job.fail(error)
    except Exception as error:
        log.error("What was asked for could not be done", exc_info=error)
        received = f"{type(error).__name__}: {error}"
        job.fail(StoreError(f"This could not be computed. Received: {received}. Try it once more."))
    else:
        job.end(result)


def _ended() -> StoreError:
    return StoreError("The server ends, and this was not done. Start the server and try it once more.")
