"""Downloads by pooch: to a temporary file, checked, then renamed. Two processes may do it at once."""

import logging
from collections.abc import Mapping
from pathlib import Path

from cnn_dash.datasets.info import DatasetInfo
from cnn_dash.datasets.sources.protocol import DownloadProgress, OnProgress
from cnn_dash.errors import DataError, DataNotFound

_CHUNK_BYTES = 1 << 16
_TIMEOUT_S = 30


def fetch(info: DatasetInfo, files: Mapping[str, str], folder: Path, progress: OnProgress | None = None) -> None:
    """Download files into `folder`, where they stay. A file that is there already and right is left alone.

    Args:
        info: The data set that they belong to.
        files: MD5 of each, by its name at `info.download_url`.
        folder: Where to.
        progress: Called again and again.

    Raises:
        DataNotFound: If the server cannot be reached or does not have a file.
        DataError: If a file does not arrive whole, is not the one that was published, or cannot be written. Nothing
            is left under its name.
    """
    by_hand = (
        f"Next: try again later, or get {', '.join(files)} from {info.download_url} and put "
        f"{'it' if len(files) == 1 else 'them'} into {folder}, not into {folder.parent}, where nobody could tell whose "
        "they are: several sets have files of these names."
    )
    for file, md5 in files.items():
        fetch_file(info.title, info.download_url + file, f"md5:{md5}", folder / file, by_hand, progress)


def fetch_file(
    title: str, url: str, checksum: str, file: Path, by_hand: str, progress: OnProgress | None = None
) -> None:
    """Download one file, unless it is there already and right.

    Args:
        title: What it belongs to, for the messages.
        url: Where it is.
        checksum: What it has to have: the name of the algorithm, a colon, hexadecimal digits.
        file: Where to.
        by_hand: What a person can do if it cannot be had, for the messages.
        progress: Called again and again.

    Raises:
        DataNotFound: If the server cannot be reached or does not have it.
        DataError: If it does not arrive whole, is not the one that was published, or cannot be written. Nothing is left
            under its name.
    """
    import pooch  # 0.15 s that only a download has to pay
    import requests.exceptions as web

    pooch.get_logger().setLevel(logging.WARNING)  # it would print every address to the terminal
    downloader = pooch.HTTPDownloader(
        progressbar=_ProgressBar(file.name, progress) if progress else False,
        chunk_size=_CHUNK_BYTES,
        timeout=_TIMEOUT_S,
        headers={"Accept-Encoding": "identity"},  # else a server may have the .gz unpacked on the way
    )
    try:
        pooch.retrieve(url, known_hash=checksum, fname=file.name, path=file.parent, downloader=downloader)
    except web.ChunkedEncodingError as error:
        raise DataError(f"The download of {url} broke off. Received: a part of the file. {by_hand}") from error
    except web.HTTPError as error:
        raise DataNotFound(f"{title} cannot be downloaded. Received: {error}. {by_hand}") from error
    except web.RequestException as error:
        raise DataNotFound(
            f"{title} is not on this machine and cannot be downloaded. "
            f"Received: no answer from {url} ({type(error).__name__}). {by_hand}"
        ) from error
    except ValueError as error:
        algorithm, _, digits = checksum.partition(":")
        raise DataError(
            f"{url} did not send the published file, so it was thrown away. Received: a file with another checksum. "
            f"Allowed: {algorithm.upper()} {digits}. {by_hand}"
        ) from error
    except OSError as error:
        raise DataError(f"{file} cannot be written. Received: {error}. Next: make room there.") from error


class _ProgressBar:
    """The progress bar that pooch asks for: it sets `total` and then calls `update` for each chunk."""

    def __init__(self, file: str, report: OnProgress) -> None:
        self.total = 0
        self._file, self._report, self._done = file, report, 0

    def update(self, size: int) -> None:
        # pooch says the size of a full chunk even for the last one
        self._done = min(self._done + size, self.total) if self.total else self._done + size
        self._report(DownloadProgress(self._file, self._done, self.total or None))

    def reset(self) -> None:
        """Pooch starts over only to report the whole size at once, which `update` does anyway."""

    def close(self) -> None:
        """Nothing to put away."""
