"""Which pictures a command was given: files, folders with all that is in them, and standard input."""

import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cnn_dash.errors import PictureError
from cnn_dash.inference.pictures import MAX_BYTES
from cnn_dash.inference.signatures import is_opened

STANDARD_INPUT = "-"
_SUFFIXES = {".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".heic", ".heif", ".avif", ".pdf"}
_HEAD_BYTES = 1024


@dataclass
class PictureFiles:
    """What was given, with the folders opened.

    Attributes:
        names: Files, and "-", in the order given; those of a folder sorted by their path.
        skipped: How many files in folders are no pictures.
        unread: Folders without a picture, or which cannot be read, with a sentence each.
    """

    names: list[str] = field(default_factory=list)
    skipped: int = 0
    unread: list[tuple[str, str]] = field(default_factory=list)


def find_pictures(given: Iterable[str]) -> PictureFiles:
    """Look for the pictures in what was given.

    A file that is given counts as a picture, whatever it is. In a folder, one counts by how it begins or by its name,
    so that a damaged picture is told of; what is hidden does not count.
    """
    found = PictureFiles()
    for name in given:
        if name != STANDARD_INPUT and Path(name).is_dir():
            _look_into(Path(name), found)
        else:
            found.names.append(name)
    return found


def read_picture(name: str) -> bytes:
    """Return the content of a file, or of standard input for "-"; one byte more than allowed is enough to be refused.

    Raises:
        PictureError: If it cannot be read.
    """
    try:
        if name == STANDARD_INPUT:
            return sys.stdin.buffer.read(MAX_BYTES + 1)
        with Path(name).open("rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:  # ValueError: a NUL character in the name
        reason = getattr(error, "strerror", None) or error
        raise PictureError(f"{name} cannot be read. Received: {reason}. Check the name.") from error


def _look_into(folder: Path, found: PictureFiles) -> None:
    refused: list[OSError] = []
    files = list(_files_below(folder, refused))
    pictures = sorted(file for file in files if _is_picture(file))
    found.names += map(str, pictures)
    found.skipped += len(files) - len(pictures)
    found.unread += [
        (str(error.filename), f"{error.filename} cannot be read. Received: {error.strerror}. Check its permissions.")
        for error in refused
    ]
    if not pictures and not refused:
        found.unread.append(
            (str(folder), f"{folder} holds no pictures. Received: {len(files)} other files. Name another folder.")
        )


def _files_below(folder: Path, refused: list[OSError]) -> Iterator[Path]:
    for path, folders, names in os.walk(folder, onerror=refused.append):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (Path(path, name) for name in names if not name.startswith("."))


def _is_picture(file: Path) -> bool:
    if not file.is_file():  # a pipe would be waited for, and a link may lead nowhere
        return False
    if file.suffix.lower() in _SUFFIXES:
        return True
    try:
        with file.open("rb") as stream:
            return is_opened(stream.read(_HEAD_BYTES))
    except OSError:
        return False
