"""Requests that arrive together share a batch, and each gets its own answers."""

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from numpy.typing import NDArray

from cnn_dash.serving.batching import MOST_IMAGES, Batching
from tests.waiting import PATIENCE_S, comes_true


class Network:
    """Gives back what it is shown; the first batch waits until it may go on."""

    def __init__(self) -> None:
        self.batches: list[int] = []
        self.entered, self.go_on = threading.Event(), threading.Event()

    def __call__(self, images: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        self.batches.append(len(images))
        self.entered.set()
        assert self.go_on.wait(PATIENCE_S)
        if images.max() == 255:
            raise ValueError("broken")
        flat = images.reshape(len(images), -1).astype(np.float32)
        return flat, flat * 2


def image(level: int, count: int = 1) -> NDArray[np.uint8]:
    return np.full((count, 2, 2, 1), level, np.uint8)


def test_what_waits_goes_in_together_and_comes_back_apart() -> None:
    network = Network()
    batching = Batching(network)
    with ThreadPoolExecutor(8) as threads:
        first = threads.submit(batching, image(1))
        assert network.entered.wait(PATIENCE_S)
        others = [threads.submit(batching, image(level, level)) for level in (2, 3, 4)]
        assert comes_true(lambda: len(batching._waiting) == 3)
        network.go_on.set()
        assert first.result()[0].tolist() == [[1.0] * 4]
        for level, other in zip((2, 3, 4), others, strict=True):
            probabilities, features = other.result()
            assert probabilities.tolist() == [[level] * 4] * level
            assert features.tolist() == [[2 * level] * 4] * level
    assert network.batches == [1, 9]
    batching.close()
    with pytest.raises(RuntimeError, match="no longer served"):
        batching(image(1))


def test_a_batch_has_a_limit_and_an_error_reaches_who_asked() -> None:
    network = Network()
    batching = Batching(network)
    with ThreadPoolExecutor(4) as threads:
        broken = threads.submit(batching, image(255))
        assert network.entered.wait(PATIENCE_S)
        large = [threads.submit(batching, image(1, MOST_IMAGES - 1)) for _ in range(2)]
        assert comes_true(lambda: len(batching._waiting) == 2)
        network.go_on.set()
        with pytest.raises(ValueError, match="broken"):
            broken.result()
        assert [len(one.result()[0]) for one in large] == [MOST_IMAGES - 1] * 2
    assert network.batches == [1, MOST_IMAGES - 1, MOST_IMAGES - 1]
    batching.close()
