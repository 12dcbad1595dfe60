"""What takes longer than a page may wait: done once in a thread, with progress; the last results are kept.

A job that needs TensorFlow starts a process of its own from its thread, see `processes`.
"""

import contextlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future, InvalidStateError, ThreadPoolExecutor
from typing import Any, Generic, TypeVar

from cnn_dash.errors import StoreError

T = TypeVar("T")


class Job(Generic[T]):
    """Something that is being done.

    Attributes:
        step: What is being done, for a person.
        share: How much is done, 0–1.
        future: Its result, or why there is none.
    """

    def __init__(self) -> None:
        self.step = "Waiting"
        self.share = 0.0
        self.future: Future[T] = Future()
        self._stop: Callable[[], None] | None = None

    def tell(self, step: str, share: float) -> None:
        """Say what is being done, and how much is done, 0–1."""
        self.step, self.share = step, min(1.0, max(0.0, share))

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
    """

    def __init__(self, name: str, workers: int = 1, most: int = 16) -> None:
        self._pool = ThreadPoolExecutor(max_workers=workers, thread_name_prefix=name)
        self._most = most
        self._jobs: OrderedDict[Hashable, Job[Any]] = OrderedDict()
        self._lock = threading.Lock()
        self._closed = False

    def start(self, key: Hashable, work: Callable[[Job[T]], T]) -> Job[T]:
        """Return the job of this key; start it if there is none, or the last one failed.

        Args:
            key: Names what is done.
            work: Does it. It tells its progress to the job, and returns the result.
        """
        with self._lock:
            job = self._jobs.get(key)
            if job is None or (job.future.done() and job.future.exception() is not None):
                job = self._jobs[key] = Job()
                if self._closed:
                    job.fail(_ended())
                else:
                    self._pool.submit(_run, job, work)
            self._jobs.move_to_end(key)
            done = [one for one, other in self._jobs.items() if other.future.done() and one != key]
            for one in done[: max(0, len(self._jobs) - self._most)]:
                del self._jobs[one]
        return job

    def known(self, key: Hashable) -> Job[Any] | None:
        """Return the job of this key, under way, done or failed; None if there is none."""
        with self._lock:
            return self._jobs.get(key)

    def all(self) -> list[Job[Any]]:
        """Return the jobs that are kept, those that were asked for last at the end."""
        with self._lock:
            return list(self._jobs.values())

    def close(self) -> None:
        """End what is being done; the server ends."""
        with self._lock:
            self._closed = True
        jobs = self.all()
        self._pool.shutdown(wait=False, cancel_futures=True)
        for job in jobs:
            if not job.future.done():
                job.fail(_ended())


def _run(job: Job[T], work: Callable[[Job[T]], T]) -> None:
    if job.future.done():  # the server ends
        return
    try:
        result = work(job)
    except Exception as error:
        job.fail(error)
    else:
        job.end(result)


def _ended() -> StoreError:
    return StoreError("The server ends, and this was not computed. Start the server and try it once more.")
