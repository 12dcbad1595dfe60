"""What a place that keeps the files of runs must be able to do.

An artifact is a file under a key such as `00012/checkpoints/0001-00004-0000000.npz`. It appears whole or not at all,
and is never changed, but for a log, which only grows. Who may write which key, and which of them count, is not the
store's business: claims write under names of their own, and the database says which ones count.
"""

import errno
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from cnn_dash.errors import StoreError


@dataclass(frozen=True)
class Artifact:
    """An artifact that a store keeps.

    Attributes:
        key: Its key, from the root of the store.
        size_bytes: What it takes there.
    """

    key: str
    size_bytes: int


class ArtifactStore(Protocol):
    """Keeps files under keys; every trouble with the place itself is an `OSError`, as with a disk."""

    def put(self, key: str, write: Callable[[Path], object]) -> None:
        """Keep what `write` writes into the file that it is given, in place of what has been under the key.

        No reader meets half of it: it is there once `write` has returned and the bytes are safe. If `write` raises, or
        the process dies, the key stays what it was.

        Args:
            key: Where to keep it.
            write: Called once with the path of a file to be made, which ends like the key (Keras looks at that).

        Raises:
            OSError: If it cannot be kept; `is_full` tells whether for want of space.
        """

    def append(self, key: str, data: bytes) -> None:
        """Add bytes to the end of an artifact, which is made if there is none.

        Raises:
            OSError: If they cannot be kept.
        """

    def open(self, key: str) -> BinaryIO:
        """Open an artifact for reading; the stream can seek.

        Raises:
            FileNotFoundError: If there is none under the key.
        """

    def local_path(self, key: str) -> AbstractContextManager[Path]:
        """Give a path under which the artifact can be read while the context lasts, for libraries that want one.

        Where there is no such artifact, there is no file at the path: whoever opens it meets `FileNotFoundError`.
        """

    def list(self, prefix: str = "") -> Iterator[Artifact]:
        """Iterate over the artifact of this key and all whose keys lie below it, in no order; "" stands for all."""

    def delete(self, prefix: str) -> None:
        """Delete the artifact of this key and all whose keys lie below it; that there is none is no error.

        Raises:
            OSError: If the artifact cannot be deleted. Of several, as many are deleted as can be.
        """

    def location(self, prefix: str) -> str:
        """Say where a person finds what lies below a prefix: a path or a URL."""


def checked_key(key: str) -> str:
    """Return a key if it is one.

    Raises:
        StoreError: If it could lead out of the store.
    """
    if "\\" in key or any(part in ("", ".", "..") for part in key.split("/")):
        raise StoreError(
            f"This is no key of a file of a run. Received: {key!r}. Allowed: names joined by slashes, none of them "
            "empty, '.' or '..'. The database of the runs names a file that no run has; restore it from a backup."
        )
    return key


def is_full(error: BaseException) -> bool:
    """Return whether an error says that the disk, or the share of it that one may use, is full."""
    return isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)
