"""A second implementation of `ArtifactStore`: nothing is on a disk, but for the time in which somebody needs a path."""

import io
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from cnn_dash.artifacts.protocol import Artifact, checked_key


class MemoryArtifactStore:
    """Artifacts in a dictionary."""

    def __init__(self) -> None:
        self._content: dict[str, bytes] = {}

    def put(self, key: str, write: Callable[[Path], object]) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / checked_key(key).rpartition("/")[2]
            write(path)
            self._content[key] = path.read_bytes()

    def append(self, key: str, data: bytes) -> None:
        self._content[checked_key(key)] = self._content.get(key, b"") + data

    def open(self, key: str) -> BinaryIO:
        if checked_key(key) not in self._content:
            raise FileNotFoundError(key)
        return io.BytesIO(self._content[key])

    @contextmanager
    def local_path(self, key: str) -> Iterator[Path]:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / checked_key(key).rpartition("/")[2]
            if key in self._content:
                path.write_bytes(self._content[key])
            yield path

    def list(self, prefix: str = "") -> Iterator[Artifact]:
        below = f"{checked_key(prefix)}/" if prefix else ""
        for key, content in list(self._content.items()):
            if key == prefix or key.startswith(below):
                yield Artifact(key, len(content))

    def delete(self, prefix: str) -> None:
        checked_key(prefix)
        for artifact in self.list(prefix):
            del self._content[artifact.key]

    def location(self, prefix: str) -> str:
        return f"memory:{checked_key(prefix)}"
