"""A tar archive of class folders, gzipped or not, read from its beginning to its end.

Headers are read here, and not by `tarfile.open`: that takes a damaged one for the end of the archive, and reads
whatever size an extended header claims.
"""

import gzip
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import IO, cast

from cnn_dash.datasets.readers.example import Example, Listing
from cnn_dash.datasets.readers.few import few
from cnn_dash.datasets.readers.folders import Folders, arrange, is_hidden, require_safe
from cnn_dash.datasets.readers.limits import LONGEST_NAME, MOST_EXAMPLES, MOST_PICTURE_BYTES, Meter, refused
from cnn_dash.datasets.readers.zip_folders import DAMAGE

_BLOCK = 512
_SKIP = 1 << 20
_LONGEST_HEADER = 1 << 16
_AGAIN = "Download or pack it again."
_FILES = {tarfile.REGTYPE, tarfile.AREGTYPE, tarfile.CONTTYPE}


class TarFolders:
    """Reads class folders from a tar archive.

    Args:
        path: The archive.
        name: What it is called, for messages.
        packed: Whether it is gzipped.
    """

    def __init__(self, path: Path, name: str, *, packed: bool) -> None:
        self._path, self.name, self._packed = path, name, packed

    def listing(self) -> Listing:
        """Look through the archive; all of it has to be unpacked for that.

        Raises:
            DataError: If it is damaged or hostile, or holds no class folders.
        """
        return self._found.listing("a tar archive")

    def examples(self) -> Iterator[Example]:
        """Yield the pictures as they come."""
        yield from self._read(None)

    def samples(self, most: int) -> list[Example]:
        """Return a few pictures of each class."""
        paths = list(self._found.places)
        return list(self._read({paths[place] for place in few(self._found.labels(paths), most)}))

    @cached_property
    def _found(self) -> Folders:
        paths: dict[str, None] = {}
        for path, content in self._members():
            if path in paths:
                raise refused(self.name, f"two files called {path}", "every path once", "Pack the folder anew.")
            content.skip()
            paths[path] = None
            if len(paths) > MOST_EXAMPLES:
                raise refused(self.name, f"more than {MOST_EXAMPLES:,} files", "up to that", "Bring fewer pictures.")
        return arrange(self.name, paths)

    def _read(self, wanted: set[str] | None) -> Iterator[Example]:
        left = len(self._found.places) if wanted is None else len(wanted)
        for path, content in self._members():
            if path in self._found.places and (wanted is None or path in wanted):
                yield self._found.example(path, content.picture)
                left -= 1
                if wanted is not None and not left:
                    return
            content.skip()

    def _members(self) -> Iterator[tuple[str, "_Content"]]:
        """Yield the path of each file with its content, which has to be read or skipped before the next one."""
        with self._open() as file:
            told: dict[str, str] = {}
            while True:
                header = self._exactly(file, _BLOCK)
                if not header.strip(b"\0"):
                    return
                try:
                    info = tarfile.TarInfo.frombuf(header, "utf-8", "replace")
                except tarfile.HeaderError as error:
                    raise refused(self.name, f"a damaged tar archive ({error})", "a whole one", _AGAIN) from error
                size = int(told.pop("size", info.size)) if told.get("size", "0").isdecimal() else -1
                if size < 0:
                    raise refused(self.name, "a file of negative size", "a whole tar archive", _AGAIN)
                content = _Content(self, file, size)
                if info.type in (tarfile.XHDTYPE, tarfile.SOLARIS_XHDTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.XGLTYPE):
                    if size > _LONGEST_HEADER:
                        raise refused(self.name, f"a header of {size:,} bytes", "a usual tar archive", _AGAIN)
                    text = content.read().rstrip(b"\0")
                    if info.type != tarfile.XGLTYPE:
                        long = info.type == tarfile.GNUTYPE_LONGNAME
                        told |= {"path": text.decode("utf-8", "replace")} if long else _records(text)
                    content.skip()
                    continue
                path = told.get("path", info.name)
                told = {}
                path = path.removeprefix("./")
                require_safe(self.name, path)
                if info.isdir() or is_hidden(path):
                    content.skip()
                    continue
                if info.type not in _FILES:
                    raise refused(self.name, f"{path}, a link or device", "files only", "Pack the pictures themselves.")
                if len(path) > LONGEST_NAME:
                    length = f"a file name of {len(path):,} characters"
                    raise refused(self.name, length, f"up to {LONGEST_NAME:,}", "Rename it.")
                yield path, content

    @contextmanager
    def _open(self) -> Iterator[IO[bytes]]:
        self._meter = Meter(self.name, self._path.stat().st_size)
        try:
            with gzip.open(self._path) if self._packed else self._path.open("rb") as file:
                yield cast(IO[bytes], file)
        except DAMAGE as error:
            said = str(error) or type(error).__name__
            raise refused(self.name, f"a damaged or cut archive ({said})", "a whole one", _AGAIN) from error

    def _exactly(self, file: IO[bytes], size: int) -> bytes:
        content = file.read(size)
        self._meter.add(len(content))
        if len(content) < size:
            raise refused(self.name, "an archive that is cut short", "a whole tar archive", _AGAIN)
        return content


class _Content:
    """What follows a header."""

    def __init__(self, tar: TarFolders, file: IO[bytes], size: int) -> None:
        self._tar, self._file, self._size = tar, file, size
        self._left = -(-size // _BLOCK) * _BLOCK

    def read(self) -> bytes:
        """Read all of it."""
        self._left -= self._size
        return self._tar._exactly(self._file, self._size)

    def picture(self) -> bytes | str:
        """Read it, or the reason why not."""
        if self._size > MOST_PICTURE_BYTES:
            return f"is too large: {self._size / 1e6:,.1f} MB, more than {MOST_PICTURE_BYTES // 10**6} MB"
        return self.read()

    def skip(self) -> None:
        """Pass by what is left of it."""
        while self._left:
            step = min(self._left, _SKIP)
            self._tar._exactly(self._file, step)
            self._left -= step


def _records(text: bytes) -> dict[str, str]:
    """Return path and size from an extended header: lines of `length key=value`."""
    found = {}
    for line in text.split(b"\n"):
        key, sign, value = line.partition(b" ")[2].partition(b"=")
        if sign and key in (b"path", b"size"):
            found[key.decode()] = value.decode("utf-8", "replace")
    return found
