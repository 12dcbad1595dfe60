"""Pictures that a person sorts into classes by hand, one after the other, until they become a data set."""

import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import IO

from cnn_dash.errors import DataError
from cnn_dash.text import one_line

MOST_PICTURES = 2_000
MOST_BYTES = 500_000_000
LONGEST_NAME = 60


class LabelledPictures:
    """Pictures in files of a temporary folder, which goes with this object."""

    def __init__(self) -> None:
        """Begin without any."""
        self._folder = tempfile.TemporaryDirectory(prefix="cnn-dash-labelled-", ignore_cleanup_errors=True)
        self._classes: dict[str, list[Path]] = {}
        self._bytes = 0
        self._next = 0

    @property
    def classes(self) -> Mapping[str, list[Path]]:
        """The files of each class, in the order in which they came."""
        return self._classes

    @property
    def total(self) -> int:
        """Number of pictures."""
        return sum(map(len, self._classes.values()))

    def add(self, class_name: str, content: bytes, file_name: str) -> Path:
        """Put a picture into a class, which begins with it; return the file it is kept in.

        Args:
            class_name: Any text of one line.
            content: The file as it was brought; whether it is a picture is found out by the import.
            file_name: Only its ending is kept.

        Raises:
            DataError: If the class cannot be called so, or there are too many pictures.
        """
        name = checked_class_name(class_name)
        if self.total >= MOST_PICTURES or self._bytes + len(content) > MOST_BYTES:
            raise DataError(
                f"There are too many pictures to label by hand. Received: {self.total + 1:,} pictures of "
                f"{(self._bytes + len(content)) / 1e6:,.0f} MB. Allowed: {MOST_PICTURES:,} and {MOST_BYTES / 1e6:,.0f} "
                "MB. Pack folders of pictures into a ZIP archive instead."
            )
        suffix = "".join(one for one in Path(file_name).suffix.lower() if one.isascii() and one.isalnum())[:8]
        file = Path(self._folder.name) / f"{self._next:06}.{suffix or 'png'}"
        self._next += 1
        file.write_bytes(content)
        self._classes.setdefault(name, []).append(file)
        self._bytes += len(content)
        return file

    def remove(self, class_name: str) -> None:
        """Remove a class with its pictures, if there is one of this name."""
        for file in self._classes.pop(class_name, ()):
            self._bytes -= file.stat().st_size
            file.unlink()

    def write_zip(self, file: Path | IO[bytes]) -> None:
        """Write class folders into a ZIP archive, below `train`, so that a class may be called `test`."""
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:  # pictures are compressed already
            for name, files in self._classes.items():
                for one in files:
                    archive.write(one, f"train/{name}/{one.name}")


def checked_class_name(name: str) -> str:
    """Return the name of a class as one line.

    Raises:
        DataError: If nothing of it can be seen, it is too long, or no folder can be called so.
    """
    made = one_line(name)
    if not 0 < len(made) <= LONGEST_NAME or set(made) & set('/\\:*?"<>|') or made[0] == "." or made[-1] == ".":
        raise DataError(
            f"A class cannot be called so. Received: {name[:100]!r}. Allowed: 1 to {LONGEST_NAME} characters, none of "
            '/ \\ : * ? " < > |, no dot at either end. Write another name.'
        )
    return made
