"""Decodes pictures in several processes at once, in order, with few of them in memory."""

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace

from cnn_dash.datasets.own.decoding import Decoded, Picture, decode
from cnn_dash.datasets.own.manifest import ImportOptions
from cnn_dash.datasets.readers.example import Example
from cnn_dash.errors import DataError

_WORTH_IT = 2_000  # pictures; fewer are decoded before processes have started
_MOST_PROCESSES = 8
_BATCH = 64
_BATCH_BYTES = 4_000_000

Pair = tuple[Example, Decoded | str]


def decoded(
    examples: Iterable[Example], options: ImportOptions, total: int, processes: int | None = None
) -> Iterator[Pair]:
    """Yield every example, without its picture, with its image or the reason why there is none.

    Args:
        examples: What a reader yields.
        options: How pictures become images.
        total: About how many there are.
        processes: That decode; 1 for this one; None for as many as there are CPUs, if it is worth starting them.

    Raises:
        DataError: If a picture makes a decoder crash.
    """
    if processes is None:
        processes = min(os.cpu_count() or 1, _MOST_PROCESSES) if total >= _WORTH_IT else 1
    if processes == 1:
        for one in examples:
            yield replace(one, picture=""), decode(one.picture, one.file, options)
        return
    # Not forked: the process that asks may have threads, whose locks a fork would copy.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(processes, context, initializer=_end_with_parent)
    waiting: deque[tuple[list[Example], Future[list[Decoded | str]]]] = deque()
    try:
        for batch in _batches(examples):
            future = pool.submit(_decode, [(one.picture, one.file) for one in batch], options)
            waiting.append(([replace(one, picture="") for one in batch], future))
            if len(waiting) > 2 * processes:
                yield from _finished(waiting.popleft())
        while waiting:
            yield from _finished(waiting.popleft())
    finally:
        pool.shutdown(cancel_futures=True)


def _finished(waits: tuple[list[Example], "Future[list[Decoded | str]]"]) -> Iterator[Pair]:
    examples, future = waits
    try:
        yield from zip(examples, future.result(), strict=True)
    except BrokenProcessPool as error:
        raise DataError(
            f"A picture makes its decoder crash. Received: one of the {len(examples)} from {examples[0].file} to "
            f"{examples[-1].file}, or of those after them. Allowed: pictures that can be opened. Take it out."
        ) from error


def _decode(pictures: list[tuple[Picture, str]], options: ImportOptions) -> list[Decoded | str]:
    return [decode(picture, file, options) for picture, file in pictures]


def _batches(examples: Iterable[Example]) -> Iterator[list[Example]]:
    batch: list[Example] = []
    size = 0
    for one in examples:
        batch.append(one)
        size += len(one.picture) if isinstance(one.picture, (bytes, str)) else one.picture.nbytes
        if len(batch) >= _BATCH or size >= _BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _end_with_parent() -> None:
    """Let this process end when the one dies that started it, for which it would wait for ever, and only then."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all of them; the parent cleans up
    parent = multiprocessing.parent_process()

    def watch() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
