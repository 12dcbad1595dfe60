"""Data sets whose files a publisher offers: found on this machine, or downloaded once."""

from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray

from cnn_dash.datasets.info import DatasetInfo
from cnn_dash.datasets.sources import download, files
from cnn_dash.datasets.sources.files import DataFile
from cnn_dash.datasets.sources.protocol import OnProgress, SourceArrays
from cnn_dash.errors import DataNotFound


@dataclass(frozen=True)
class PublishedSource:
    """A published data set.

    Attributes:
        info: Its name, origin, classes and size.
        parts: Training images, training labels, test images, test labels; or only one pair, from which a test set is
            held out. Every part is at `info.download_url` as `<idx_name>.gz`.
        folder: Its folder in the data folder, and the first part of the name of `.npz` files.
        system_folder: Where the operating system's own package puts the files.
    """

    info: DatasetInfo
    parts: tuple[DataFile, ...]
    folder: str
    system_folder: Path | None = None

    def is_local(self, data_dir: Path) -> bool:
        """Return whether every file is on this machine."""
        return not self._missing(data_dir)

    def fetch(self, data_dir: Path, progress: OnProgress | None = None) -> None:
        """Download the files that are not on this machine, into its folder in the data folder."""
        if missing := self._missing(data_dir):
            packed = {f"{part.idx_name}.gz": part.packed_md5 for part in missing}
            try:
                download.fetch(self.info, packed, data_dir / self.folder, progress)
            except DataNotFound as error:
                beside = self.problem(data_dir)
                raise DataNotFound(f"{error} {beside}" if beside else str(error)) from error

    def files(self, data_dir: Path) -> tuple[Path, ...]:
        """Return the file that holds each part, as far as they are there."""
        return tuple(dict.fromkeys(path for part in self.parts if (path := self._find(part, data_dir))))

    def read(self, data_dir: Path) -> SourceArrays:
        """Read every part and check that it is the published one, by its MD5 where that is known."""
        images, labels, *test = (self._read(part, data_dir) for part in self.parts)
        pixels = cast(NDArray[np.uint8], images)
        return SourceArrays(pixels, labels, (cast(NDArray[np.uint8], test[0]), test[1]) if test else None)

    def problem(self, data_dir: Path) -> str | None:
        """Say which of the files that were found cannot be used, and why; None if none is known to be bad."""
        reasons = dict.fromkeys(
            reason for part in self.parts if (reason := files.problem(self._find(part, data_dir), part))
        )
        return f"Found, but of no use: {'; '.join(reasons)}." if reasons else None

    def _missing(self, data_dir: Path) -> list[DataFile]:
        return [part for part in self.parts if self._find(part, data_dir) is None]

    def _find(self, part: DataFile, data_dir: Path) -> Path | None:
        return files.find(files.places(part, data_dir, self.info.name, self.folder, self.system_folder))

    def _read(self, part: DataFile, data_dir: Path) -> NDArray[np.integer]:
        return files.read(self._find(part, data_dir), part, self.info, data_dir / self.folder)
