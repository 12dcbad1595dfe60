"""A ZIP archive of class folders. Its members are read one by one, and never extracted."""

import contextlib
import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

from cnn_dash.datasets.readers.example import Example, Listing
from cnn_dash.datasets.readers.few import few
from cnn_dash.datasets.readers.folders import Folders, arrange, is_hidden, natural, require_safe
from cnn_dash.datasets.readers.limits import (
    LONGEST_NAME,
    MOST_BYTES,
    MOST_DIRECTORY_BYTES,
    MOST_EXAMPLES,
    MOST_PICTURE_BYTES,
    Meter,
    refused,
)
from cnn_dash.errors import DataError

_UTF8 = 0x800  # flag of a member whose name is in UTF-8
_ENCRYPTED = 0x1
_END = b"PK\x05\x06"
_AGAIN = "Download or pack it again."
DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, struct.error, RuntimeError, ValueError)
"""What reading a damaged archive raises."""
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}


class ZipFolders:
    """Reads class folders from a ZIP archive.

    Args:
        path: The archive.
        name: What it is called, for messages.
        found: Its members, as `members` returns them.
    """

    def __init__(self, path: Path, name: str, found: dict[str, zipfile.ZipInfo]) -> None:
        self._path, self.name, self._members = path, name, found
        self._found: Folders | None = None

    def listing(self) -> Listing:
        """Look through the table of contents.

        Raises:
            DataError: If the archive is damaged, encrypted or hostile, or holds no class folders.
        """
        return self._look().listing("a ZIP archive")

    def examples(self) -> Iterator[Example]:
        """Yield the pictures, sorted by path."""
        yield from self._read(sorted(self._look().places, key=natural))

    def samples(self, most: int) -> list[Example]:
        """Return a few pictures of each class."""
        found = self._look()
        paths = sorted(found.places, key=natural)
        return list(self._read([paths[place] for place in few(found.labels(paths), most)]))

    def _read(self, paths: Iterable[str]) -> Iterator[Example]:
        found = self._look()
        meter = Meter(self.name, self._path.stat().st_size)
        with open_zip(self._path, self.name) as archive:
            for path in paths:
                yield found.example(path, partial(self._picture, archive, path, meter))

    def _picture(self, archive: zipfile.ZipFile, path: str, meter: Meter) -> bytes | str:
        try:
            with archive.open(self._members[path]) as member:
                content = member.read(MOST_PICTURE_BYTES + 1)
        except DAMAGE as error:
            return f"cannot be unpacked ({_said(error)})"
        meter.add(len(content))
        return content

    def _look(self) -> Folders:
        if self._found is None:
            self._found = arrange(self.name, self._members)
        return self._found


def open_zip(path: Path, name: str) -> zipfile.ZipFile:
    """Open an archive whose table of contents is of a bearable size.

    Raises:
        DataError: If it is damaged, cut short, or too large.
    """
    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - 65_557))
            tail = file.read()
            file.seek(0)
            begins = file.read(4)
        place = tail.rfind(_END)
        if place < 0 or len(tail) < place + 22:
            cut = "cut short: its table of contents at the end is missing" if begins[:2] == b"PK" else "no ZIP archive"
            raise refused(name, f"{size:,} bytes, {cut}", "a whole ZIP archive", _AGAIN)
        directory = struct.unpack("<I", tail[place + 12 : place + 16])[0]
        if directory == 0xFFFFFFFF:
            directory = _directory64(tail, place)
        if directory > MOST_DIRECTORY_BYTES:
            raise refused(
                name,
                f"a table of contents of {directory / 1e6:,.0f} MB",
                f"up to {MOST_EXAMPLES:,} files",
                "Bring fewer pictures.",
            )
        return zipfile.ZipFile(path)
    except DataError:
        raise
    except DAMAGE as error:
        raise refused(name, f"a damaged ZIP archive ({_said(error)})", "a whole ZIP archive", _AGAIN) from error


def members(archive: zipfile.ZipFile, name: str) -> dict[str, zipfile.ZipInfo]:
    """Return the files of an archive by path, after a look at what they claim.

    Raises:
        DataError: If one is a link, encrypted, doubled, packed in an unknown way or outside of the archive, or they are
            too many or too large.
    """
    found: dict[str, zipfile.ZipInfo] = {}
    size = packed = 0
    for info in archive.infolist():
        path = _path(info)
        if info.is_dir():
            continue
        require_safe(name, path)
        if len(path) > LONGEST_NAME:
            raise refused(name, f"a file name of {len(path):,} characters", f"up to {LONGEST_NAME:,}", "Rename it.")
        if is_hidden(path):
            continue
        if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG):
            raise refused(name, f"{path}, a link or device", "files only", "Pack the pictures themselves.")
        if info.flag_bits & _ENCRYPTED:
            raise refused(name, f"{path}, which is encrypted", "an archive without a password", "Pack it without one.")
        if info.compress_type not in _METHODS:
            raise refused(
                name,
                f"{path}, packed by method {info.compress_type}",
                "stored or deflated, as nearly every program packs",
                "Pack it with another program or setting.",
            )
        if path in found:
            raise refused(name, f"two files called {path}", "every path once", "Pack the folder anew.")
        found[path] = info
        size, packed = size + info.file_size, packed + info.compress_size
    if len(found) > MOST_EXAMPLES:
        raise refused(name, f"{len(found):,} files", f"up to {MOST_EXAMPLES:,}", "Bring fewer pictures.")
    if size > MOST_BYTES:
        raise refused(
            name, f"{size / 1e9:,.1f} GB unpacked", f"up to {MOST_BYTES / 1e9:,.0f} GB", "Bring fewer pictures."
        )
    return found


def _path(info: zipfile.ZipInfo) -> str:
    """Return a member's path. macOS packs names in UTF-8 without saying so."""
    name = info.orig_filename if "\0" in info.orig_filename else info.filename
    if not info.flag_bits & _UTF8:
        with contextlib.suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return name.replace("\\", "/") if "/" not in name else name


def _directory64(tail: bytes, place: int) -> int:
    end64 = tail.rfind(b"PK\x06\x06", 0, place)
    return int(struct.unpack("<Q", tail[end64 + 40 : end64 + 48])[0]) if end64 >= 0 else MOST_DIRECTORY_BYTES + 1


def _said(error: Exception) -> str:
    return str(error)[:200] or type(error).__name__
