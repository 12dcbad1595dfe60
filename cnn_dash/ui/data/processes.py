"""What the page has done in a process of its own: because it can only be ended so, or because uploads are hostile."""

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnn_dash.datasets.own.background import upload_of
from cnn_dash.datasets.own.inspection import Inspection
from cnn_dash.datasets.own.inspection_file import read_inspection
from cnn_dash.errors import DataError
from cnn_dash.job_process import run_program
from cnn_dash.jobs import Job
from cnn_dash.settings import Settings

_LOOK_LIMIT_S, _TSNE_LIMIT_S = 300.0, 1800.0


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
        last, code = run_program(job, settings, program, [str(path), name, str(found)], _LOOK_LIMIT_S, private=True)
        if "done" not in last:
            raise DataError(
                f"{name} cannot be looked into. Received: a process that ended with {code}, short of memory perhaps or "
                f"after {_LOOK_LIMIT_S:.0f} s. Allowed: files that are read within that. Bring it in parts, or import "
                "it by python -m cnn_dash datasets import."
            )
        return read_inspection(found)


def arranged(settings: Settings, components: NDArray[np.float32], job: Job[Any]) -> NDArray[np.float32]:
    """Place components (n, d) on a plane by t-SNE: float32 (n, 2).

    Raises:
        DataError: If that ended before its time.
    """
    with tempfile.TemporaryDirectory(prefix="cnn-dash-tsne-", ignore_cleanup_errors=True) as folder:
        read, write = Path(folder) / "components.npy", Path(folder) / "points.npy"
        np.save(read, components)
        program = "cnn_dash.datasets.exploration.tsne"
        last, code = run_program(job, settings, program, [str(read), str(write)], _TSNE_LIMIT_S)
        if "done" not in last:
            raise DataError(
                f"t-SNE has ended before its time. Received: a process that ended with {code}. Allowed: up to "
                f"{_TSNE_LIMIT_S / 60:.0f} minutes. Close other programs and try again, or take PCA."
            )
        return np.asarray(np.load(write, allow_pickle=False), np.float32)
