"""Looks into an upload in a process of its own, because uploads are hostile."""

import tempfile
from pathlib import Path

from cnn_dash.datasets.own.background import upload_of
from cnn_dash.datasets.own.inspection import Inspection
from cnn_dash.datasets.own.inspection_file import read_inspection
from cnn_dash.errors import DataError
from cnn_dash.job_process import run_program
from cnn_dash.jobs import Job
from cnn_dash.settings import Settings

_LIMIT_S = 300.0


def inspected(settings: Settings, upload: str, name: str, job: Job[Inspection]) -> Inspection:
    """Look into an upload.

    Args:
        settings: Of the installation.
        upload: Id of the import that it waits for.
        name: What the file is called.
        job: Is told how far it is.

    Raises:
        CnnDashError: If it cannot be imported; the sentence says why.
    """
    with tempfile.TemporaryDirectory(prefix="cnn-dash-look-", ignore_cleanup_errors=True) as folder:
        found = Path(folder) / "found.npz"
        path = upload_of(upload, settings.data_dir)
        program = "cnn_dash.datasets.own.inspecting"
        last, code = run_program(job, settings, program, [str(path), name, str(found)], _LIMIT_S, private=True)
        if "done" not in last:
            raise DataError(
                f"{name} cannot be looked into. Received: a process that ended with {code}, short of memory perhaps or "
                f"after {_LIMIT_S:.0f} s. Allowed: files that are read within that. Bring it in parts, or import "
                "it by python -m cnn_dash datasets import."
            )
        return read_inspection(found)
