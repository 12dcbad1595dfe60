"""Imports in a process of its own, which goes on when the page is closed: start it, ask how far it is, cancel it.

job = receive(upload, data_dir)          the upload, streamed to a file
inspect(upload_of(job, data_dir), name)  what is in it
start_import(job, data_dir, …)           then `import_status(job, data_dir)` again and again
"""

import contextlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import psutil

from cnn_dash.datasets.own import library
from cnn_dash.datasets.own.importing import check_options
from cnn_dash.datasets.own.job import (
    PROCESS,
    UPLOAD,
    VERSION,
    Asked,
    ImportStatus,
    discard,
    folder_of,
    jobs,
    read_status,
    receive,
    upload_of,
    write_asked,
    write_status,
)
from cnn_dash.datasets.own.manifest import DEFAULT_OPTIONS, ImportOptions
from cnn_dash.datasets.own.names import check_name
from cnn_dash.errors import ConfigError, DataError

__all__ = ["cancel_import", "forget", "import_status", "jobs", "receive", "start_import", "upload_of"]

_PATIENCE_S = 5.0
_ENVIRONMENT = ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT", "TMPDIR", "TEMP", "TMP")  # nothing else is its business


def start_import(
    job: str,
    data_dir: Path,
    file_name: str,
    name: str,
    options: ImportOptions = DEFAULT_OPTIONS,
    *,
    title: str = "",
    licence: str = "",
) -> None:
    """Import what was uploaded, in a process of its own.

    Args:
        job: What `receive` returned.
        data_dir: Folder of all data sets.
        file_name: What the upload was called.
        name: Of the new data set.
        options: How pictures become images.
        title: What a person reads; empty for the name.
        licence: Who made the pictures, and what may be done with them.

    Raises:
        ConfigError: If the name is taken or cannot be used, or an option is out of bounds.
        DataError: If the upload is gone, the import has been started already, or no process can be started.
    """
    check_name(name)
    check_options(options)
    if title:
        library.checked_title(title)
    if library.taken(name, data_dir):
        raise ConfigError(f"There is a data set {name} already. Received: the same name. Choose another one.")
    folder = folder_of(job, data_dir)
    if read_status(folder).state != "uploaded":
        raise DataError("This upload is imported already. Received: a second start. Upload it again for another set.")
    write_asked(folder, Asked(file_name, name, title, licence, options))
    write_status(folder, ImportStatus("running"))
    here = str(Path(__file__).resolve().parents[3])
    try:
        process = subprocess.Popen(
            [sys.executable, "-m", str(__package__), str(folder)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={key: os.environ[key] for key in _ENVIRONMENT if key in os.environ} | {"PYTHONPATH": here},
            start_new_session=True,  # Ctrl-C in the server's terminal is not meant for it
        )
        with contextlib.suppress(psutil.Error):  # it may have ended already, and said how
            began = psutil.Process(process.pid).create_time()
            (folder / PROCESS).write_text(json.dumps([process.pid, began]), "utf-8")
    except OSError as error:
        write_status(folder, ImportStatus("uploaded"))
        raise DataError(f"No process can be started. Received: {error}. Try again, or restart the server.") from error


def import_status(job: str, data_dir: Path) -> ImportStatus:
    """Return how far a background import is.

    Raises:
        DataNotFound: If there is no such job (any more).
    """
    folder = folder_of(job, data_dir)
    status = read_status(folder)
    if status.state != "running" or not (folder / PROCESS).exists() or _process(folder) is not None:
        return status
    status = read_status(folder)  # it may have ended between the two
    if status.state == "running":
        status = ImportStatus(
            "failed",
            message="The import has ended before its time. It may have been short of memory, or the machine was "
            "switched off. Nothing of it is kept; upload the file again.",
        )
        _end(folder, status)
    return status


def cancel_import(job: str, data_dir: Path) -> None:
    """End a background import; nothing of it is left. One that has ended already is left as it is.

    Raises:
        DataNotFound: If there is no such job (any more).
    """
    folder = folder_of(job, data_dir)
    status = read_status(folder)
    if status.ended:
        return
    process = _process(folder)
    if process is not None:
        with contextlib.suppress(psutil.Error):
            family = [process, *process.children(recursive=True)]
            process.terminate()
            for one in psutil.wait_procs(family, _PATIENCE_S)[1]:
                with contextlib.suppress(psutil.Error):
                    one.kill()
    if not read_status(folder).ended:
        _end(folder, ImportStatus("cancelled", message="The import was cancelled. Nothing of it is kept."))


def forget(job: str, data_dir: Path) -> None:
    """Delete the folder of a job, when its end has been seen; one that is not there is no error."""
    with contextlib.suppress(DataError):
        cancel_import(job, data_dir)
        discard(folder_of(job, data_dir))


def _end(folder: Path, status: ImportStatus) -> None:
    shutil.rmtree(folder / VERSION, ignore_errors=True)
    (folder / UPLOAD).unlink(missing_ok=True)
    write_status(folder, status)


def _process(folder: Path) -> psutil.Process | None:
    """Return the process of an import, if it is alive and not another one of its number."""
    try:
        pid, began = json.loads((folder / PROCESS).read_bytes())
        process = psutil.Process(pid)
        if abs(process.create_time() - began) > 1.0:
            return None
        if process.status() == psutil.STATUS_ZOMBIE:
            with contextlib.suppress(psutil.Error, OSError):
                process.wait(0)
            return None
    except (psutil.Error, OSError, ValueError):
        return None
    return process
