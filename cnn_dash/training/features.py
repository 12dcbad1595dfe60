"""What a pretrained base makes of the images of a data set, computed once and kept.

    <home>/features/1f0c5d3a9b2e….npz    train, test: float32 (N, D)

The base never changes, so its features are the same in every epoch, and in every run over the same images with the same
weights: an epoch of the layers after it takes a fraction of a second. The name stands for the content of data and
weights; the folder may be deleted at any time. A file is written beside its place and renamed, and its checksums tell
if it was damaged.
"""

import contextlib
import hashlib
import logging
import os
import secrets
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray

from cnn_dash.datasets.dataset import Dataset
from cnn_dash.datasets.selected_images import SelectedImages
from cnn_dash.models.forward import batch_size, forward

log = logging.getLogger(__name__)

FORMAT = 1
"""Raise it when the same images and weights would give other features: with another size of the images, say."""
MOST_BYTES = 2 << 30
"""Of all features that are kept: those of MNIST take 160 MB. Those that were used longest ago go first."""
_ABANDONED_S = 3600.0

OnImages = Callable[[int, int], None]
"""Told how many of how many images are done."""


def with_features(data: Dataset, base: keras.Model, base_sha256: str, folder: Path, on_images: OnImages) -> Dataset:
    """Return a data set whose splits have the features of their images.

    Args:
        data: The data set, split.
        base: Images uint8 (N, H, W, C) in 0–255 → features (N, D).
        base_sha256: Of the file with its weights.
        folder: Where features are kept. If it cannot be written, they are computed and not kept.
        on_images: Called after each part of the images; it may raise what ends the work.
    """
    name = f"{FORMAT} {base_sha256} {data.content_hash} {base.input_shape} {base.output_shape}"
    file = folder / f"{hashlib.sha256(name.encode()).hexdigest()[:24]}.npz"
    # Those of training and validation together, in the order of the data set: every split takes its own from them.
    train, validation = data.train.images, data.validation.images
    if not (isinstance(train, SelectedImages) and isinstance(validation, SelectedImages)):
        raise TypeError("the images of a loaded data set are a selection")
    width = int(base.output_shape[-1])
    shapes = (len(train.source), width), (len(data.test), width)
    kept = _read(file, shapes)
    if kept is None:
        kept = _compute(base, train.source, np.asarray(data.test.images), on_images)
        _keep(file, *kept)
    else:
        log.info("features of %d images were kept", sum(map(len, kept)))
    pool, test = kept
    return replace(
        data,
        train=replace(data.train, features=pool[train.rows]),
        validation=replace(data.validation, features=pool[validation.rows]),
        test=replace(data.test, features=test),
    )


def _compute(
    base: keras.Model, pool: NDArray[np.uint8], test: NDArray[np.uint8], on_images: OnImages
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    began = time.perf_counter()
    network, at_once = forward(base), batch_size(base)
    total = len(pool) + len(test)
    done = 0
    found = []
    for images in (pool, test):
        features = np.empty((len(images), base.output_shape[-1]), np.float32)
        for begin in range(0, len(images), at_once):
            some = np.asarray(images[begin : begin + at_once])
            features[begin : begin + len(some)] = network(some)
            done += len(some)
            on_images(done, total)
        found.append(features)
    log.info("features of %d images in %.1f s", total, time.perf_counter() - began)
    return found[0], found[1]


def _read(file: Path, shapes: tuple[tuple[int, int], ...]) -> tuple[NDArray[np.float32], NDArray[np.float32]] | None:
    try:
        with np.load(file, allow_pickle=False) as archive:
            train, test = archive["train"], archive["test"]
        if (train.shape, test.shape) != shapes or {train.dtype, test.dtype} != {np.dtype(np.float32)}:
            raise ValueError(f"shapes {train.shape} and {test.shape}")
        os.utime(file)  # so that it is known which were used last
    except FileNotFoundError:
        return None
    except Exception as error:  # zipfile, zlib and NumPy have no common error for a damaged file
        log.warning("The features in %s cannot be used (%s); they are computed again.", file.name, error)
        return None
    return train, test


def _keep(file: Path, train: NDArray[np.float32], test: NDArray[np.float32]) -> None:
    part = file.with_name(f"part-{secrets.token_hex(6)}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as stream:
            np.savez(stream, train=train, test=test)
        part.replace(file)
        _free(file)
    except OSError as error:
        log.warning("The features are not kept: %s cannot be written (%s).", file.parent, error)
        with contextlib.suppress(OSError):
            part.unlink()


def _free(newest: Path) -> None:
    """Delete what a process left that died, and those features that were used longest ago, until the rest fits."""
    for part in newest.parent.glob("part-*"):
        with contextlib.suppress(OSError):
            if time.time() - part.stat().st_mtime > _ABANDONED_S:
                part.unlink()
    files = []
    for file in newest.parent.glob("*.npz"):
        with contextlib.suppress(OSError):  # another worker may be freeing, too
            files.append((file != newest, -file.stat().st_mtime, file.stat().st_size, file))
    taken = 0
    for _, _, size, file in sorted(files):
        taken += size
        if taken > MOST_BYTES and file != newest:
            with contextlib.suppress(OSError):
                file.unlink()
