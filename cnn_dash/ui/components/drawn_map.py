"""A map of images, computed in the background: places, and small images as tiles of one picture."""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnn_dash.datasets.exploration import image_map, positions
from cnn_dash.datasets.exploration.averaging import thumbnails
from cnn_dash.datasets.exploration.image_map import ImageMap
from cnn_dash.datasets.internal_format import Imported
from cnn_dash.errors import DataError
from cnn_dash.job_process import run_program
from cnn_dash.jobs import Job
from cnn_dash.settings import Settings
from cnn_dash.ui.components.image_map import Tiles, tiles

PCA, TSNE = "PCA", "t-SNE"
KIND_HELP = (
    "PCA is there at once and keeps distances. t-SNE takes a minute or more and keeps neighbours together; its "
    "distances between groups mean nothing. UMAP is not offered: it would bring a compiler of 150 MB."
)
TSNE_LIMIT_S = 1800.0
_TILE_PX = {1: 32, 3: 40}


@dataclass(frozen=True, eq=False)
class DrawnMap:
    """Places of images, and the images.

    Attributes:
        found: Where they are.
        tiles: How they look, in the same order.
    """

    found: ImageMap
    tiles: Tiles


def draw_map(data: Imported, kind: str, settings: Settings, job: Job[DrawnMap]) -> DrawnMap:
    """Arrange the images of a data set by `PCA` or `TSNE`; the work of a job.

    Raises:
        DataError: If t-SNE ended before its time.
    """
    if kind == PCA:
        found = image_map.pca_map(data)
    else:
        found = image_map.tsne_map(data, lambda components: _arranged(settings, components, job))
    job.tell("Making small images")
    return DrawnMap(found, tiles(_small(data, found)))


def _small(data: Imported, found: ImageMap) -> np.ndarray:
    length = positions.chunk_length(data)
    longest = _TILE_PX[data.train_images.shape[3]]
    return np.concatenate(
        [
            thumbnails(positions.images_at(data, found.positions[begin : begin + length]), longest)
            for begin in range(0, len(found.positions), length)
        ]
    )


def _arranged(settings: Settings, components: NDArray[np.float32], job: Job[Any]) -> NDArray[np.float32]:
    """Place components (n, d) on a plane by t-SNE: float32 (n, 2).

    Raises:
        DataError: If that ended before its time.
    """
    with tempfile.TemporaryDirectory(prefix="cnn-dash-tsne-", ignore_cleanup_errors=True) as folder:
        read, write = Path(folder) / "components.npy", Path(folder) / "points.npy"
        np.save(read, components)
        program = "cnn_dash.datasets.exploration.tsne"
        last, code = run_program(job, settings, program, [str(read), str(write)], TSNE_LIMIT_S)
        if "done" not in last:
            raise DataError(
                f"t-SNE has ended before its time. Received: a process that ended with {code}. Allowed: up to "
                f"{TSNE_LIMIT_S / 60:.0f} minutes. Close other programs and try again, or take PCA."
            )
        return np.asarray(np.load(write, allow_pickle=False), np.float32)
