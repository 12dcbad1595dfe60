"""Files by name, in a folder or in a ZIP archive, so that a reader need not know in which."""

import gzip
import os
import stat
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from cnn_dash.datasets.readers.folders import is_hidden
from cnn_dash.datasets.readers.limits import LONGEST_NAME, MOST_EXAMPLES, Meter, refused
from cnn_dash.datasets.readers.zip_folders import DAMAGE, members, open_zip

_GZIP = b"\x1f\x8b"


class Store:
    """The files of a folder or of a ZIP archive.

    Args:
        path: The folder or archive.
        name: What it is called, for messages.

    Raises:
        DataError: If it cannot be read, or holds links, too much, or names outside of it.
    """

    def __init__(self, path: Path, name: str) -> None:
        self._path, self.name = path, name
        self.members: dict[str, zipfile.ZipInfo] = {}
        if path.is_dir():
            self.paths = list(_walk(path, name))
        elif _is_zip(path):
            with open_zip(path, name) as archive:
                self.members = members(archive, name)
            self.paths = list(self.members)
        else:
            self.paths = [name]

    @property
    def in_zip(self) -> bool:
        """Whether the files are in an archive."""
        return bool(self.members)

    def real(self, path: str) -> Path:
        """Return the file on disk; not for one in an archive."""
        return self._path / path if self._path.is_dir() else self._path

    @contextmanager
    def open(self, path: str) -> Iterator[IO[bytes]]:
        """Open a file, unpacked if it is gzipped.

        Raises:
            DataError: If it is damaged, here or while it is read.
        """
        meter = Meter(f"{self.name}: {path}" if path != self.name else path, self.packed(path))
        try:
            if self.members:
                with open_zip(self._path, self.name) as archive, archive.open(self.members[path]) as file:
                    yield cast(IO[bytes], Metered(_unpacked(file), meter))
            else:
                with self.real(path).open("rb") as file:
                    yield cast(IO[bytes], Metered(_unpacked(file), meter))
        except DAMAGE as error:
            where = self.name if path == self.name else f"{path} in {self.name}"
            raise refused(
                where,
                f"a file that is damaged or cut short ({error or type(error).__name__})",
                "a whole one",
                "Get it anew.",
            ) from error

    def packed(self, path: str) -> int:
        """Return the size of a file as it is stored."""
        return self.members[path].compress_size if self.members else self.real(path).stat().st_size


class Metered:
    """A file of which it is counted how much is read."""

    def __init__(self, file: IO[bytes], meter: Meter) -> None:
        self._file, self._meter = file, meter

    def read(self, size: int = -1) -> bytes:
        """Read so many bytes, fewer only at the end."""
        content = self._file.read(size)
        self._meter.add(len(content))
        return content

    def readline(self, size: int = -1) -> bytes:
        """Read a line, at most so many bytes of it."""
        content = self._file.readline(size)
        self._meter.add(len(content))
        return content


def _unpacked(file: IO[bytes]) -> IO[bytes]:
    begins = file.read(2)
    file.seek(0)
    return cast(IO[bytes], gzip.GzipFile(fileobj=file)) if begins == _GZIP else file


def _is_zip(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) == b"PK"


def _walk(folder: Path, name: str) -> Iterator[str]:
    count = 0
    for place, folders, found in os.walk(folder):
        folders.sort()
        for one in sorted([*found, *(inner for inner in folders if (Path(place) / inner).is_symlink())]):
            path = (Path(place) / one).relative_to(folder).as_posix().encode("utf-8", "replace").decode()
            if is_hidden(path):
                continue
            if not stat.S_ISREG((Path(place) / one).lstat().st_mode):
                raise refused(name, f"{path}, a link or device", "files only", "Bring the pictures themselves.")
            if len(path) > LONGEST_NAME:
                raise refused(name, f"a path of {len(path):,} characters", f"up to {LONGEST_NAME:,}", "Rename it.")
            count += 1
            if count > MOST_EXAMPLES:
                raise refused(name, f"more than {MOST_EXAMPLES:,} files", "up to that", "Bring fewer pictures.")
            yield path
