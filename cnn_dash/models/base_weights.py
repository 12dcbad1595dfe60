"""The file with the weights of a pretrained base: found on this machine and checked, or downloaded once.

It is looked for in `keras-applications/` of the data folder, in the data folder itself, and where Keras keeps what it
has downloaded. What `CNN_DASH_BASE_WEIGHTS` names takes the place of the publisher's file.
"""

import hashlib
import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from cnn_dash.config import Base
from cnn_dash.datasets.internal_format import FileStamp
from cnn_dash.datasets.sources.download import fetch_file
from cnn_dash.datasets.sources.protocol import OnProgress
from cnn_dash.errors import ConfigError, DataError
from cnn_dash.models.bases import BASES, WeightsFile
from cnn_dash.settings import Settings

FOLDER = "keras-applications"
WITHOUT = "Without them: train with model.base none, which needs no download."

_OWN = re.compile(r"(?P<url>https?://[^#\s]+/[\w.-]+\.h5)#(?P<checksum>md5=[0-9a-fA-F]{32}|sha256=[0-9a-fA-F]{64})")


def weights_file(base: Base, settings: Settings) -> WeightsFile:
    """Return which file of weights is to be used.

    Raises:
        ConfigError: If the setting that names another one cannot be understood.
    """
    if not settings.base_weights:
        return BASES[base].weights
    found = _OWN.fullmatch(settings.base_weights)
    if found is None:
        raise ConfigError(
            f"CNN_DASH_BASE_WEIGHTS cannot be used. Received: {settings.base_weights!r}. Allowed: the address of a "
            "file and its checksum, such as https://example.org/weights.h5#md5=… or …#sha256=…. Leave it empty for the "
            "publisher's file."
        )
    return WeightsFile(found["url"], found["checksum"].lower().replace("=", ":"))


def find(base: Base, settings: Settings, data_dir: Path | None = None) -> Path | None:
    """Return the file with the weights of a base, if it is on this machine.

    Args:
        base: The base.
        settings: Where to look.
        data_dir: A further data folder, looked into first.

    Raises:
        ConfigError: If there is only a file with its name that is another one.
    """
    wanted = weights_file(base, settings)
    refused = []
    for place in _places(settings, data_dir):
        file = place / wanted.name
        if file.is_file():
            if (received := _checksum(file, wanted)) == wanted.checksum:
                return file
            refused.append((file, received))
    if refused:
        file, received = refused[0]
        raise ConfigError(
            f"The weights of {BASES[base].title} are not those that were published. Received: {file} with {received}. "
            f"Allowed: {wanted.checksum}. Next: delete the file, then download it again. {WITHOUT}"
        )
    return None


def require(base: Base, settings: Settings) -> None:
    """Refuse a base whose weights are not here, so that no run is queued that could only fail; "none" needs none.

    Raises:
        ConfigError: If they are missing, or another file has their name.
    """
    if base != "none" and find(base, settings) is None:
        wanted = weights_file(base, settings)
        raise ConfigError(
            f"The weights of {BASES[base].title} ({BASES[base].download_mb} MB) are not on this machine. Received: no "
            f"{wanted.name}. Next: download them on the Train page, or put {wanted.url} into "
            f"{settings.data_dir / FOLDER}. {WITHOUT}"
        )


def fetch(base: Base, settings: Settings, progress: OnProgress | None = None, data_dir: Path | None = None) -> Path:
    """Return the file with the weights of a base; download it if it is not on this machine.

    Raises:
        ConfigError: If another file has its name.
        DataNotFound: If it cannot be downloaded; the message says what to put where.
        DataError: If it does not arrive whole, or is not the published one.
    """
    if (found := find(base, settings, data_dir)) is not None:
        return found
    wanted, folder = weights_file(base, settings), settings.data_dir / FOLDER
    by_hand = (
        f"Next: try again later, or get it from {wanted.url} on another machine and put it into {folder}. {WITHOUT}"
    )
    title = f"The weights file of {BASES[base].title}"
    fetch_file(title, wanted.url, wanted.checksum, folder / wanted.name, by_hand, progress)
    return folder / wanted.name


def sha256_of(file: Path) -> str:
    """Return the SHA-256 of a file of weights, by which what was made with it is known.

    Raises:
        DataError: If it cannot be read.
    """
    try:
        return _digest("sha256", FileStamp.of(file))
    except OSError as error:
        raise DataError(f"{file} cannot be read. Received: {error}. Next: delete it and download it again.") from error


def _places(settings: Settings, data_dir: Path | None) -> Iterable[Path]:
    for folder in dict.fromkeys(folder for folder in (data_dir, settings.data_dir) if folder is not None):
        yield folder / FOLDER
        yield folder
    yield Path("~/.keras/models").expanduser()


def _checksum(file: Path, wanted: WeightsFile) -> str:
    """Return the checksum of a file in the form that it is wanted in; empty if it cannot be read."""
    algorithm = wanted.checksum.partition(":")[0]
    try:
        return f"{algorithm}:{_digest(algorithm, FileStamp.of(file))}"
    except OSError:
        return ""


@lru_cache(maxsize=32)
def _digest(algorithm: str, stamp: FileStamp) -> str:
    """Return the checksum of a file, computed once for each state that it has been in."""
    with Path(stamp.path).open("rb") as stream:
        return hashlib.file_digest(stream, algorithm).hexdigest()
