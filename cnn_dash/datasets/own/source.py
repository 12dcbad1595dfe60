"""An own data set as the catalogue knows it."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cnn_dash.datasets.info import DatasetInfo
from cnn_dash.datasets.internal_format import ARRAYS, Imported
from cnn_dash.datasets.own import library
from cnn_dash.datasets.own.manifest import Manifest, array_stamps, read_manifest
from cnn_dash.datasets.own.names import full_name
from cnn_dash.datasets.sources.protocol import OnProgress, SourceArrays
from cnn_dash.errors import DataError


@dataclass(frozen=True)
class OwnSource:
    """One version of an own data set. It is in the internal form already, so nothing is imported again.

    Attributes:
        info: Its name, origin, classes and size.
    """

    info: DatasetInfo

    @classmethod
    def of(cls, full: str, data_dir: Path) -> "OwnSource":
        """Return the source of a version.

        Raises:
            ConfigError: If no own data set can be called so.
            DataError: If there is none, or its manifest is damaged.
        """
        found = library.manifest(full, data_dir)
        return cls(info_of(found, library.about(found.name, data_dir, found)))

    def is_local(self, data_dir: Path) -> bool:
        """Return whether its folder is there."""
        return library.folder_of(self.info.name, data_dir).is_dir()

    def problem(self, data_dir: Path) -> str | None:
        """Say if a file is missing, or not as it was written."""
        try:
            self.mapped(data_dir)
        except DataError as error:
            return str(error)
        return None

    def fetch(self, data_dir: Path, progress: OnProgress | None = None) -> None:
        """Do nothing: nobody publishes it."""

    def files(self, data_dir: Path) -> tuple[Path, ...]:
        """Return its arrays."""
        return tuple(library.folder_of(self.info.name, data_dir) / f"{name}.npy" for name in ARRAYS)

    def mapped(self, data_dir: Path) -> Imported:
        """Map its arrays into memory.

        Raises:
            DataError: If a file is missing, or not as it was written.
        """
        folder = library.folder_of(self.info.name, data_dir)
        found = read_manifest(folder)
        try:
            if array_stamps(folder) != found.arrays:
                raise ValueError("files of another size or time than were written")
            images, labels, test_images, test_labels = (
                np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False)) for name in ARRAYS
            )
        except (OSError, ValueError) as error:
            raise DataError(
                f"The data set {self.info.name} is damaged. Received: {error}. Allowed: the files in {folder} as they "
                "were written. Import it again under another name."
            ) from error
        return Imported(found.class_names, images, labels, test_images, test_labels, found.content_hash)

    def read(self, data_dir: Path) -> SourceArrays:
        """Return its arrays.

        Raises:
            DataError: If a file is missing, or not as it was written.
        """
        made = self.mapped(data_dir)
        return SourceArrays(made.train_images, made.train_labels, (made.test_images, made.test_labels))


def info_of(found: Manifest, about: library.About) -> DatasetInfo:
    """Return what a person is told of a version."""
    version = f", version {found.version}" if found.version > 1 else ""
    size = "×".join(map(str, found.image_shape[:2]))
    colour = "grey" if found.image_shape[2] == 1 else "colour"
    total = sum(found.total.values())
    return DatasetInfo(
        name=full_name(found.name, found.version),
        title=f"{about.title}{version}",
        description=f"{total:,} {colour} images of {size} pixels in {len(found.class_names)} classes, brought by you.",
        class_names=found.class_names,
        train_count=found.total["train"],
        test_count=found.total["test"],
        licence=about.licence or "licence not recorded",
        source=f"imported from {found.source}",
        image_shape=found.image_shape,
        content_hash=found.content_hash,
    )
