"""The folder of one background import: what was uploaded, what is asked, how far it is.

    <data_dir>/own/.part-job-3f9a1c2e/    upload, request.json, process.json, status.json, and the version
                                          until it is whole

`sweep` deletes it when nobody has written to it for an hour.
"""

import json
import re
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO, Literal

from pydantic import TypeAdapter, ValidationError

from cnn_dash.datasets.own import library
from cnn_dash.datasets.own.manifest import ImportOptions
from cnn_dash.errors import DataError, DataNotFound

MOST_UPLOAD_BYTES = 20_000_000_000
UPLOAD, REQUEST, PROCESS, STATUS, VERSION = "upload", "request.json", "process.json", "status.json", "version"
_PREFIX = f"{library.PART}job-"
_ID = re.compile(r"[0-9a-f]{16}")
_BLOCK = 1 << 20

State = Literal["uploaded", "running", "done", "failed", "cancelled"]


@dataclass(frozen=True)
class Asked:
    """What a background import is to do."""

    file: str
    name: str
    title: str
    licence: str
    options: ImportOptions


@dataclass(frozen=True)
class ImportStatus:
    """How far a background import is.

    Attributes:
        state: "uploaded" until it is started; "done", "failed" and "cancelled" are its ends.
        done: Pictures looked at so far.
        total: All of them; 0 as long as that is not known.
        seconds_left: About how long the rest takes; None if that is not known.
        message: A sentence: what went wrong, or was noticed.
        result: Full name of the data set, when it is done.
    """

    state: State
    done: int = 0
    total: int = 0
    seconds_left: float | None = None
    message: str = ""
    result: str = ""

    @property
    def ended(self) -> bool:
        """Whether nothing will change any more."""
        return self.state in ("done", "failed", "cancelled")


_ASKED, _STATUS = TypeAdapter(Asked), TypeAdapter(ImportStatus)


def receive(stream: BinaryIO, data_dir: Path) -> str:
    """Write an upload into a job folder of its own, a block at a time; return the id of the job.

    Raises:
        DataError: If it is too large, or cannot be written.
    """
    job = secrets.token_hex(8)
    folder = library.root(data_dir) / f"{_PREFIX}{job}"
    size = 0
    try:
        library.sweep(data_dir)
        folder.mkdir(parents=True)
        with (folder / UPLOAD).open("xb") as file:
            while block := stream.read(_BLOCK):
                size += len(block)
                if size > MOST_UPLOAD_BYTES:
                    raise DataError(
                        f"The upload is too large. Received: more than {MOST_UPLOAD_BYTES / 1e9:.0f} GB. Allowed: up "
                        "to that. Import it by python -m cnn_dash datasets import, or bring fewer pictures."
                    )
                file.write(block)
        write_status(folder, ImportStatus("uploaded"))
    except OSError as error:
        discard(folder)
        raise DataError(f"The upload cannot be kept in {folder.parent}. Received: {error}. Make room there.") from error
    except BaseException:
        discard(folder)
        raise
    return job


def folder_of(job: str, data_dir: Path) -> Path:
    """Return the folder of a job.

    Raises:
        DataNotFound: If there is none (any more).
    """
    folder = library.root(data_dir) / f"{_PREFIX}{job}"
    if not _ID.fullmatch(job) or not folder.is_dir():
        raise DataNotFound(
            f"There is no such import. Received: {job!r}. Allowed: one of the last hour. Upload the file again."
        )
    return folder


def upload_of(job: str, data_dir: Path) -> Path:
    """Return the file that was uploaded, for `inspect`.

    Raises:
        DataNotFound: If there is no such job (any more).
    """
    return folder_of(job, data_dir) / UPLOAD


def jobs(data_dir: Path) -> list[str]:
    """Return the ids of all jobs that have a folder, those that have ended too."""
    found = (one.name.removeprefix(_PREFIX) for one in library.root(data_dir).glob(f"{_PREFIX}*"))
    return sorted(job for job in found if _ID.fullmatch(job))


def write_asked(folder: Path, asked: Asked) -> None:
    """Write what is to be done."""
    (folder / REQUEST).write_text(json.dumps(asdict(asked)), "utf-8")


def read_asked(folder: Path) -> Asked:
    """Read what is to be done."""
    return _ASKED.validate_json((folder / REQUEST).read_bytes())


def write_status(folder: Path, status: ImportStatus) -> None:
    """Write how far it is; who reads meanwhile finds the former state."""
    part = folder / f"{STATUS}.{secrets.token_hex(4)}"
    part.write_text(json.dumps(asdict(status)), "utf-8")
    part.replace(folder / STATUS)


def read_status(folder: Path) -> ImportStatus:
    """Read how far it is; "failed" if that cannot be read."""
    try:
        return _STATUS.validate_json((folder / STATUS).read_bytes())
    except (OSError, ValidationError):
        return ImportStatus("failed", message="What the import said of itself cannot be read. Upload the file again.")


def discard(folder: Path) -> None:
    """Delete all of a job that cannot be used any more."""
    import shutil

    shutil.rmtree(folder, ignore_errors=True)
