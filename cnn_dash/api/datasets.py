"""Data sets as files, over HTTP."""

import tempfile
from typing import BinaryIO, cast

from cnn_dash.datasets import catalogue
from cnn_dash.datasets.folders_file import write_folders
from cnn_dash.datasets.npz_file import write_npz
from cnn_dash.errors import ConfigError, RequestError, StoreError
from cnn_dash.settings import Settings

WRITERS = {"npz": (write_npz, "application/octet-stream"), "zip": (write_folders, "application/zip")}


def written(settings: Settings, file_name: str) -> tuple[BinaryIO, str]:
    """Return a data set as an open file at its beginning, and its media type.

    Args:
        settings: Where data sets are.
        file_name: Such as `flowers.npz` or `flowers.zip`.

    Raises:
        RequestError: If there is no such form or data set, or it is not on this machine.
        DataError: If a file of it is damaged.
        StoreError: If there is no room for it.
    """
    name, _, form = file_name.rpartition(".")
    if form not in WRITERS:
        raise RequestError(
            f"A data set cannot be had so. Received: {file_name!r}. Allowed: its name with .npz or .zip. Choose one."
        )
    try:
        here = catalogue.is_local(name, settings.data_dir)
    except ConfigError as error:
        raise RequestError(str(error)) from error
    if not here:
        raise RequestError(
            f"{name} is not on this machine. Received: {file_name!r}. Download it on the Data page first."
        )
    write, media_type = WRITERS[form]
    try:
        # It has no name: nothing is left of it, even if the server is killed. In the home, as a large set may not fit
        # into a folder for temporary files that lies in memory.
        settings.home.mkdir(parents=True, exist_ok=True)
        file = tempfile.TemporaryFile(dir=settings.home)  # noqa: SIM115 - whoever sends it closes it
        try:
            write(name, settings.data_dir, cast(BinaryIO, file), settings.imported_dir)
        except BaseException:
            file.close()
            raise
        file.seek(0)
    except OSError as error:
        raise StoreError(
            f"{file_name} cannot be written for the download. Received: {error}. Make room in {settings.home}, or "
            "write it with: python -m cnn_dash datasets export."
        ) from error
    return cast(BinaryIO, file), media_type
