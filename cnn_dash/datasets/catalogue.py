"""The data sets there are, by name: what a person is told of them, and how they are loaded."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cnn_dash.datasets import download, embedded, files
from cnn_dash.datasets.dataset import Dataset, Split
from cnn_dash.datasets.download import DownloadProgress, OnProgress
from cnn_dash.datasets.entries import ENTRIES, DataFile, DatasetInfo
from cnn_dash.datasets.splits import Indices, hold_out, validation_split
from cnn_dash.errors import ConfigError

__all__ = ["CATALOGUE", "DatasetInfo", "DownloadProgress", "get", "is_local", "load", "load_entry"]

CATALOGUE: dict[str, DatasetInfo] = {entry.name: entry for entry in ENTRIES}


def get(name: str) -> DatasetInfo:
    """The entry of this name.

    Raises:
        ConfigError: If there is none.
    """
    if name not in CATALOGUE:
        raise ConfigError(f"There is no such data set. Received: {name!r}. Allowed: {', '.join(CATALOGUE)}.")
    return CATALOGUE[name]


def is_local(name: str, data_dir: Path) -> bool:
    """Whether the data set can be loaded without a download. Looks for files, reads none.

    Raises:
        ConfigError: If there is no such data set.
    """
    entry = get(name)
    return not _missing(entry, data_dir) if entry.parts else embedded.path() is not None


def load(
    name: str,
    data_dir: Path,
    validation_fraction: float = 0.1,
    seed: int = 1,
    progress: OnProgress | None = None,
) -> Dataset:
    """Load a data set, downloading first what is not on this machine.

    Args:
        name: Its name in the catalogue.
        data_dir: Folder in which its files are looked for, and to which they are downloaded.
        validation_fraction: Share of the training pictures that is set aside for validation, between 0 and 1.
        seed: Start of the chance by which they are chosen.
        progress: Called again and again during a download.

    Raises:
        ConfigError: If there is no such data set, or the fraction leaves nothing on one side.
        DataNotFound: If it is neither here nor to be downloaded; the message says what to put where.
        DataError: If a file is damaged or something else.
    """
    return load_entry(get(name), data_dir, validation_fraction, seed, progress)


def load_entry(
    entry: DatasetInfo,
    data_dir: Path,
    validation_fraction: float = 0.1,
    seed: int = 1,
    progress: OnProgress | None = None,
) -> Dataset:
    """Load a data set that need not be in the catalogue; arguments and errors are those of `load`."""
    images, labels, *test = _arrays(entry, data_dir, progress)
    pool: Indices = np.arange(len(labels))
    if test:
        test_images, test_labels = test
        test_split = _split(test_images, test_labels, slice(None))
    else:  # a set without a test set of its own
        pool, held_out = hold_out(labels, entry.test_count, len(entry.class_names))
        test_split = _split(images, labels, held_out)
    train, validation = validation_split(len(pool), validation_fraction, seed)
    return Dataset(
        name=entry.name,
        title=entry.title,
        class_names=entry.class_names,
        train=_split(images, labels, pool[train]),
        validation=_split(images, labels, pool[validation]),
        test=test_split,
    )


def _missing(entry: DatasetInfo, data_dir: Path) -> list[DataFile]:
    return [part for part in entry.parts if files.find(entry, part, data_dir) is None]


def _arrays(entry: DatasetInfo, data_dir: Path, progress: OnProgress | None) -> tuple[NDArray[np.uint8], ...]:
    """Images (N, H, W) and labels (N,), and the same of the test set if there is one."""
    if not entry.parts:
        return embedded.read(embedded.path())
    if missing := _missing(entry, data_dir):
        download.fetch(entry, missing, data_dir / entry.folder, progress)
    return tuple(files.read(entry, part, data_dir) for part in entry.parts)


def _split(images: NDArray[np.uint8], labels: NDArray[np.uint8], indices: Indices | slice) -> Split:
    return Split(images[indices][..., None], labels[indices].astype(np.int64))
