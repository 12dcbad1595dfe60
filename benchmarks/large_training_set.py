"""Peak memory and speed of training on a set that is larger than the device may hold, against the same in memory.

`python benchmarks/large_training_set.py [--images 100000] [--size 96] [--steps 60]`. It writes memory-mapped images of
noise in colour (2.8 GB by default), and trains the same batches of them twice, each time in a process of its own: with
room for all of them on the device, and with none. Both must give the same weights. Memory is what the process itself
has allocated (`RssAnon` of Linux); mapped pages of the file are given back by the system as it needs them.
"""

import argparse
import multiprocessing
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import common  # the path of the repository
import numpy as np

SAMPLED_S = 0.02
CLASSES = 10


@dataclass
class Measured:
    """What a training took.

    Attributes:
        weights: SHA-256 of the weights after it.
        images_per_second: Without the first call, which traces the graph.
        before_bytes: Memory before the training set was opened.
        peak_bytes: The most memory from then on.
    """

    weights: str
    images_per_second: float
    before_bytes: int
    peak_bytes: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=int, default=100_000)
    parser.add_argument("--size", type=int, default=96)
    parser.add_argument("--steps", type=int, default=60)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "images.npy"
        write(file, options.images, options.size)
        print(f"{options.images:,} images, {file.stat().st_size / 1e6:,.0f} MB")
        found = {}
        for name, budget in (("in memory", 1 << 62), ("from the file", 0)):
            with multiprocessing.get_context("spawn").Pool(1) as process:
                found[name] = one = process.apply(train, (file, options.steps, budget))
            extra, before = (one.peak_bytes - one.before_bytes) / 1e6, one.before_bytes / 1e6
            print(f"{name}: peak {extra:,.0f} MB above {before:,.0f}, {one.images_per_second:,.0f} images/s")
    print("the same weights" if len({one.weights for one in found.values()}) == 1 else "OTHER WEIGHTS")


def write(file: Path, images: int, size: int) -> None:
    """Write images of noise, uint8 (images, size, size, 3)."""
    made = np.lib.format.open_memmap(file, "w+", np.uint8, (images, size, size, 3))
    random = np.random.default_rng(0)
    for begin in range(0, images, 1000):
        some = made[begin : begin + 1000]
        some[:] = random.integers(0, 256, some.shape, np.uint8)
    made.flush()


def train(file: Path, steps: int, budget: int) -> Measured:
    """Train so many batches, in calls of a few, with room for `budget` bytes of images on the device."""
    from cnn_dash import presets
    from cnn_dash.datasets.dataset import Split
    from cnn_dash.datasets.selected_images import SelectedImages
    from cnn_dash.models.build import build
    from cnn_dash.training.engine import Engine
    from cnn_dash.training.randomness import order
    from cnn_dash.training.run import weights_sha256

    peak, done = 0, threading.Event()

    def watch() -> None:
        nonlocal peak
        while not done.wait(SAMPLED_S):
            peak = max(peak, memory())

    preset = presets.get("compact-valid")
    images = np.load(file, mmap_mode="r")
    split = Split(SelectedImages(images, np.arange(len(images))), np.arange(len(images)) % CLASSES)
    model = build(preset.model, images.shape[1:], CLASSES, 1)
    before = memory()
    threading.Thread(target=watch, daemon=True).start()
    engine = Engine(model, split, preset.train, budget)
    batches = order(len(images), 1, 0)[: steps * common.BATCH_SIZE].reshape(steps, -1)
    a_call, seconds = 4, []
    for begin in range(0, steps, a_call):
        some = batches[begin : begin + a_call]
        began = time.perf_counter()
        engine.steps(some, np.full(len(some), 0.001, np.float32), begin)
        seconds.append(time.perf_counter() - began)
    done.set()
    speed = (steps - a_call) * common.BATCH_SIZE / sum(seconds[1:])
    return Measured(weights_sha256(model), speed, before, max(peak, memory()))


def memory() -> int:
    """Return the bytes that this process has allocated, without pages of files."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(1024 * int(line.split()[1]) for line in lines if line.startswith("RssAnon"))


if __name__ == "__main__":
    main()
