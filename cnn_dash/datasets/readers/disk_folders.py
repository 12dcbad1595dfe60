"""A folder of class folders on this machine."""

from collections.abc import Iterable, Iterator
from functools import cached_property, partial
from pathlib import Path

from cnn_dash.datasets.readers.example import Example, Listing
from cnn_dash.datasets.readers.few import few
from cnn_dash.datasets.readers.folders import Folders, arrange, natural
from cnn_dash.datasets.readers.limits import MOST_PICTURE_BYTES
from cnn_dash.datasets.readers.store import Store


class DiskFolders:
    """Reads class folders from a folder.

    Args:
        store: The folder's files.
    """

    def __init__(self, store: Store) -> None:
        self._store, self.name = store, store.name

    def listing(self) -> Listing:
        """Look through the names of the files."""
        return self._found.listing("a folder")

    def examples(self) -> Iterator[Example]:
        """Yield the pictures, sorted by path."""
        yield from self._read(self._sorted)

    def samples(self, most: int) -> list[Example]:
        """Return a few pictures of each class."""
        return list(self._read([self._sorted[place] for place in few(self._found.labels(self._sorted), most)]))

    @cached_property
    def _found(self) -> Folders:
        return arrange(self.name, self._store.paths)

    @cached_property
    def _sorted(self) -> list[str]:
        return sorted(self._found.places, key=natural)

    def _read(self, paths: Iterable[str]) -> Iterator[Example]:
        for path in paths:
            yield self._found.example(path, partial(_content, self._store.real(path)))


def _content(file: Path) -> bytes | str:
    try:
        with file.open("rb") as stream:
            return stream.read(MOST_PICTURE_BYTES + 1)
    except OSError as error:
        return f"cannot be read ({error.strerror})"
