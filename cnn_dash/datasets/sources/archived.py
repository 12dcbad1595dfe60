"""Data sets that their publisher offers as one archive: found on this machine, or downloaded once, and read in place.

Nothing is unpacked to the disk, no member is looked for but by its exact name, and nothing is unpickled: of CIFAR-10
it is the binary version.
"""

import tarfile
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cnn_dash.datasets.info import DatasetInfo
from cnn_dash.datasets.sources import download, idx
from cnn_dash.datasets.sources.files import find
from cnn_dash.datasets.sources.protocol import OnProgress, SourceArrays
from cnn_dash.errors import DataError, DataNotFound

CIFAR_PX = 32
_EMNIST_PX = 28


@dataclass(frozen=True)
class ArchivedSource:
    """A data set in one archive.

    Attributes:
        info: Its name, origin, classes and size.
        archive: Name of the archive; it is at `info.download_url`.
        md5: Checksum of the archive.
        folders: Folders in the data folder in which it is looked for; it is downloaded to the first one.
        reader: Reads it.
    """

    info: DatasetInfo
    archive: str
    md5: str
    folders: tuple[str, ...]
    reader: Callable[[Path, DatasetInfo], SourceArrays]

    def is_local(self, data_dir: Path) -> bool:
        """Return whether the archive is on this machine."""
        return self._find(data_dir) is not None

    def problem(self, data_dir: Path) -> str | None:
        """Say if what was found is no archive at all; whether it is the published one, its checksum tells later."""
        path = self._find(data_dir)
        if path is None or zipfile.is_zipfile(path) or tarfile.is_tarfile(path):
            return None
        return f"Found, but of no use: {path}: no archive, or one that was cut off."

    def fetch(self, data_dir: Path, progress: OnProgress | None = None) -> None:
        """Download the archive if it is not on this machine."""
        if self._find(data_dir) is None:
            download.fetch(self.info, {self.archive: self.md5}, data_dir / self.folders[0], progress)

    def files(self, data_dir: Path) -> tuple[Path, ...]:
        """Return the archive, if it is there."""
        found = self._find(data_dir)
        return (found,) if found else ()

    def read(self, data_dir: Path) -> SourceArrays:
        """Read the archive and check that it is the published one, by its MD5."""
        path = self._find(data_dir)
        folder = data_dir / self.folders[0]
        by_hand = f"{self.archive} from {self.info.download_url} into {folder}"
        if path is None:
            raise DataNotFound(f"{self.archive} of {self.info.title} is not on this machine. Next: put {by_hand}.")
        try:
            if (received := idx.file_md5(path)) != self.md5:
                raise ValueError(f"another file than the publisher's, MD5 {received} instead of {self.md5}")
            return self.reader(path, self.info)
        except Exception as error:  # what the parsers throw on hostile bytes has no common base, and means one thing
            raise DataError(
                f"{path} is not a good file of {self.info.title}. Received: {str(error) or type(error).__name__}. "
                "Allowed: the publisher's archive, unchanged. Next: delete the file, and it is downloaded again; or "
                f"put {by_hand}."
            ) from error

    def _find(self, data_dir: Path) -> Path | None:
        return find([data_dir / folder / self.archive for folder in self.folders] + [data_dir / self.archive])


def read_cifar(path: Path, info: DatasetInfo) -> SourceArrays:
    """Read the binary version of CIFAR-10.

    Each file has as many rows as there are test images: a label, then 32 × 32 red, green and blue values.
    Source: https://www.cs.toronto.edu/~kriz/cifar.html
    """
    names = [*(f"data_batch_{number}.bin" for number in range(1, 6)), "test_batch.bin"]
    size = info.test_count * (1 + 3 * CIFAR_PX**2)
    found: dict[str, NDArray[np.uint8]] = {}
    with tarfile.open(path, "r:gz") as archive:
        for member in archive:
            name = member.name.rpartition("/")[2]
            if name not in names or not member.isfile():
                continue
            if member.size != size or name in found:
                raise ValueError(f"{member.name} of {member.size:,} bytes instead of {size:,}")
            content = archive.extractfile(member)
            assert content is not None  # it is a file
            found[name] = np.frombuffer(content.read(size), np.uint8).reshape(info.test_count, -1)
    if missing := [name for name in names if name not in found]:
        raise ValueError(f"an archive without {missing[0]}")
    rows = np.concatenate([found[name] for name in names])
    images = rows[:, 1:].reshape(-1, 3, CIFAR_PX, CIFAR_PX).transpose(0, 2, 3, 1)
    count = info.train_count
    return SourceArrays(images[:count].copy(), rows[:count, 0], (images[count:].copy(), rows[count:, 0]))


def read_emnist(path: Path, info: DatasetInfo) -> SourceArrays:
    """Read one of the sets in EMNIST's archive of IDX files, named as the data set is: `emnist-letters`.

    Its images are stored with rows and columns exchanged, and the labels of the letters begin with 1.
    Source: https://www.nist.gov/itl/products-and-services/emnist-dataset
    """
    arrays: Mapping[str, NDArray[np.integer]] = {}
    with zipfile.ZipFile(path) as archive:
        arrays = {
            f"{split}-{kind}": _member(archive, f"{info.name}-{split}-{kind}-{form}-ubyte", (count, *shape))
            for split, count in (("train", info.train_count), ("test", info.test_count))
            for kind, form, shape in (("images", "idx3", (_EMNIST_PX, _EMNIST_PX)), ("labels", "idx1", ()))
        }
    first = int(arrays["train-labels"].min())
    images = {split: arrays[f"{split}-images"].astype(np.uint8).swapaxes(1, 2).copy() for split in ("train", "test")}
    labels = {split: arrays[f"{split}-labels"].astype(np.int64) - first for split in ("train", "test")}
    return SourceArrays(images["train"], labels["train"], (images["test"], labels["test"]))


def _member(archive: zipfile.ZipFile, name: str, shape: tuple[int, ...]) -> NDArray[np.integer]:
    with archive.open(f"gzip/{name}.gz") as packed:
        return idx.read_packed(packed, shape)
