"""Lets calls from many threads share the batches of one network: what waits while it is busy goes in together."""

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Outputs = Callable[[NDArray[np.uint8]], tuple[Floats, Floats]]

MOST_IMAGES = 256
"""In one batch; of more, a large network would take gigabytes."""


@dataclass
class _Call:
    images: NDArray[np.uint8]
    answer: Future[tuple[Floats, Floats]] = field(default_factory=Future)


class Batching:
    """One thread that runs a network, for all who ask.

    Args:
        outputs: The network: images uint8 (N, H, W, C) → probabilities (N, classes) and features (N, D).
    """

    def __init__(self, outputs: Outputs) -> None:
        self._outputs = outputs
        self._waiting: deque[_Call] = deque()
        self._changed = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._work, name="network", daemon=True)
        self._thread.start()

    def __call__(self, images: NDArray[np.uint8]) -> tuple[Floats, Floats]:
        """Return what the network gives; waits for it, and raises what it raises.

        Raises:
            RuntimeError: If it was closed.
        """
        call = _Call(images)
        with self._changed:
            if self._closed:
                raise RuntimeError("The network is no longer served.")
            self._waiting.append(call)
            self._changed.notify()
        return call.answer.result()

    def close(self) -> None:
        """Answer what waits, then end."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        self._thread.join()

    def _work(self) -> None:
        while calls := self._next():
            try:
                parts = self._outputs(np.concatenate([call.images for call in calls]))
            except Exception as error:  # whatever it is, each of them is told
                for call in calls:
                    call.answer.set_exception(error)
                continue
            begin = 0
            for call in calls:
                end = begin + len(call.images)
                call.answer.set_result((parts[0][begin:end], parts[1][begin:end]))
                begin = end

    def _next(self) -> list[_Call]:
        """Wait for calls; return as many as fit into a batch, at least one, or none at the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closed)
            calls: list[_Call] = []
            count = 0
            while self._waiting and (not calls or count + len(self._waiting[0].images) <= MOST_IMAGES):
                calls.append(self._waiting.popleft())
                count += len(calls[-1].images)
            return calls
