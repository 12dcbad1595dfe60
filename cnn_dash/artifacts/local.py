"""Artifacts in a folder of this machine: the key is the path below it."""

import contextlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from cnn_dash.artifacts.protocol import Artifact, checked_key


class LocalArtifactStore:
    """Artifacts below a folder.

    What a killed process left half-written is listed under a name of its own (`part-…`), so that its space is counted
    and it can be deleted.

    Args:
        root: The folder; it need not exist yet.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, key: str, write: Callable[[Path], object]) -> None:
        """Write into a file beside the final one, see it safely on the disk, and rename it."""
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f"part-{path.name}")
        try:
            write(part)
            with part.open("rb+") as file:
                os.fsync(file.fileno())
            part.replace(path)
        finally:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)

    def append(self, key: str, data: bytes) -> None:
        """Add bytes to the end of a file."""
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab") as file:
            file.write(data)

    def open(self, key: str) -> BinaryIO:
        """Open a file for reading."""
        return self._path(key).open("rb")

    @contextmanager
    def local_path(self, key: str) -> Iterator[Path]:
        """Give the file itself: nothing is copied."""
        yield self._path(key)

    def list(self, prefix: str = "") -> Iterator[Artifact]:
        """Iterate over the files at or below a prefix; what is deleted meanwhile may be missing."""
        path = self._path(prefix) if prefix else self._root
        with contextlib.suppress(OSError):
            if path.is_file():
                yield Artifact(prefix, path.stat().st_size)
                return
        yield from _below(path, prefix)

    def delete(self, prefix: str) -> None:
        """Delete a file or a folder with all that is in it."""
        path = self._path(prefix)
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)

    def location(self, prefix: str) -> str:
        """Return the path."""
        return str(self._path(prefix))

    def _path(self, key: str) -> Path:
        return self._root / checked_key(key)


def _below(folder: Path, prefix: str) -> Iterator[Artifact]:
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                key = f"{prefix}/{entry.name}" if prefix else entry.name
                if entry.is_dir(follow_symlinks=False):
                    yield from _below(Path(entry.path), key)
                else:
                    yield Artifact(key, entry.stat(follow_symlinks=False).st_size)
    except OSError:  # it is not there, or somebody deletes it just now
        return
