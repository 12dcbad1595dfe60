"""The registry of data sets, by name, and the way to load one."""

import contextlib
from collections.abc import Iterable
from pathlib import Path

from cnn_dash.datasets.dataset import Dataset, Split
from cnn_dash.datasets.importing import import_dataset
from cnn_dash.datasets.info import DatasetInfo
from cnn_dash.datasets.own import library
from cnn_dash.datasets.own.source import OwnSource
from cnn_dash.datasets.selected_images import SelectedImages
from cnn_dash.datasets.sources.built_in import BUILT_IN
from cnn_dash.datasets.sources.fold import Fold, FoldSource
from cnn_dash.datasets.sources.protocol import DatasetSource, DownloadProgress, OnProgress
from cnn_dash.datasets.splits import validation_split
from cnn_dash.errors import ConfigError, DataError

__all__ = [
    "SOURCES",
    "DatasetInfo",
    "DownloadProgress",
    "OnProgress",
    "find",
    "get",
    "is_local",
    "load",
    "load_source",
    "names",
    "problem",
    "source",
    "sources",
]

SOURCES: dict[str, DatasetSource] = {source.info.name: source for source in BUILT_IN}
"""Those that come with CNN Dash."""


def names(data_dir: Path) -> list[str]:
    """Return the names of all data sets: those that come with CNN Dash, then a person's own. Reads no file."""
    return [*SOURCES, *(name for name in library.names(data_dir) if name not in SOURCES)]


def sources(data_dir: Path) -> dict[str, DatasetSource]:
    """Return all data sets by name: those that come with CNN Dash, then a person's own; damaged ones are left out."""
    found = dict(SOURCES)
    for name in library.names(data_dir):
        with contextlib.suppress(DataError):
            found.setdefault(name, OwnSource.of(name, data_dir))
    return found


def source(name: str, data_dir: Path | None = None) -> DatasetSource:
    """Return where a data set comes from.

    Args:
        name: Its name; with a fold (`mnist-5k.fold2of5`), the set without that part of its training images.
        data_dir: Folder with the own data sets; None for those alone that come with CNN Dash.

    Raises:
        ConfigError: If there is none.
        DataError: If it is a person's own, and damaged.
    """
    if name in SOURCES:
        return SOURCES[name]
    if data_dir is not None and library.is_there(name, data_dir):
        return OwnSource.of(name, data_dir)
    if fold := Fold.of(name):
        return FoldSource(fold, source(fold.whole, data_dir))
    known = SOURCES if data_dir is None else sources(data_dir)
    back = ""
    if data_dir is not None and name in library.deleted(data_dir):
        back = f" It is in the trash; to bring it back: python -m cnn_dash datasets delete {name} --undo."
    raise ConfigError(f"There is no such data set. Received: {name!r}. Allowed: {', '.join(known)}.{back}")


def get(name: str, data_dir: Path | None = None) -> DatasetInfo:
    """Return name, origin, classes and size of a data set; see `source`."""
    return source(name, data_dir).info


def find(name: str, places: Iterable[Path]) -> Path | None:
    """Return the first data folder from which a data set can be loaded without a download; None if there is none.

    An own data set may be in one of them and unknown in the others.
    """
    for place in places:
        with contextlib.suppress(ConfigError):
            if is_local(name, place):
                return place
    return None


def is_local(name: str, data_dir: Path) -> bool:
    """Return whether the data set can be loaded without a download. Looks for files, reads none.

    Raises:
        ConfigError: If there is no such data set.
    """
    return source(name, data_dir).is_local(data_dir)


def problem(name: str, data_dir: Path) -> str | None:
    """Say which files of a data set were found but cannot be used, and why; None if none is known to be bad.

    Reads headers only: what is damaged farther in shows when it is loaded.

    Raises:
        ConfigError: If there is no such data set.
    """
    return source(name, data_dir).problem(data_dir)


def load(
    name: str,
    data_dir: Path,
    validation_fraction: float = 0.1,
    seed: int = 1,
    progress: OnProgress | None = None,
    imported_dir: Path | None = None,
) -> Dataset:
    """Load a data set, downloading first what is not on this machine.

    Args:
        name: Its name in the registry.
        data_dir: Folder in which its files are looked for, and to which they are downloaded.
        validation_fraction: Share of the training images that is set aside for validation, between 0 and 1.
        seed: Start of the chance by which they are chosen.
        progress: Called again and again during a download.
        imported_dir: Folder in which imported sets are kept, so that the next load reads and checks no file of the
            publisher; None keeps nothing.

    Raises:
        ConfigError: If there is no such data set, or the fraction leaves nothing on one side.
        DataNotFound: If it is neither here nor to be downloaded; the message says what to put where.
        DataError: If a file is damaged or something else.
    """
    return load_source(source(name, data_dir), data_dir, validation_fraction, seed, progress, imported_dir)


def load_source(
    source: DatasetSource,
    data_dir: Path,
    validation_fraction: float = 0.1,
    seed: int = 1,
    progress: OnProgress | None = None,
    imported_dir: Path | None = None,
) -> Dataset:
    """Load a data set that need not be in the registry; other arguments and errors are those of `load`."""
    made = import_dataset(source, data_dir, imported_dir, progress)
    train, validation = validation_split(len(made.train_labels), validation_fraction, seed)
    return Dataset(
        name=source.info.name,
        title=source.info.title,
        class_names=made.class_names,
        train=Split(SelectedImages(made.train_images, train), made.train_labels[train]),
        validation=Split(SelectedImages(made.train_images, validation), made.train_labels[validation]),
        test=Split(made.test_images, made.test_labels),
        content_hash=made.content_hash,
    )
